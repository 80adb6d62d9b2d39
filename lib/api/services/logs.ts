import { readAnswer } from "../../core/answers/read.js";
import type { CallOptions } from "../../core/call-options.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import { flag, pathParam } from "../../core/fields/fields.js";
import { logOutput, logOutputFields, type LogOutputOptions, withBothStreams } from "../../core/log-output.js";
import { operation } from "../../core/operation.js";
import type { WithOutput } from "../../streams/forward.js";
import type { FrameStream } from "../../streams/frame-stream.js";
import { askForTty } from "../../streams/output.js";
import ServiceInspectMixin from "./inspect.js";

/** Options for {@link Client.serviceLogs}. */
export interface ServiceLogsOptions extends LogOutputOptions {
  /** ID or name of the service. */
  id: string;
  /** Whether to stream new output, including the output of new tasks, until the service is removed. Defaults to false. */
  follow?: boolean | undefined;
  /**
   * Whether each line starts with the labels and environment variables that the log driver records, and with the IDs of the
   * node, service and task: `com.docker.swarm.node.id=…,com.docker.swarm.service.id=…,com.docker.swarm.task.id=…`. Defaults to
   * false.
   */
  details?: boolean | undefined;
}

const serviceLogs = operation<ServiceLogsOptions>({
  name: "serviceLogs",
  method: "GET",
  path: "/services/{id}/logs",
  since: "1.25",
  longRunning: true,
  fields: { id: pathParam, ...logOutputFields, details: flag("details") },
  errors: ({ id }) => swarmObjectErrors("service", id),
});

/** Mixed into {@link Client}. */
export default abstract class ServiceLogsMixin extends ServiceInspectMixin {
  /**
   * Returns the standard output and standard error of a service's tasks on all nodes. The lines of each task are in order, but
   * the order of lines from different tasks is undefined. With `details`, each line contains the ID of the task. API 1.25+.
   *
   * If `outputStream` or `errorStream` is set, the output is written there and the promise resolves when the output ends.
   * Otherwise the method returns a {@link FrameStream}. The method detects whether the tasks have a terminal.
   *
   * @category Services
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ServiceLogs | ServiceLogs}
   * @throws {@link NoSuchServiceError} when the service does not exist.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   * @throws {@link ProtocolError} when the connection closes before the stream has ended.
   */
  serviceLogs(options: WithOutput<ServiceLogsOptions>, call?: CallOptions): Promise<void>;
  serviceLogs(options: ServiceLogsOptions, call?: CallOptions): Promise<FrameStream>;
  async serviceLogs(options: ServiceLogsOptions, call?: CallOptions): Promise<FrameStream | void> {
    return this.withStreams(serviceLogs, options, call, async (taken, inner) => {
      const { id } = taken;
      const terminal = await askForTty(await this.check(serviceLogs, taken, inner), async () => {
        const found = await this.inspectService({ id }, inner);
        return readAnswer("inspectService", this.endpoint, () => found.Spec.TaskTemplate?.ContainerSpec?.TTY) ?? false;
      });
      return logOutput(await this.open(serviceLogs, withBothStreams(taken), inner), terminal, taken);
    });
  }
}
