import * as z from "zod";
import { clearTimeout, setTimeout } from "../../wire/clock.js";
import { FAILURES } from "../errors.js";
import type { JobResponse } from "../response/job-response.js";
import { containerOptions } from "../schemas.js";
import type { Direction } from "../transitions.js";
import { copy } from "./copy.js";
import { makeRequest, type RequestKind } from "./kind.js";
import type { JobContext, JobRequest } from "./request.js";

/** Names a container. @category Jobs */
export interface ContainerOptions {
  /** Identifier of the container. */
  readonly id: string;
}

/** A container to stop. @category Jobs */
export interface StoppedContainerStateOptions extends ContainerOptions {
  /** Whether the response ends when the container has stopped, with what it wrote last. true by default. */
  readonly wait?: boolean | undefined;
}

/** A container to remove. @category Jobs */
export interface DeleteContainerOptions extends ContainerOptions {
  /** Whether the volumes of the container are removed, whose content otherwise waits for a new installation. false by default. */
  readonly removeVolumes?: boolean | undefined;
}

/** How long a container may take to stop, in milliseconds. */
const STOP_TIMEOUT = 15_000;

/** How long the log of a container that has stopped may take to end, in milliseconds. */
const LOG_END = 2_000;

/** Does a transition of a container. */
async function transition(id: string, direction: Direction, { backEnd, transitions, signal }: JobContext): Promise<void> {
  await transitions.run(id, direction, await backEnd.state(id), () => backEnd[direction](id, signal));
}

async function accept(response: JobResponse, text: string): Promise<void> {
  await response.successWithWrite("accepted").write(`${text}\n`);
}

const started: RequestKind<ContainerOptions, undefined> = {
  name: "StartedContainerStateRequest",
  failure: FAILURES.containerStartFailed,
  schema: containerOptions,
  label: ({ id }) => id,
  async execute({ id }, response, context) {
    await transition(id, "start", context);
    await accept(response, `Container ${id} starting`);
  },
};

const restarted: RequestKind<ContainerOptions, undefined> = {
  name: "RestartContainerRequest",
  failure: FAILURES.containerRestartFailed,
  schema: containerOptions,
  label: ({ id }) => id,
  async execute({ id }, response, context) {
    await transition(id, "restart", context);
    await accept(response, `Container ${id} restarting`);
  },
};

const stopped: RequestKind<StoppedContainerStateOptions, undefined> = {
  name: "StoppedContainerStateRequest",
  failure: FAILURES.containerStopFailed,
  schema: containerOptions.extend({ wait: z.boolean().optional() }),
  label: ({ id }) => id,
  async execute({ id, wait = true }, response, context) {
    if (wait) return stopWhileLogging(id, response, context);
    await transition(id, "stop", context);
    await accept(response, `Container ${id} is stopping`);
  },
};

/** Stops a container, and writes what it writes meanwhile. The last line says how it ended. */
async function stopWhileLogging(id: string, response: JobResponse, context: JobContext): Promise<void> {
  const { backEnd, transitions, signal } = context;
  const state = await backEnd.state(id);
  const follow = new AbortController();
  const heard = AbortSignal.any([signal, response.writeClosed(), follow.signal]);
  let begun: ReturnType<JobResponse["successWithWrite"]> | undefined;
  try {
    const isDone = await transitions.run(id, "stop", state, async () => {
      const writer = (begun = response.successWithWrite("accepted", { flush: true }));
      const log = await backEnd.log(id, 0, heard).catch(() => undefined); // stopping matters more
      const written = copy(log, writer.write.bind(writer), heard);
      await backEnd.stop(id, AbortSignal.any([signal, AbortSignal.timeout(STOP_TIMEOUT)]));
      // the log ends with the container
      const limit = setTimeout(() => follow.abort(), LOG_END);
      await written;
      clearTimeout(limit);
      await writer.write(`Container ${id} is stopped\n`);
    });
    if (!isDone) await accept(response, `Container ${id} is stopped`);
  } catch (error) {
    follow.abort();
    if (!begun) throw error;
    await begun.write(`Could not stop container ${id}\n`);
  }
}

const deleted: RequestKind<DeleteContainerOptions, undefined> = {
  name: "DeleteContainerRequest",
  failure: FAILURES.deleteContainerFailed,
  schema: containerOptions.extend({ removeVolumes: z.boolean().optional() }),
  label: ({ id }) => id,
  async execute({ id, removeVolumes = false }, response, { backEnd, signal }) {
    await backEnd.remove(id, removeVolumes, signal);
    await backEnd.store.links.remove(id);
    response.success("ok");
  },
};

const purged: RequestKind<object, undefined> = {
  name: "PurgeContainersRequest",
  failure: FAILURES.containerStopFailed,
  schema: z.strictObject({}),
  async execute(_options, response, { backEnd, signal }) {
    for (const { id, activeState } of await backEnd.containers())
      if (activeState !== "inactive" && activeState !== "failed") await backEnd.stop(id, signal);
    response.success("ok");
  },
};

/** Asks for a container to run, now and when the engine starts. @category Jobs */
export function startedContainerStateRequest(options: ContainerOptions): JobRequest {
  return makeRequest(started, options);
}

/** Asks for a container to stop, and to stay down when the engine starts. @category Jobs */
export function stoppedContainerStateRequest(options: StoppedContainerStateOptions): JobRequest {
  return makeRequest(stopped, options);
}

/** Asks for a restart of a container, which then has the environment and the links that are stored now. @category Jobs */
export function restartContainerRequest(options: ContainerOptions): JobRequest {
  return makeRequest(restarted, options);
}

/** Asks for the removal of a container. Succeeds if it does not exist. Its environment stays. @category Jobs */
export function deleteContainerRequest(options: DeleteContainerOptions): JobRequest {
  return makeRequest(deleted, options);
}

/** Asks for all containers to stop, and to stay down when the engine starts. @category Jobs */
export function purgeContainersRequest(): JobRequest {
  return makeRequest(purged, {});
}
