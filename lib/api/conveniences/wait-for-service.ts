import { atLeast } from "../../wire/api-version.js";
import { boundedCall, pause } from "../../core/deadline.js";
import type { CallOptions } from "../../core/call-options.js";
import { validTimeout } from "../../core/request.js";
import { AbortError } from "../../errors/connection-errors.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import { type NotConvergedReason, ServiceNotConvergedError } from "../../errors/wait-errors.js";
import type { Service } from "../../types/service.js";
import type { Task } from "../../types/task.js";
import { Convergence, isGlobal, isJob, type ServiceLook, mostRelevantTask } from "./convergence.js";
import { Resources } from "./resources.js";

/** Options of {@link Client.waitForService}. */
export interface WaitForServiceOptions {
  /** ID or name of the service. */
  id: string;
  /**
   * For how many milliseconds its tasks must have run. By default as long as an update of it watches them: `UpdateConfig.Monitor`
   * of the spec, else 5 seconds. Where an update is waited for, the managers have watched its tasks, and this does not count.
   */
  stableFor?: number | undefined;
  /**
   * How many tasks in one place, that is of one number or on one node, must fail while it waits for it to give up. By default 3; fewer
   * where the service's restart policy does not replace as many.
   */
  maxFailures?: number | undefined;
  /** After how many milliseconds it gives up, with what is wrong then. By default never: the call's own timeout bounds it too. */
  timeout?: number | undefined;
  /** Milliseconds between looks at the service. By default 500. */
  interval?: number | undefined;
}

/** What {@link Client.waitForService} has waited for. */
export interface ConvergedService {
  /** The service, as it was last seen. */
  service: Service;
  /** The tasks that run; of a job, those that have succeeded. */
  tasks: readonly Task[];
}

/** API version from which on engines tell which tasks are as their service now wants them. */
const UP_TO_DATE_VERSION = "1.29";

/** Mixed into {@link Client}. */
export default abstract class WaitForServiceMixin extends Resources {
  /**
   * Waits until a service is what it is to be: as many tasks as are wanted run, all of them as the spec now says, and no update is
   * under way. Of a job, as many as are wanted must have succeeded. A rollback that was asked for is waited for like an update.
   *
   * @category Conveniences
   * @throws {@link ServiceNotConvergedError} when tasks fail, an update is paused or was rolled back because of that, or `timeout` is
   * over. It holds the failing task and what is wrong with it.
   * @throws {@link NoSuchServiceError} when the swarm has no such service, or it is removed meanwhile.
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link InvalidOptionError} when an option is not a number that makes sense.
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
      const over = time === 0 ? undefined : AbortSignal.timeout(time);
      const signals = [inner.signal, over].filter((signal) => signal !== undefined);
      try {
        return await wait(this, { ...options, maxFailures, interval }, { ...inner, signal: AbortSignal.any(signals) }, seen);
      } catch (error) {
        if (!(error instanceof AbortError) || !over?.aborted || inner.signal?.aborted) throw error;
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

/** Looks at the service until it is what it is to be. */
async function wait(
  client: Resources,
  { id, stableFor, maxFailures, interval }: WaitForServiceOptions & { maxFailures: number; interval: number },
  call: CallOptions,
  seen: { last?: ServiceLook },
): Promise<ConvergedService> {
  const convergence = new Convergence(maxFailures, stableFor);
  for (;;) {
    const look = (seen.last = await lookAt(client, id, call));
    const verdict = convergence.judge(look, performance.now());
    if (verdict && "tasks" in verdict) return { service: look.service, tasks: verdict.tasks };
    if (verdict) throw await notConverged(client, id, verdict.failure, look, call);
    await pause(NAME, interval, call);
  }
}

/** Looks at the service and its tasks. */
async function lookAt(client: Resources, id: string, call: CallOptions): Promise<ServiceLook> {
  const service = await client.inspectService({ id }, call);
  const mine = { service: service.ID };
  const isNew = atLeast(await client.negotiate(call), UP_TO_DATE_VERSION);
  if (!isJob(service) && isNew) {
    const current = await client.listTasks({ filters: { ...mine, "_up-to-date": true } }, call);
    return { service, current, all: isGlobal(service) ? await client.listTasks({ filters: mine }, call) : current };
  }
  const all = await client.listTasks({ filters: mine }, call);
  const run = (iteration: Task["JobIteration"]) => iteration?.Index ?? 0;
  return { service, all, current: all.filter(({ JobIteration }) => run(JobIteration) === run(service.JobStatus?.JobIteration)) };
}

/** The error that tells what is wrong. */
async function notConverged(
  client: Resources,
  id: string,
  reason: NotConvergedReason,
  { service, current }: ServiceLook,
  call: CallOptions,
): Promise<ServiceNotConvergedError> {
  // after a rollback the tasks that failed are not as the service now wants them
  const task =
    mostRelevantTask(service, current) ??
    mostRelevantTask(service, await client.listTasks({ filters: { service: service.ID } }, call));
  return new ServiceNotConvergedError(id, reason, task, { operation: NAME, endpoint: client.endpoint });
}
