import type { CallOptions } from "../../core/call-options.js";
import { containerErrors } from "../../core/errors/container.js";
import { flag, pathParam, text, timestamp } from "../../core/fields/fields.js";
import { logOutput, logOutputFields, type LogOutputOptions, withBothStreams } from "../../core/log-output.js";
import { operation } from "../../core/operation.js";
import type { WithOutput } from "../../streams/forward.js";
import type { FrameStream } from "../../streams/frame-stream.js";
import type { Timestamp } from "../../wire/timestamp.js";
import ContainerInspectMixin, { containerTty } from "./inspect.js";

/** Options for {@link Client.logs}. */
export interface LogsOptions extends LogOutputOptions {
  /** ID or name of the container. */
  id: string;
  /** Whether to stream new output until the container stops. Defaults to false. */
  follow?: boolean | undefined;
  /** Omits output written after this time. API 1.35+. */
  until?: Timestamp | undefined;
  /** Whether each line starts with the labels and environment variables that the log driver records. Defaults to false. */
  details?: boolean | undefined;
  /** Format of the log. Requires an experimental engine, which accepts only `json`. API 1.54+. */
  format?: string | undefined;
}

const logs = operation<LogsOptions>({
  name: "logs",
  method: "GET",
  path: "/containers/{id}/logs",
  longRunning: true,
  fields: {
    id: pathParam,
    ...logOutputFields,
    until: timestamp("until", { since: "1.35" }),
    details: flag("details"),
    format: text("format", { since: "1.54" }),
  },
  errors: ({ id }) => containerErrors(id),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerLogsMixin extends ContainerInspectMixin {
  /**
   * Returns the output that a container has written and, with `follow`, its new output.
   *
   * If `outputStream` or `errorStream` is set, the output is written there and the promise resolves when the output ends.
   * Otherwise the method returns a {@link FrameStream}. The method detects whether the container has a terminal.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerLogs | ContainerLogs}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link ProtocolError} when the connection closes before the stream has ended.
   */
  logs(options: WithOutput<LogsOptions>, call?: CallOptions): Promise<void>;
  logs(options: LogsOptions, call?: CallOptions): Promise<FrameStream>;
  async logs(options: LogsOptions, call?: CallOptions): Promise<FrameStream | void> {
    return this.withStreams(logs, options, call, async (taken, inner) => {
      const wanted = withBothStreams(taken);
      await this.check(logs, wanted, inner);
      const terminal = await containerTty(this, taken.id, inner);
      const answer = await this.open(logs, wanted, inner);
      return logOutput(answer, terminal, taken);
    });
  }
}
