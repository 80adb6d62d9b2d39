import { readAnswer } from "../../core/answers/read.js";
import type { CallOptions } from "../../core/call-options.js";
import { boundedCall, pause } from "../../core/deadline.js";
import { composite, type OptionKinds } from "../../core/signatures.js";
import { AbortError } from "../../errors/connection-errors.js";
import { ContainerNotRunningError } from "../../errors/container-errors.js";
import { InvalidOptionError, OutputLimitError } from "../../errors/usage-errors.js";
import { ContainerUnhealthyError, LogEndedError, NoHealthCheckError } from "../../errors/wait-errors.js";
import type { OutputLine } from "../../streams/frame-stream.js";
import type { StreamName } from "../../wire/frames.js";
import type { Timestamp } from "../../wire/timestamp.js";
import { Resources } from "./resources.js";

/** Options for {@link Client.waitForHealthy}. */
export interface WaitForHealthyOptions {
  /** ID or name of the container. */
  id: string;
  /** Polling interval in milliseconds. Defaults to 250. */
  interval?: number | undefined;
}

/** Options for {@link Client.waitForLog}. */
export interface WaitForLogOptions {
  /** ID or name of the container. */
  id: string;
  /** String that the line must contain, or regular expression that the line must match. */
  pattern: string | RegExp;
  /** Number of matching lines to wait for. Defaults to 1. */
  count?: number | undefined;
  /** The output stream to search. Defaults to both streams. */
  stream?: StreamName | undefined;
  /** Ignores lines written before this time. If omitted, the whole log is searched. */
  since?: Timestamp | undefined;
  /** Maximum length of a line, in bytes. Defaults to 16 MiB. */
  maxLine?: number | undefined;
}

/** Number of log lines that an error contains. */
const LAST_LINES = 20;

/** Length to which these lines are truncated, in characters. */
const LONGEST_LINE = 1000;

composite("waitForHealthy", { id: "required", interval: "optional" } satisfies OptionKinds<WaitForHealthyOptions>);
composite("waitForLog", {
  id: "required",
  pattern: "required",
  count: "optional",
  stream: "optional",
  since: "optional",
  maxLine: "optional",
} satisfies OptionKinds<WaitForLogOptions>);

/** Mixed into {@link Client}. */
export default abstract class WaitForMixin extends Resources {
  /**
   * Waits until a container is healthy. Use the timeout or the signal of the call to limit the wait.
   *
   * @category Conveniences
   * @throws {@link ContainerUnhealthyError} when the container is unhealthy.
   * @throws {@link ContainerNotRunningError} when the container is not running, or stops during the wait.
   * @throws {@link NoHealthCheckError} when the container has no health check.
   * @throws {@link NoSuchContainerError} when the container does not exist.
   */
  async waitForHealthy(options: WaitForHealthyOptions, call?: CallOptions): Promise<void> {
    const { id, interval = 250 } = options;
    if (!(interval > 0)) refuse("waitForHealthy", "interval", "a time in milliseconds");
    await boundedCall("waitForHealthy", call, async (inner) => {
      while (!(await isHealthy(this, id, inner))) await pause("waitForHealthy", interval, inner);
    });
  }

  /**
   * Waits until a container has written a line that matches a pattern. Use the timeout or the signal of the call to limit the
   * wait.
   *
   * @returns the matching line; with `count`, the last one.
   * @category Conveniences
   * @throws {@link LogEndedError} when the container stops before it has written a matching line.
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link OutputLimitError} when a line exceeds `maxLine`.
   * @throws {@link InvalidOptionError} when the pattern is missing or the count is less than 1.
   * @example
   * ```ts
   * await client.waitForLog({ id: "db", pattern: /ready to accept connections/, count: 2 }, { timeout: 60_000 });
   * ```
   */
  async waitForLog(options: WaitForLogOptions, call?: CallOptions): Promise<OutputLine> {
    const { id, count = 1, stream, since, maxLine } = options;
    const pattern = options.pattern as string | RegExp | undefined; // untyped callers may omit it
    if (pattern === undefined) refuse("waitForLog", "pattern", "a string or a regular expression");
    if (!(Number.isInteger(count) && count > 0)) refuse("waitForLog", "count", "a whole number, 1 or more");
    const matches = (line: string) => (typeof pattern === "string" ? line.includes(pattern) : line.search(pattern) >= 0);
    return boundedCall("waitForLog", call, async (inner) => {
      const wanted = { id, since, follow: true, stdout: stream !== "stderr", stderr: stream !== "stdout" };
      const last: string[] = [];
      let found = 0;
      try {
        for await (const line of (await this.logs(wanted, inner)).lines(maxLine)) {
          if (matches(line.line)) found += 1;
          if (found === count) return line;
          last.push(line.line.slice(0, LONGEST_LINE));
          if (last.length > LAST_LINES) last.shift();
        }
      } catch (error) {
        throw error instanceof OutputLimitError ? limitError(error, id, this.endpoint) : error;
      }
      const where = { operation: "waitForLog", endpoint: this.endpoint };
      throw new LogEndedError(id, pattern, last, where, await exitCodeOf(this, id, inner));
    });
  }
}

/** Replaces the message of an error with one that names the option to change. */
function limitError({ limit }: OutputLimitError, id: string, endpoint: string): OutputLimitError {
  const operation = "waitForLog";
  const message = `${operation}: a line in the log of container ${id} exceeds ${limit} bytes: raise "maxLine"`;
  return new OutputLimitError(limit, message, { operation, endpoint });
}

function refuse(operation: string, option: string, expected: string): never {
  throw new InvalidOptionError(option, `${operation}: option "${option}" must be ${expected}`, { operation });
}

/**
 * Returns the exit code of a container; undefined if the container is running or cannot be inspected. A failed inspection must
 * not hide the error that is being reported.
 */
async function exitCodeOf(client: Resources, id: string, call: CallOptions): Promise<number | undefined> {
  try {
    const { State } = await client.inspectContainer({ id }, call);
    return State.Running ? undefined : State.ExitCode;
  } catch (error) {
    if (error instanceof AbortError) throw error;
    return undefined;
  }
}

/** Returns the last lines of a container's log. The list is empty if the log cannot be read, as with some log drivers. */
async function lastLines(client: Resources, id: string, call: CallOptions): Promise<string[]> {
  const lines: string[] = [];
  try {
    const log = await client.logs({ id, tail: LAST_LINES }, call);
    for await (const { line } of log.lines()) lines.push(line.slice(0, LONGEST_LINE));
  } catch (error) {
    if (error instanceof AbortError) throw error;
  }
  return lines.slice(-LAST_LINES);
}

async function isHealthy(client: Resources, id: string, call: CallOptions): Promise<boolean> {
  const where = { operation: "waitForHealthy", endpoint: client.endpoint };
  const found = await client.inspectContainer({ id }, call);
  const reading = <T>(read: () => T) => readAnswer("inspectContainer", client.endpoint, read);
  const [State, isRunning] = reading(() => [found.State, found.State.Running] as const);
  if (!isRunning) {
    const path = `/containers/${encodeURIComponent(id)}/json`;
    const message = `it is ${State.Status}`;
    const details = { status: 409, method: "GET", path, message, sent: false, ...where };
    const hasRun = State.Status !== "created" && State.Status !== "configured";
    const lines = hasRun ? await lastLines(client, id, call) : [];
    throw new ContainerNotRunningError(id, details, hasRun ? State.ExitCode : undefined, lines);
  }
  const { Health } = State;
  // if there is no health check, Podman reports an empty status
  if (!Health || Health.Status === "none" || Health.Status === "") {
    throw new NoHealthCheckError(id, where);
  }
  if (Health.Status === "unhealthy") {
    throw new ContainerUnhealthyError(
      id,
      reading(() => Health.Log.at(-1)?.Output),
      where,
    );
  }
  return Health.Status === "healthy";
}
