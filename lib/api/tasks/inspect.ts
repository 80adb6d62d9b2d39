import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import type { Task } from "../../types/task.js";

/** Options of {@link Client.inspectTask}. */
export interface InspectTaskOptions {
  /** ID of the task. */
  id: string;
}

const inspectTask = operation<InspectTaskOptions>({
  name: "inspectTask",
  method: "GET",
  path: "/tasks/{id}",
  fields: { id: pathParam },
  errors: ({ id }) => swarmObjectErrors("task", id),
});

/** Mixed into {@link Client}. */
export default abstract class TaskInspectMixin extends Connection {
  /**
   * Tells everything about one task. `Status.Err` tells what is wrong with it, and `Status.ContainerStatus` its container.
   *
   * @category Tasks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/TaskInspect | TaskInspect}
   * @throws {@link NoSuchTaskError} when the swarm has no such task, or has forgotten it.
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link SwarmLockedError} when it waits to be unlocked.
   */
  inspectTask(options: InspectTaskOptions, call?: CallOptions): Promise<Task> {
    return this.json(inspectTask, options, call);
  }
}
