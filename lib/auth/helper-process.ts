import { type ChildProcess, spawn } from "node:child_process";
import { CredentialsError } from "../errors/usage-errors.js";
import type { Environment } from "../wire/environment.js";
import { ignoreErrors } from "../wire/quiet.js";
import { abortErrorOf } from "./shared-runs.js";

/** The longest answer that is read, in bytes. Credentials take a few kilobytes, a keychain's list perhaps a hundred. */
const LONGEST_ANSWER = 1024 * 1024;

/** One call of a credential helper. */
export interface HelperCall {
  /** The program, looked for in the environment's `PATH`. */
  readonly program: string;
  /** What it is to do. */
  readonly action: "get" | "list";
  /** What it reads on standard input. */
  readonly input: string;
  /** What the call is for, in errors. */
  readonly purpose: string;
  /** The environment it runs in. */
  readonly env: Environment;
  /** The time it has, in milliseconds; 0 for all the time it wants. */
  readonly timeout: number;
}

/** How a credential helper ended. */
export interface HelperResult {
  /** Its exit status, or the signal that ended it. */
  readonly status: number | NodeJS.Signals;
  /** What it wrote to standard output, which may be a secret. */
  readonly output: string;
}

// a helper may be a script around another program, which has to go with it: hence a process group of its own, where there are groups
const hasGroups = process.platform !== "win32";

function start({ program, action, env, purpose }: HelperCall): ChildProcess {
  try {
    // standard error is not read: nothing of what a helper writes may get into an error
    return spawn(program, [action], { env, stdio: ["pipe", "pipe", "ignore"], detached: hasGroups, windowsHide: true });
  } catch (error) {
    // only the code goes on: the message quotes the variable of the environment that cannot be passed on
    const { code } = error as NodeJS.ErrnoException; // what node:child_process throws
    throw new CredentialsError(
      `credential helper ${program}, needed for ${purpose}, cannot be run (${code ?? "unknown reason"})`,
    );
  }
}

function kill(helper: ChildProcess): void {
  // a process that could not be started for want of file descriptors has no streams
  helper.stdin?.destroy();
  helper.stdout?.destroy();
  helper.unref();
  if (helper.pid === undefined) return;
  try {
    if (hasGroups) process.kill(-helper.pid, "SIGKILL");
    else helper.kill("SIGKILL");
  } catch {
    // it has ended by itself in this very moment, or runs as another user, out of reach
  }
}

function spawnErrorOf(call: HelperCall, cause: NodeJS.ErrnoException): CredentialsError {
  const { program, purpose } = call;
  const reason =
    cause.code === "ENOENT" ? "is not installed: it is not in the PATH" : `cannot be run (${cause.code ?? "unknown reason"})`;
  return new CredentialsError(`credential helper ${program}, needed for ${purpose}, ${reason}`, { cause });
}

/**
 * Runs a credential helper to its end, without a shell.
 *
 * @param call - what to run.
 * @param signal - kills the helper when it is aborted.
 * @throws {@link CredentialsError} when the helper cannot be run, writes more than a mebibyte, or takes too long; it is killed then.
 * @throws {@link AbortError} when the signal is aborted.
 */
export function runHelper(call: HelperCall, signal: AbortSignal): Promise<HelperResult> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) throw abortErrorOf(signal);
    const { program, purpose, timeout } = call;
    const helper = start(call);
    const chunks: Buffer[] = [];
    let size = 0;
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    };
    const giveUp = (error: Error): void => {
      finish();
      kill(helper);
      reject(error);
    };
    const abort = (): void => giveUp(abortErrorOf(signal));
    const late = `credential helper ${program} did not answer for ${purpose} within ${timeout} ms and was killed`;
    const timer = timeout > 0 ? setTimeout(() => giveUp(new CredentialsError(late)), timeout) : undefined;
    signal.addEventListener("abort", abort, { once: true });
    helper.on("error", (error) => giveUp(spawnErrorOf(call, error)));
    helper.stdout?.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LONGEST_ANSWER) chunks.push(chunk);
      else giveUp(new CredentialsError(`credential helper ${program} wrote more than 1 MiB for ${purpose} and was killed`));
    });
    helper.on("close", (code, endedBy) => {
      finish();
      resolve({ status: code ?? endedBy ?? 1, output: Buffer.concat(chunks).toString("utf8") });
    });
    // a helper may exit without reading its input: its exit status is what counts
    helper.stdin?.on("error", ignoreErrors);
    helper.stdin?.end(call.input);
  });
}
