import type { AgentClient } from "../../lib/agent/client/agent-client.js";
import { AgentError, AgentNotFoundError } from "../../lib/agent/client/errors.js";
import { AbortError } from "../../lib/index.js";
import type { Random } from "../crash/random.js";
import { BOX } from "../support/box-archive.js";

/** What a caller works with. */
export interface Caller {
  readonly client: AgentClient;
  readonly random: Random;
  /** Counts a call. */
  readonly count: (name: string) => void;
}

/** Leads a guest from its creation to its end, with the calls that watch it. @throws the first failure. */
export async function liveOn({ client, random, count }: Caller, id: string): Promise<void> {
  const guest = { id };
  const call = async (name: string, made: PromiseLike<unknown>): Promise<void> => {
    await made;
    count(name);
  };
  const command = ["sh", "-c", "for n in 1 2 3 4 5 6 7 8; do echo line $n; done; sleep 1000"];
  const key = random.below(10) === 0 ? { idempotencyKey: `${id}-${random.text(8)}` } : {};
  const created = { guest: { id, image: BOX, metadata: { soak: id }, container: { command } } };
  if (random.below(10) === 0) {
    const job = await client.startJob("createContainer", created, key);
    await call("job", client.waitForJob(job.id));
  } else await call("createContainer", client.createContainer(created, key));
  await call("startContainer", client.startContainer({ guest }));
  await call("getContainer", client.getContainer({ id }));
  await call("listContainers", client.listContainers({ opts: { all: true } }));
  await call("execContainer", client.execContainer({ id, command: ["echo", id] }));
  await call("getLogs", client.getLogs({ id, tail: 3 }));
  await call("getMetrics", client.getMetrics({ guest, type: "memory" }));
  await call("stream of getLogs", leave(client, id));
  await call("pauseContainer", client.pauseContainer({ guest }));
  await call("unpauseContainer", client.unpauseContainer({ guest }));
  await call("abandoned waitContainer", abandon(client, id, random.below(20)));
  await call("restartContainer", client.restartContainer({ guest, timeout: 0 }));
  await call("stopContainer", client.stopContainer({ guest, timeout: 0 }));
  const image = `${random.of(["files", "saved"]) ?? ""}-${id}`;
  await call("importImage", client.importImage({ id: image }));
  await call("listImages", client.listImages({}));
  await call("deleteImage", client.deleteImage({ id: `mistify-imports/${image}` }));
  await call("deleteContainer", client.deleteContainer({ guest, removeVolumes: true }));
}

/** Follows the output of a guest, and leaves in the middle of it. */
async function leave(client: AgentClient, id: string): Promise<void> {
  let seen = 0;
  for await (const line of client.stream("getLogs", { id, follow: true })) {
    if (line !== undefined) seen += 1;
    if (seen === 3) break;
  }
}

/** Waits for the end of a guest that goes on, and gives up. */
async function abandon(client: AgentClient, id: string, milliseconds: number): Promise<void> {
  try {
    await client.waitContainer({ id }, { timeout: milliseconds });
  } catch (error) {
    if (!(error instanceof AbortError)) throw error;
  }
}

/** Removes what a life that failed has left. Returns whether it is gone. */
export async function bury({ client }: Caller, id: string): Promise<boolean> {
  const removals = [
    client.deleteContainer({ guest: { id }, force: true }),
    ...["files", "saved"].map((kind) => client.deleteImage({ id: `mistify-imports/${kind}-${id}` })),
  ];
  const ends = await Promise.allSettled(removals);
  return ends.every((end) => end.status === "fulfilled" || end.reason instanceof AgentNotFoundError);
}

/** Whether a failure is one that callers can tell. */
export const isTyped = (error: unknown): boolean => error instanceof AgentError;
