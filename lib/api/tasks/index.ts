import { Connection } from "../../core/connection.js";
import { mixin } from "../../core/mixin.js";
import { TaskInspection } from "./inspect.js";
import { TaskList } from "./list.js";
import { TaskLogs } from "./logs.js";

/** The operations on tasks of services. Part of {@link Client}. */
export abstract class TaskApi extends Connection {}
export interface TaskApi extends TaskInspection, TaskList, TaskLogs {}
mixin(TaskApi, [TaskInspection, TaskList, TaskLogs]);
