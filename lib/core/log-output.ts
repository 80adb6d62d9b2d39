import type { OutputStreams } from "../streams/forward.js";
import type { FrameStream } from "../streams/frame-stream.js";
import { flag, notSent, type QueryFields, text, timestamp } from "./fields/fields.js";
import { frameStream, isTty, type TtyQuestion } from "../streams/output.js";
import type { OpenResponse } from "./request.js";
import type { Timestamp } from "../wire/timestamp.js";

/** What is wanted of a log, whosever it is. */
export interface LogOutputOptions extends OutputStreams {
  /** Whether to get standard output. By default true. */
  stdout?: boolean | undefined;
  /** Whether to get standard error. By default true. */
  stderr?: boolean | undefined;
  /** Whether to wait for more until no more can come. By default false. */
  follow?: boolean | undefined;
  /** Leaves out what was written before this time. */
  since?: Timestamp | undefined;
  /** Whether each line begins with the time at which it was written. By default false. */
  timestamps?: boolean | undefined;
  /** How many lines to get from the end, or `all`, which is the default. */
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
  outputStream: notSent,
  errorStream: notSent,
};

/** Asks for both streams where the caller has not said which: engines give neither of their own accord. */
export function withBothStreams<O extends LogOutputOptions>(options: O): O {
  const { stdout = true, stderr = true } = options;
  return { ...options, stdout, stderr };
}

/**
 * Makes of an engine's answer what the caller of an operation on logs gets: nothing but the end when there are streams to write
 * to, else the frames.
 *
 * @param terminal - the question whether the output comes from a terminal.
 */
export async function logOutput(
  { body, headers, exchange }: OpenResponse,
  terminal: TtyQuestion,
  { outputStream, errorStream }: OutputStreams,
): Promise<FrameStream | undefined> {
  let tty: boolean;
  try {
    tty = await isTty(terminal, headers);
  } catch (error) {
    body.destroy();
    throw error;
  }
  const output = frameStream(body, tty, exchange);
  if (!outputStream && !errorStream) return output;
  await output.forward({ outputStream, errorStream });
  return undefined;
}
