import { readAnswer } from "../../core/answers/read.js";
import type { CallOptions } from "../../core/call-options.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import { flag, pathParam } from "../../core/fields/fields.js";
import { logOutput, logOutputFields, type LogOutputOptions, withBothStreams } from "../../core/log-output.js";
import { operation } from "../../core/operation.js";
import type { WithOutput } from "../../streams/forward.js";
import type { FrameStream } from "../../streams/frame-stream.js";
import { askForTty } from "../../streams/output.js";
import TaskInspectMixin from "./inspect.js";

/** Options for {@link Client.taskLogs}. */
export interface TaskLogsOptions extends LogOutputOptions {
  /** ID of the task. */
  id: string;
  /** Whether to stream new output until the task ends. Defaults to false. */
  follow?: boolean | undefined;
  /**
   * Whether each line starts with the labels and environment variables that the log driver records, and with the IDs of the
   * node, service and task: `com.docker.swarm.node.id=…,com.docker.swarm.service.id=…,com.docker.swarm.task.id=…`. Defaults to
   * false.
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
   * Returns the standard output and standard error of a task on any node. API 1.29+.
   *
   * If `outputStream` or `errorStream` is set, the output is written there and the promise resolves when the output ends.
   * Otherwise the method returns a {@link FrameStream}. The method detects whether the task has a terminal.
   *
   * @category Tasks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/TaskLogs | TaskLogs}
   * @throws {@link NoSuchTaskError} when the task does not exist, or the swarm no longer keeps its record.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   * @throws {@link ProtocolError} when the connection closes before the stream has ended.
   */
  taskLogs(options: WithOutput<TaskLogsOptions>, call?: CallOptions): Promise<void>;
  taskLogs(options: TaskLogsOptions, call?: CallOptions): Promise<FrameStream>;
  async taskLogs(options: TaskLogsOptions, call?: CallOptions): Promise<FrameStream | void> {
    return this.withStreams(taskLogs, options, call, async (taken, inner) => {
      const { id } = taken;
      const terminal = await askForTty(await this.check(taskLogs, taken, inner), async () => {
        const found = await this.inspectTask({ id }, inner);
        return readAnswer("inspectTask", this.endpoint, () => found.Spec.ContainerSpec?.TTY) ?? false;
      });
      return logOutput(await this.open(taskLogs, withBothStreams(taken), inner), terminal, taken);
    });
  }
}
