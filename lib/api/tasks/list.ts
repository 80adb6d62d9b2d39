import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { OneOf } from "../../types/util.js";
import type { Task } from "../../types/task.js";
import { taskListErrors } from "./errors.js";

/** What tasks are listed. A filter with several values takes tasks that have any of them. */
export type ListTasksFilters = {
  /** How they should be. */
  "desired-state"?: OneOf<"running" | "shutdown" | "accepted"> | undefined;
  /** The start of their ID. */
  id?: FilterValue | undefined;
  /** A label that they have: `name` or `name=value`. Unlike with other filters, they have all that are given. */
  label?: FilterValue | undefined;
  /** The start of their name, which is that of their service with a number. */
  name?: FilterValue | undefined;
  /** Their node, by ID or host name. */
  node?: FilterValue | undefined;
  /** Their service, by name or ID. */
  service?: FilterValue | undefined;
  /** What they are. By default containers. Never documented. */
  runtime?: OneOf<"container" | "plugin"> | undefined;
  /** When given, only those that are as their service now wants them. Never documented. API 1.29+. */
  "_up-to-date"?: true | undefined;
};

/** Options of {@link Client.listTasks}. */
export interface ListTasksOptions {
  /** What to list. */
  filters?: ListTasksFilters | undefined;
}

const listTasks = operation<ListTasksOptions>({
  name: "listTasks",
  method: "GET",
  path: "/tasks",
  fields: { filters: filters<ListTasksFilters>({ "_up-to-date": "1.29" }) },
  errors: () => taskListErrors,
});

/** Mixed into {@link Client}. */
export default abstract class TaskListMixin extends Connection {
  /**
   * Lists the tasks of the swarm, and of those that have ended the last few of each place.
   *
   * @category Tasks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/TaskList | TaskList}
   * @throws {@link NoSuchServiceError} when there is no service such as the filter names.
   * @throws {@link NoSuchNodeError} when there is no node such as the filter names.
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link SwarmLockedError} when it waits to be unlocked.
   * @example
   * ```ts
   * const tasks = await client.listTasks({ filters: { service: "web", "desired-state": "running" } });
   * ```
   */
  async listTasks(options: ListTasksOptions = {}, call?: CallOptions): Promise<Task[]> {
    return (await this.json<Task[] | null, ListTasksOptions>(listTasks, options, call)) ?? [];
  }
}
