import type { CallOptions } from "../../core/call-options.js";
import { flag, pathParam } from "../../core/fields/fields.js";
import { logOutput, type LogOutputOptions, logOutputFields, withBothStreams } from "../../core/log-output.js";
import { operation } from "../../core/operation.js";
import { askForTty } from "../../streams/output.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import type { WithOutput } from "../../streams/forward.js";
import type { FrameStream } from "../../streams/frame-stream.js";
import ServiceInspectMixin from "./inspect.js";

/** Options of {@link Client.serviceLogs}. */
export interface ServiceLogsOptions extends LogOutputOptions {
  /** ID or name of the service. */
  id: string;
  /** Whether to wait for more, also of tasks that are yet to come, until the service is removed. By default false. */
  follow?: boolean | undefined;
  /**
   * Whether each line begins with what the log driver was told to keep, and with the node, the service and the task that it comes
   * from, as `com.docker.swarm.node.id=…,com.docker.swarm.service.id=…,com.docker.swarm.task.id=…`. By default false.
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
   * Gives what the tasks of a service have written to their standard output and error, on whichever node, in no fixed order. The
   * lines of one task are in order; `details` tells which task they are from. API 1.25+.
   *
   * With `outputStream` or `errorStream` everything is written there and the promise waits for the end.
   * Without them it gives a {@link FrameStream} to read in whichever way suits.
   * Whether the tasks have a terminal is found out, never asked.
   *
   * @category Services
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ServiceLogs | ServiceLogs}
   * @throws {@link NoSuchServiceError} when the swarm has no such service.
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link SwarmLockedError} when it waits to be unlocked.
   * @throws {@link ProtocolError} when the stream is cut off.
   */
  serviceLogs(options: WithOutput<ServiceLogsOptions>, call?: CallOptions): Promise<void>;
  serviceLogs(options: ServiceLogsOptions, call?: CallOptions): Promise<FrameStream>;
  async serviceLogs(options: ServiceLogsOptions, call?: CallOptions): Promise<FrameStream | void> {
    const { id } = options;
    const terminal = await askForTty(await this.check(serviceLogs, options, call), async () => {
      const { Spec } = await this.inspectService({ id }, call);
      return Spec.TaskTemplate?.ContainerSpec?.TTY ?? false;
    });
    return logOutput(await this.open(serviceLogs, withBothStreams(options), call), terminal, options);
  }
}
