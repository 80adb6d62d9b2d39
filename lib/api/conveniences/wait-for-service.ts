import { readAnswer } from "../../core/answers/read.js";
import type { CallOptions } from "../../core/call-options.js";
import { boundedCall, Deadline, pause } from "../../core/deadline.js";
import { validTimeout } from "../../core/request.js";
import { composite, type OptionKinds } from "../../core/signatures.js";
import { AbortError } from "../../errors/connection-errors.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import { type NotConvergedReason, ServiceNotConvergedError } from "../../errors/wait-errors.js";
import type { Service } from "../../types/service.js";
import type { Task } from "../../types/task.js";
import { atLeast } from "../../wire/api-version.js";
import { monotonicTime } from "../../wire/clock.js";
import { Convergence, isGlobal, isJob, mostRelevantTask, type ServiceLook } from "./convergence.js";
import { Resources } from "./resources.js";

/** Options for {@link Client.waitForService}. */
export interface WaitForServiceOptions {
  /** ID or name of the service. */
  id: string;
  /**
   * How long the tasks must have been running, in milliseconds. Defaults to `UpdateConfig.Monitor` in the spec, or to 5
   * seconds. Ignored after an update, because the managers have already monitored its tasks.
   */
  stableFor?: number | undefined;
  /**
   * Number of failed tasks in one slot, or on one node, after which the wait fails. Defaults to 3, or less if the restart
   * policy of the service allows fewer replacements.
   */
  maxFailures?: number | undefined;
  /**
   * Timeout in milliseconds. Defaults to no timeout. The error contains the failing task, unlike the error for the timeout of
   * the call, which also applies.
   */
  timeout?: number | undefined;
  /** Polling interval in milliseconds. Defaults to 500. */
  interval?: number | undefined;
}

/** Result of {@link Client.waitForService}. */
export interface ConvergedService {
  /** The converged service. */
  service: Service;
  /** The running tasks or, for a job, the completed tasks. */
  tasks: readonly Task[];
}

/** API version that introduced the filter `_up-to-date`, which selects the tasks that match the current spec. */
const UP_TO_DATE_VERSION = "1.29";

composite("waitForService", {
  id: "required",
  stableFor: "optional",
  maxFailures: "optional",
  timeout: "optional",
  interval: "optional",
} satisfies OptionKinds<WaitForServiceOptions>);

/** Mixed into {@link Client}. */
export default abstract class WaitForServiceMixin extends Resources {
  /**
   * Waits until a service has converged: the required number of tasks is running, all of them match the current spec, and no
   * update or rollback is in progress. For a job, the required number of tasks must have completed.
   *
   * @category Conveniences
   * @throws {@link ServiceNotConvergedError} when tasks fail, an update is paused or rolled back because of failed tasks, or
   * `timeout` expires. The error contains the failing task and its error message.
   * @throws {@link NoSuchServiceError} when the service does not exist or is removed during the wait.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link InvalidOptionError} when an option is out of range.
   * @example
   * ```ts
   * await client.updateService({ id: "web", spec: (spec) => ({ ...spec, Mode: { Replicated: { Replicas: 5 } } }) });
   * const { tasks } = await client.waitForService({ id: "web", timeout: 120_000 });
   * ```
   */
  async waitForService(options: WaitForServiceOptions, call?: CallOptions): Promise<ConvergedService> {
    const { timeout, maxFailures = 3, stableFor, interval = 500 } = options;
    if (!(interval > 0)) refuse("interval", "a time in milliseconds");
    if (!(stableFor === undefined || stableFor >= 0)) refuse("stableFor", "a time in milliseconds");
    if (!(maxFailures >= 1)) refuse("maxFailures", "a number, 1 or more");
    const time = timeout === undefined ? 0 : validTimeout("timeout", timeout);
    const seen: { last?: ServiceLook } = {};
    return boundedCall(NAME, call, async (inner) => {
      using limit = new Deadline(time, inner.signal);
      try {
        return await wait(this, { ...options, maxFailures, interval }, { ...inner, signal: limit.signal }, seen);
      } catch (error) {
        if (!(error instanceof AbortError) || !limit.timedOut) throw error;
        const task = seen.last && mostRelevantTask(seen.last.service, seen.last.current);
        throw new ServiceNotConvergedError(options.id, "timeout", task, { operation: NAME, endpoint: this.endpoint });
      }
    });
  }
}

const NAME = "waitForService";

function refuse(option: string, expected: string): never {
  throw new InvalidOptionError(option, `${NAME}: option "${option}" must be ${expected}`, { operation: NAME });
}

/** Polls the service until it has converged. */
async function wait(
  client: Resources,
  { id, stableFor, maxFailures, interval }: WaitForServiceOptions & { maxFailures: number; interval: number },
  call: CallOptions,
  seen: { last?: ServiceLook },
): Promise<ConvergedService> {
  const convergence = new Convergence(maxFailures, stableFor);
  for (;;) {
    const look = (seen.last = await lookAt(client, id, call));
    const verdict = readAnswer("listTasks", client.endpoint, () => convergence.judge(look, monotonicTime()));
    if (verdict && "tasks" in verdict) return { service: look.service, tasks: verdict.tasks };
    if (verdict) throw await notConverged(client, id, verdict.failure, look, call);
    await pause(NAME, interval, call);
  }
}

/** Returns a snapshot of the service and its tasks. */
async function lookAt(client: Resources, id: string, call: CallOptions): Promise<ServiceLook> {
  const service = await client.inspectService({ id }, call);
  const [ofJob, ofAllNodes] = readAnswer("inspectService", client.endpoint, () => [isJob(service), isGlobal(service)] as const);
  const mine = { service: service.ID };
  const isNew = atLeast(await client.negotiate(call), UP_TO_DATE_VERSION);
  if (!ofJob && isNew) {
    const current = await client.listTasks({ filters: { ...mine, "_up-to-date": true } }, call);
    return { service, current, all: ofAllNodes ? await client.listTasks({ filters: mine }, call) : current };
  }
  const all = await client.listTasks({ filters: mine }, call);
  const run = (iteration: Task["JobIteration"]) => iteration?.Index ?? 0;
  const current = readAnswer("listTasks", client.endpoint, () =>
    all.filter(({ JobIteration }) => run(JobIteration) === run(service.JobStatus?.JobIteration)),
  );
  return { service, all, current };
}

/** Creates the error for a service that failed to converge, with the failing task. */
async function notConverged(
  client: Resources,
  id: string,
  reason: NotConvergedReason,
  { service, current }: ServiceLook,
  call: CallOptions,
): Promise<ServiceNotConvergedError> {
  // after a rollback, the failed tasks do not match the current spec
  const task =
    mostRelevantTask(service, current) ??
    mostRelevantTask(service, await client.listTasks({ filters: { service: service.ID } }, call));
  return new ServiceNotConvergedError(id, reason, task, { operation: NAME, endpoint: client.endpoint });
}
