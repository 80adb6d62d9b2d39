import type { CallOptions } from "../../core/call-options.js";
import { flag, pathParam } from "../../core/fields/fields.js";
import { logOutput, type LogOutputOptions, logOutputFields, withBothStreams } from "../../core/log-output.js";
import { operation } from "../../core/operation.js";
import { askForTty } from "../../streams/output.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import type { WithOutput } from "../../streams/forward.js";
import type { FrameStream } from "../../streams/frame-stream.js";
import TaskInspectMixin from "./inspect.js";

/** Options of {@link Client.taskLogs}. */
export interface TaskLogsOptions extends LogOutputOptions {
  /** ID of the task. */
  id: string;
  /** Whether to wait for more until the task ends. By default false. */
  follow?: boolean | undefined;
  /**
   * Whether each line begins with what the log driver was told to keep, and with the node, the service and the task that it comes
   * from, as `com.docker.swarm.node.id=…,com.docker.swarm.service.id=…,com.docker.swarm.task.id=…`. By default false.
   */
  details?: boolean | undefined;
}

const taskLogs = operation<TaskLogsOptions>({
  name: "taskLogs",
  method: "GET",
  path: "/tasks/{id}/logs",
  since: "1.29",
  longRunning: true,
  fields: { id: pathParam, ...logOutputFields, details: flag("details") },
  errors: ({ id }) => swarmObjectErrors("task", id),
});

/** Mixed into {@link Client}. */
export default abstract class TaskLogsMixin extends TaskInspectMixin {
  /**
   * Gives what a task has written to its standard output and error, on whichever node it runs. API 1.29+.
   *
   * With `outputStream` or `errorStream` everything is written there and the promise waits for the end.
   * Without them it gives a {@link FrameStream} to read in whichever way suits.
   * Whether the task has a terminal is found out, never asked.
   *
   * @category Tasks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/TaskLogs | TaskLogs}
   * @throws {@link NoSuchTaskError} when the swarm has no such task, or has forgotten it.
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link SwarmLockedError} when it waits to be unlocked.
   * @throws {@link ProtocolError} when the stream is cut off.
   */
  taskLogs(options: WithOutput<TaskLogsOptions>, call?: CallOptions): Promise<void>;
  taskLogs(options: TaskLogsOptions, call?: CallOptions): Promise<FrameStream>;
  async taskLogs(options: TaskLogsOptions, call?: CallOptions): Promise<FrameStream | void> {
    const { id } = options;
    const terminal = await askForTty(await this.check(taskLogs, options, call), async () => {
      const { Spec } = await this.inspectTask({ id }, call);
      return Spec.ContainerSpec?.TTY ?? false;
    });
    return logOutput(await this.open(taskLogs, withBothStreams(options), call), terminal, options);
  }
}
