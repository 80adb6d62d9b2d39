import * as z from "zod";
import { type Client, type ContainerInspect, NoSuchContainerError } from "../../index.js";
import { containerFor } from "../guest/create.js";
import { guestOf, type GuestState, stateOf } from "../guest/describe.js";
import { KEY_LABEL, OWNER_LABEL } from "../guest/labels.js";
import { checkNics, joinNetworks, splitNetworks } from "../guest/networks.js";
import { RpcError } from "../rpc/rpc-error.js";
import { type Guest, guest } from "../schemas/guest.js";
import { type GuestResponse, guestResponse } from "../schemas/responses.js";
import { type Method, method, type MethodContext } from "./method.js";

/** Parameters of methods about one guest. */
const guestParams = z.strictObject({
  guest: guest.describe("The guest."),
  action: z.string().optional().describe("Ignored. Callers of JSON-RPC 1.0 send it."),
  args: z.record(z.string(), z.string()).optional().describe("Ignored. Callers of JSON-RPC 1.0 send it."),
});

const seconds = z.int().nonnegative();

/** How long a call may take beyond the grace period of a stop, in milliseconds. */
const BASE = 120_000;

/** The grace period that mdocker gave, in seconds. */
const STOP_TIMEOUT = 10;

/** The grace period that mdocker gave before a restart, in seconds. */
const RESTART_TIMEOUT = 60;

const ofGuest = (params: { guest: Guest }): string => params.guest.id;

/** Inspects a guest. @throws an error if it has no such container, or one that the policy keeps callers away from. */
export async function inspectGuest({ client, policy, signal }: MethodContext, id: string): Promise<ContainerInspect> {
  const container = await client.inspectContainer({ id }, { signal });
  if (policy.ownedOnly && container.Config.Labels?.[OWNER_LABEL] === undefined)
    throw new RpcError("policy", `the container ${id} was not created by an agent`, { rule: "ownedOnly", containerId: id });
  return container;
}

/** Checks that a guest may be used, where that takes an inspection. */
export async function assertUsable(context: MethodContext, id: string): Promise<void> {
  if (context.policy.ownedOnly) await inspectGuest(context, id);
}

/** Inspects a guest after a change, and answers with it. @throws an error if it has another state than the change gives it. */
async function answerWith(
  context: MethodContext,
  asked: Guest,
  expected: readonly GuestState[],
  message?: string,
): Promise<GuestResponse> {
  const container = await inspectGuest(context, asked.id);
  const state = stateOf(container);
  if (!expected.includes(state)) {
    const data = { expected: expected.join(" or "), actual: state, containerId: asked.id };
    throw new RpcError("unexpectedState", "unexpected container state", data);
  }
  return answer(context, asked, { ...guestOf(container), state }, message);
}

function answer({ isVersion1 }: MethodContext, asked: Guest, found: Guest, message?: string): GuestResponse {
  if (!isVersion1) return { guest: found, ...(message !== undefined && { message }) };
  // in the order in which mdocker wrote the members
  const { id, type, image, nics, disks, state, ...others } = asked;
  return { guest: { id, type, image, nics, disks, state: found.state ?? state, ...others }, action: "" };
}

const CreateContainer = method({
  summary: "Creates the container of a guest. It is not started.",
  details:
    "The policy is checked before anything reaches the engine. A creation that fails half-way is undone. With an idempotency key, " +
    "a creation that was cut off is found again by its label.",
  params: guestParams,
  result: guestResponse,
  changes: true,
  guest: ofGuest,
  failures: ["notFound", "conflict", "policy", "unexpectedState"],
  async run({ guest: asked }, context) {
    const { client, policy, defaults, key, isResumed, signal } = context;
    const checked = await policy.check(asked);
    const [options, later] = splitNetworks(containerFor(checked, defaults, key), client);
    if (isResumed && key !== undefined) {
      const made = await findMade(context, asked.id, key);
      if (made) {
        await joinNetworks(client, made, later, signal);
        return answer(context, asked, guestOf(await inspectGuest(context, made.Id)));
      }
    }
    if (policy.restrictsImages || policy.restrictsUsers) {
      const name = options.config.Image ?? "";
      const image = await client.inspectImage({ name }, { signal });
      if (policy.restrictsImages) policy.assertOneImage(name, [...image.RepoTags, ...image.RepoDigests]);
      if (!options.config.User) policy.assertUser(image.Config?.User);
    }
    await checkNics(client, asked.nics ?? [], signal);
    try {
      const { Id } = await client.createContainer(options, { signal });
      try {
        const made = await client.inspectContainer({ id: Id }, { signal });
        await joinNetworks(client, made, later, signal);
        const state = stateOf(made);
        if (state !== "stopped")
          throw new RpcError("unexpectedState", "unexpected container state", { expected: "stopped", actual: state });
      } catch (error) {
        await undo(client, Id);
        throw error;
      }
    } catch (error) {
      // the engine may have created it although the caller has left
      if (signal.aborted) await undoAborted(client, asked.id, key);
      throw error;
    }
    return answerWith(context, asked, ["stopped"]);
  },
});

/** Returns the container that an earlier call with the same key has created. */
async function findMade({ client, signal }: MethodContext, id: string, key: string): Promise<ContainerInspect | undefined> {
  try {
    const found = await client.inspectContainer({ id }, { signal });
    return found.Config.Labels?.[KEY_LABEL] === key ? found : undefined;
  } catch (error) {
    if (error instanceof NoSuchContainerError) return undefined;
    throw error;
  }
}

async function undo(client: Client, id: string): Promise<void> {
  await client.removeContainer({ id, force: true, removeVolumes: true });
}

/** Removes the container that an aborted call has created, and no other one of the same name. */
async function undoAborted(client: Client, id: string, key: string | undefined): Promise<void> {
  try {
    const { Id, Config, State } = await client.inspectContainer({ id });
    const isOurs = Config.Labels?.[OWNER_LABEL] === id && Config.Labels[KEY_LABEL] === key && State.Status === "created";
    if (isOurs) await undo(client, Id);
  } catch (error) {
    if (!(error instanceof NoSuchContainerError)) throw error;
  }
}

const DeleteContainer = method({
  summary: "Removes the container of a guest.",
  params: guestParams.extend({
    force: z.boolean().optional().describe("Whether a running guest is killed first. false by default: it is a conflict."),
    removeVolumes: z.boolean().optional().describe("Whether its anonymous volumes are removed as well. false by default."),
  }),
  result: guestResponse,
  changes: true,
  guest: ofGuest,
  failures: ["notFound", "conflict", "policy"],
  async run({ guest: asked, force, removeVolumes }, context) {
    const { client, isResumed, signal } = context;
    try {
      const found = guestOf(await inspectGuest(context, asked.id));
      await client.removeContainer({ id: asked.id, force, removeVolumes }, { signal });
      return answer(context, asked, { ...found, state: "deleted" });
    } catch (error) {
      if (!isResumed || !(error instanceof NoSuchContainerError)) throw error;
      return answer(context, asked, { ...asked, state: "deleted" }); // the call that was cut off removed it
    }
  },
});

/** What distinguishes a method that changes the state of a guest from others. */
interface StateMethod<P extends z.ZodObject> extends Pick<Method<P>, "summary" | "details" | "timeout" | "failures"> {
  readonly params: P;
  /** The states that the guest may have afterwards. */
  readonly expected: readonly GuestState[];
  /** Whether it waits for other calls about the guest. true by default. */
  readonly waits?: boolean;
  /** Changes the state. Resolves to a remark for the caller, if there is one. */
  readonly change: (client: Client, params: z.output<P>, call: { signal: AbortSignal }) => Promise<string | undefined>;
}

/** Declares a method that changes the state of a guest. */
function stateMethod<P extends typeof guestParams>(declared: StateMethod<P>): Method<P, typeof guestResponse> {
  const { expected, change, waits = true, failures = [], ...rest } = declared;
  return method({
    ...rest,
    result: guestResponse,
    changes: true,
    ...(waits && { guest: ofGuest }),
    failures: ["notFound", "policy", "unexpectedState", ...failures],
    async run(params, context) {
      await assertUsable(context, params.guest.id);
      const message = await change(context.client, params, { signal: context.signal });
      return answerWith(context, params.guest, expected, message);
    },
  });
}

const StartContainer = stateMethod({
  summary: "Starts a guest. A guest that runs already is no failure.",
  params: guestParams,
  failures: ["conflict"],
  expected: ["running"],
  async change(client, { guest: { id } }, call) {
    const { alreadyInState } = await client.startContainer({ id }, call);
    return alreadyInState ? "the guest was running before" : undefined;
  },
});

const stopParams = guestParams.extend({
  timeout: seconds.optional().describe("Seconds between the stop signal and SIGKILL. 10 by default, 60 for a restart."),
});

const StopContainer = stateMethod({
  summary: "Stops a guest. A guest that does not run is no failure.",
  params: stopParams,
  timeout: ({ timeout = STOP_TIMEOUT }) => BASE + timeout * 1000,
  expected: ["stopped"],
  async change(client, { guest: { id }, timeout = STOP_TIMEOUT }, call) {
    const { alreadyInState } = await client.stopContainer({ id, timeout }, call);
    return alreadyInState ? "the guest was stopped before" : undefined;
  },
});

/** Declares a method that stops and starts a guest. */
const restart = (summary: string): Method<typeof stopParams, typeof guestResponse> =>
  stateMethod({
    summary,
    params: stopParams,
    timeout: ({ timeout = RESTART_TIMEOUT }) => BASE + timeout * 1000,
    expected: ["running"],
    async change(client, { guest: { id }, timeout = RESTART_TIMEOUT }, call) {
      await client.restartContainer({ id, timeout }, call);
      return undefined;
    },
  });

const RestartContainer = restart("Stops a guest, if it runs, and starts it.");

const RebootContainer = restart("Does what RestartContainer does, under another name of mdocker's.");

const PauseContainer = stateMethod({
  summary: "Pauses all processes of a guest.",
  params: guestParams,
  failures: ["conflict"],
  expected: ["paused"],
  async change(client, { guest: { id } }, call) {
    await client.pauseContainer({ id }, call);
    return undefined;
  },
});

const UnpauseContainer = stateMethod({
  summary: "Resumes all processes of a paused guest.",
  params: guestParams,
  failures: ["conflict"],
  expected: ["running"],
  async change(client, { guest: { id } }, call) {
    await client.unpauseContainer({ id }, call);
    return undefined;
  },
});

const KillContainer = stateMethod({
  summary: "Sends a signal to a guest. It does not wait for other calls about the guest, since it may be what ends them.",
  details: "The guest of the answer is what an inspection right after the signal says: it may still be running.",
  params: guestParams.extend({
    signal: z.string().min(1).optional().describe("The signal, by name or number. SIGKILL by default."),
  }),
  failures: ["conflict"],
  expected: ["running", "stopped", "paused"],
  waits: false,
  async change(client, { guest: { id }, signal }, call) {
    await client.killContainer({ id, signal }, call);
    return undefined;
  },
});

/** The methods that change guests. */
export const guestMethods = {
  CreateContainer,
  DeleteContainer,
  StartContainer,
  StopContainer,
  RestartContainer,
  RebootContainer,
  PauseContainer,
  UnpauseContainer,
  KillContainer,
};
