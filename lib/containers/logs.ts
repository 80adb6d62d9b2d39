import type { CallOptions } from "../core/call-options.js";
import { flag, inPath, local, text, timestamp } from "../core/fields.js";
import { operation } from "../core/operation.js";
import { frameStream, isTty } from "../core/output.js";
import type { Timestamp } from "../core/timestamp.js";
import { containerErrors } from "../errors/container-errors.js";
import type { OutputStreams, WithOutput } from "../streams/forward.js";
import type { FrameStream } from "../streams/frame-stream.js";
import { ContainerInspection } from "./inspect.js";
import { containerTty } from "./terminal.js";

/** Options of {@link Client.logs}. */
export interface LogsOptions extends OutputStreams {
  /** ID or name of the container. */
  id: string;
  /** Whether to get standard output. By default true. */
  stdout?: boolean | undefined;
  /** Whether to get standard error. By default true. */
  stderr?: boolean | undefined;
  /** Whether to wait for more until the container stops. By default false. */
  follow?: boolean | undefined;
  /** Leaves out what was written before this time. */
  since?: Timestamp | undefined;
  /** Leaves out what was written after this time. API 1.35+. */
  until?: Timestamp | undefined;
  /** Whether each line begins with the time at which it was written. By default false. */
  timestamps?: boolean | undefined;
  /** How many lines to get from the end, or `all`, which is the default. */
  tail?: number | "all" | undefined;
  /** Whether each line begins with the labels and variables that the log driver was told to keep. By default false. */
  details?: boolean | undefined;
  /** How the log is written: `json` is all that an experimental engine takes. API 1.54+. */
  format?: string | undefined;
}

const logs = operation<LogsOptions>({
  name: "logs",
  method: "GET",
  path: "/containers/{id}/logs",
  unbounded: true,
  fields: {
    id: inPath,
    stdout: flag("stdout"),
    stderr: flag("stderr"),
    follow: flag("follow"),
    since: timestamp("since"),
    until: timestamp("until", { since: "1.35" }),
    timestamps: flag("timestamps"),
    tail: {
      ...text("tail"),
      expects: 'a number of lines or "all"',
      encode: (v) => (v === "all" || (Number.isSafeInteger(v) && v >= 0) ? String(v) : undefined),
    },
    details: flag("details"),
    format: text("format", { since: "1.54" }),
    outputStream: local,
    errorStream: local,
  },
});

/** Part of {@link Client}. */
export abstract class ContainerLogs extends ContainerInspection {
  /**
   * Gives what a container has written to its standard output and error, and with `follow` what it goes on to write.
   *
   * With `outputStream` or `errorStream` everything is written there and the promise waits for the end.
   * Without them it gives a {@link FrameStream} to read in whichever way suits.
   * Whether the container has a terminal is found out, never asked.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerLogs | ContainerLogs}
   * @throws {@link NoSuchContainerError} when there is no such container.
   * @throws {@link ProtocolError} when the stream is cut off.
   */
  logs(options: WithOutput<LogsOptions>, call?: CallOptions): Promise<void>;
  logs(options: LogsOptions, call?: CallOptions): Promise<FrameStream>;
  async logs(options: LogsOptions, call?: CallOptions): Promise<FrameStream | void> {
    const { id, outputStream, errorStream } = options;
    const asked = await containerTty(this, id, call);
    const { stdout = true, stderr = true } = options;
    const wanted = { ...options, stdout, stderr };
    const { body, headers, exchange } = await this.open(logs, wanted, call, { errors: containerErrors(id) });
    let tty: boolean;
    try {
      tty = await isTty(asked, headers);
    } catch (error) {
      body.destroy();
      throw error;
    }
    const output = frameStream(body, tty, exchange);
    return outputStream || errorStream ? output.forward({ outputStream, errorStream }) : output;
  }
}
