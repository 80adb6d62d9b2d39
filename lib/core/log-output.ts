import type { OutputStreams } from "../streams/forward.js";
import type { FrameStream } from "../streams/frame-stream.js";
import { isTty, logStream, type TtyQuestion } from "../streams/output.js";
import type { LinePrefixes } from "../wire/line-prefixes.js";
import type { Timestamp } from "../wire/timestamp.js";
import { flag, type QueryFields, sink, text, timestamp } from "./fields/fields.js";
import type { OpenResponse } from "./request.js";

/** Options that are common to all operations that read logs. */
export interface LogOutputOptions extends OutputStreams {
  /** Whether to return standard output. Defaults to true. */
  stdout?: boolean | undefined;
  /** Whether to return standard error. Defaults to true. */
  stderr?: boolean | undefined;
  /** Whether to keep returning new output until the container ends. Defaults to false. */
  follow?: boolean | undefined;
  /** Returns only output that was written at or after this time. */
  since?: Timestamp | undefined;
  /**
   * Whether to prefix each line with a timestamp. A long line that the engine stores in several parts has one timestamp. By
   * default false.
   */
  timestamps?: boolean | undefined;
  /** The number of lines to return from the end, or `all` (the default). */
  tail?: number | "all" | undefined;
}

/** Metadata of {@link LogOutputOptions}. */
export const logOutputFields: QueryFields<LogOutputOptions> = {
  stdout: flag("stdout"),
  stderr: flag("stderr"),
  follow: flag("follow"),
  since: timestamp("since"),
  timestamps: flag("timestamps"),
  tail: {
    ...text("tail"),
    expects: 'a number of lines or "all"',
    encode: (v) => (v === "all" || (Number.isSafeInteger(v) && v >= 0) ? String(v) : undefined),
  },
  outputStream: sink,
  errorStream: sink,
};

/** Requests both streams unless the caller excludes one: by default, engines return neither. */
export function withBothStreams<O extends LogOutputOptions>(options: O): O {
  const { stdout = true, stderr = true } = options;
  return { ...options, stdout, stderr };
}

/**
 * Writes the log in a response to the caller's streams, or returns its frames if there are no streams.
 *
 * @param terminal - determines whether the output comes from a terminal.
 * @param options - the caller's streams, and the prefixes that the engine writes before each line.
 */
export async function logOutput(
  { body, headers, exchange }: OpenResponse,
  terminal: TtyQuestion,
  options: OutputStreams & LinePrefixes,
): Promise<FrameStream | undefined> {
  let tty: boolean;
  try {
    tty = await isTty(terminal, headers);
  } catch (error) {
    body.destroy();
    throw error;
  }
  const output = logStream(body, tty, exchange, options);
  const { outputStream, errorStream } = options;
  if (!outputStream && !errorStream) return output;
  await output.forward({ outputStream, errorStream });
  return undefined;
}
