import type { AgentClient, AgentMethodName, AgentParams } from "../../../lib/agent/client/agent-client.js";
import { AgentCallError, AgentConnectionError } from "../../../lib/agent/client/errors.js";
import { BOX } from "../../support/box-archive.js";
import type { Random } from "../random.js";

/** A call with an idempotency key, and what became of it. */
export interface Asked {
  readonly kind: StepName;
  readonly key: string;
  readonly method: AgentMethodName;
  readonly params: object;
  /** The guest or the image that it is about. */
  readonly id: string;
  /** What the first answer was, as JSON. Undefined as long as there is none. */
  outcome?: string;
}

/** A caller, whose guests nobody else uses. */
export interface Caller {
  readonly name: string;
  readonly random: Random;
  readonly asked: Asked[];
  /** The guests that it has. */
  readonly guests: Set<string>;
  /** The names of the images that it has, by ID. */
  readonly images: Map<string, readonly string[]>;
}

type Step = (caller: Caller, id: string) => Pick<Asked, "id" | "method" | "params"> | undefined;

const some = ({ random, guests }: Caller): string | undefined => random.of([...guests]);

const create: Step = (_, id) => ({
  id,
  method: "createContainer",
  params: { guest: { id, image: BOX, metadata: { id }, container: { command: ["sleep", "1000"] } } },
});

/** Declares a call about a new image, which its service has as an archive of files or as a saved image. */
const image =
  (method: AgentMethodName): Step =>
  ({ random }, number) => {
    const id = `${random.of(["files", "saved"]) ?? ""}-${number}`;
    return { id, method, params: { id } };
  };

const importImage = image("importImage");
const loadImage = image("loadImage");

/** Declares a call about a guest that there is. */
const about =
  (method: AgentMethodName, more: object = {}): Step =>
  (caller) => {
    const id = some(caller);
    return id === undefined ? undefined : { id, method, params: { guest: { id }, ...more } };
  };

/** The calls that are made. What ends with `Job` is a job. */
const steps = {
  create,
  createJob: create,
  importImage,
  importImageJob: importImage,
  loadImage,
  loadImageJob: loadImage,
  start: about("startContainer"),
  startJob: about("startContainer"),
  stop: about("stopContainer", { timeout: 0 }),
  remove: about("deleteContainer", { force: true }),
  removeJob: about("deleteContainer", { force: true }),
} satisfies Record<string, Step>;

/** The name of a kind of calls. */
type StepName = keyof typeof steps;

const names = Object.keys(steps) as StepName[];

/** Makes a call. Returns its result as JSON, or the error that the agent answered with. @throws other errors. */
export async function make({ method, params, key }: Asked, client: AgentClient, isJob: boolean): Promise<string> {
  try {
    const typed = params as AgentParams<typeof method>; // each step's own
    if (!isJob) return JSON.stringify(await client.call(method, typed, { idempotencyKey: key }));
    const { id } = await client.startJob(method, typed, { idempotencyKey: key });
    return JSON.stringify(await client.waitForJob(id));
  } catch (error) {
    if (error instanceof AgentCallError) return `refused: ${error.message} ${JSON.stringify(error.data)}`;
    throw error;
  }
}

/** Notes the first answer to a call, and what it changes. */
export function settle(caller: Caller, asked: Asked, outcome: string): void {
  const { kind, id } = asked;
  asked.outcome = outcome;
  if (outcome.startsWith("refused")) return;
  if (kind.startsWith("create")) caller.guests.add(id);
  else if (kind.startsWith("remove")) caller.guests.delete(id);
  else if (kind.startsWith("import")) caller.images.set(id, [`mistify-imports/${id}:latest`]);
  else if (kind.startsWith("load")) caller.images.set(id, [`${id}:latest`, `mistify-imports/${id}:latest`]);
}

/** Makes calls until the agent is gone. Answers with what was wrong. */
export async function callOn(caller: Caller, client: AgentClient): Promise<string[]> {
  const faults: string[] = [];
  for (;;) {
    const kind = caller.random.of(names) ?? "create";
    const id = `${caller.name}-${caller.asked.length}`;
    const step = steps[kind](caller, id);
    if (!step) continue;
    const asked: Asked = { kind, key: `key-of-${id}-${caller.random.text(8)}`, ...step };
    caller.asked.push(asked);
    try {
      const outcome = await make(asked, client, kind.endsWith("Job"));
      settle(caller, asked, outcome);
      if (outcome.startsWith("refused")) faults.push(`${kind} ${asked.id} is ${outcome}`);
    } catch (error) {
      if (!(error instanceof AgentConnectionError)) faults.push(`${kind} ${asked.id} ended with ${String(error)}`);
      return faults;
    }
  }
}
