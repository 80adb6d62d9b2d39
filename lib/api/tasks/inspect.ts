import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { Task } from "../../types/task.js";

/** Options for {@link Client.inspectTask}. */
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
   * Returns details of a task. `Status.Err` contains its error, and `Status.ContainerStatus` its container.
   *
   * @category Tasks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/TaskInspect | TaskInspect}
   * @throws {@link NoSuchTaskError} when the task does not exist, or the swarm no longer keeps its record.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   */
  inspectTask(options: InspectTaskOptions, call?: CallOptions): Promise<Task> {
    return this.json(inspectTask, options, call);
  }
}
