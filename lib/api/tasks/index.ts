import { Connection } from "../../core/connection.js";
import { type Merged, mixin } from "../../core/mixin.js";
import TaskInspectMixin from "./inspect.js";
import TaskListMixin from "./list.js";
import TaskLogsMixin from "./logs.js";

export * from "./inspect.js";
export * from "./list.js";
export * from "./logs.js";

const parts = [TaskInspectMixin, TaskListMixin, TaskLogsMixin] as const;

/** The operations on tasks of a swarm. Mixed into {@link Client}. */
abstract class TaskApi extends Connection {}
interface TaskApi extends Merged<typeof parts> {}
mixin(TaskApi, parts);

export default TaskApi;
