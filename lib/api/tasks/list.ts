import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { Task } from "../../types/task.js";
import type { OneOf } from "../../types/util.js";
import { taskListErrors } from "./errors.js";

/** Filters for tasks. A filter with several values matches tasks that match any of them. */
export type ListTasksFilters = {
  /** Desired state of the task. */
  "desired-state"?: OneOf<"running" | "shutdown" | "accepted"> | undefined;
  /** Prefix of the ID. */
  id?: FilterValue | undefined;
  /** Label: `name` or `name=value`. Unlike with other filters, all values must match. */
  label?: FilterValue | undefined;
  /** Prefix of the name, which consists of the service's name and a number. */
  name?: FilterValue | undefined;
  /** ID or host name of the task's node. */
  node?: FilterValue | undefined;
  /** ID or name of the task's service. */
  service?: FilterValue | undefined;
  /** Runtime of the task. Defaults to `container`. Not documented by Docker. */
  runtime?: OneOf<"container" | "plugin"> | undefined;
  /** Matches only tasks that match the service's current spec. Not documented by Docker. API 1.29+. */
  "_up-to-date"?: true | undefined;
};

/** Options for {@link Client.listTasks}. */
export interface ListTasksOptions {
  /** Filters for the tasks to list. */
  filters?: ListTasksFilters | undefined;
}

const listTasks = operation<ListTasksOptions>({
  name: "listTasks",
  method: "GET",
  path: "/tasks",
  fields: {
    filters: filters<ListTasksFilters>({
      "desired-state": true,
      id: true,
      label: true,
      name: true,
      node: true,
      service: true,
      runtime: true,
      "_up-to-date": "1.29",
    }),
  },
  errors: () => taskListErrors,
});

/** Mixed into {@link Client}. */
export default abstract class TaskListMixin extends Connection {
  /**
   * Lists the tasks of the swarm, including the most recent ended tasks of each slot.
   *
   * @category Tasks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/TaskList | TaskList}
   * @throws {@link NoSuchServiceError} when the service in the filter does not exist.
   * @throws {@link NoSuchNodeError} when the node in the filter does not exist.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   * @example
   * ```ts
   * const tasks = await client.listTasks({ filters: { service: "web", "desired-state": "running" } });
   * ```
   */
  async listTasks(options: ListTasksOptions = {}, call?: CallOptions): Promise<Task[]> {
    return this.json(listTasks, options, call);
  }
}
