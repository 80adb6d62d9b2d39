import { type Client, type ServiceNotConvergedError as NotConverged, ServiceNotConvergedError } from "../../index.js";
import { monotonicTime } from "../../wire/clock.js";
import { pause } from "../pause.js";
import { byAge, isAlive, type OwnedService, tasksOf } from "./owned-service.js";
import type { ServiceSettings } from "./service-spec.js";

/** How often the swarm is asked how far it is, in milliseconds. */
const INTERVAL = 200;

/**
 * Waits until the tasks of a service run. A swarm may take as long as it likes, for example until it has a node for them: after a
 * while, the rest is left to it.
 *
 * @param name - name or ID of the service.
 * @throws an error with the failed task if tasks fail. The swarm has brought back what it replaced then.
 */
export async function settle(client: Client, name: string, { patience }: ServiceSettings, signal: AbortSignal): Promise<void> {
  const options = { id: name, maxFailures: 1, timeout: patience, interval: INTERVAL };
  try {
    await client.waitForService(options, { signal });
  } catch (error) {
    if (!isTimeout(error)) throw error;
    await refuseRollback(client, name, error, signal);
  }
}

/** Managers may wait for a minute until they start again what they bring back: what replaced it has failed by then. */
async function refuseRollback(client: Client, name: string, cause: NotConverged, signal: AbortSignal): Promise<void> {
  const { ID, UpdateStatus } = await client.inspectService({ id: name }, { signal });
  if (UpdateStatus?.State !== "rollback_started") return;
  const tasks = byAge(await client.listTasks({ filters: { service: ID } }, { signal }));
  const failed = tasks.find(({ Status }) => Status.State === "failed" || Status.State === "rejected");
  const task = failed && { id: failed.ID, state: failed.Status.State ?? "", error: failed.Status.Err ?? "", exitCode: undefined };
  throw new ServiceNotConvergedError(name, "rolled-back", task, { cause, operation: cause.operation, endpoint: cause.endpoint });
}

function isTimeout(error: unknown): error is NotConverged {
  return error instanceof ServiceNotConvergedError && error.reason === "timeout";
}

/** Returns what a failed task says, as the words of an engine. */
export function taskProblem(error: unknown): { engineMessage?: string } {
  return error instanceof ServiceNotConvergedError && error.task ? { engineMessage: error.task.error } : {};
}

/** Waits until no task of a service is left. */
export async function untilStopped(client: Client, owned: OwnedService, signal: AbortSignal): Promise<void> {
  while ((await tasksOf(client, owned)).some(isAlive)) await pause(INTERVAL, signal);
}

/** Tries again while the swarm still uses what is to be removed: it lets go of it when the last task has ended. */
export async function whenFree(remove: () => Promise<void>, patience: number, signal: AbortSignal): Promise<void> {
  const end = monotonicTime() + patience;
  for (;;) {
    try {
      await remove();
      return;
    } catch (error) {
      const { status } = error as { status?: unknown };
      if (status === 404) return;
      if (typeof status !== "number" || monotonicTime() > end) throw error;
    }
    await pause(INTERVAL, signal);
  }
}
