import { type ChildProcess, spawn } from "node:child_process";
import { CredentialsError } from "../errors/usage-errors.js";
import { clearTimeout, setTimeout } from "../wire/clock.js";
import type { Environment } from "../wire/environment.js";
import { ignoreErrors } from "../wire/quiet.js";
import { abortErrorOf } from "./shared-runs.js";

/** The maximum output of a helper, in bytes. Credentials take a few kilobytes, the list of a keychain perhaps a hundred. */
const LONGEST_ANSWER = 1024 * 1024;

/** A call to a credential helper. */
export interface HelperCall {
  /** The program, found through the `PATH` of the environment. */
  readonly program: string;
  /** The action. */
  readonly action: "get" | "list";
  /** Its standard input. */
  readonly input: string;
  /** The purpose of the call, for errors. */
  readonly purpose: string;
  /** Its environment. */
  readonly env: Environment;
  /** Its timeout, in milliseconds; 0 for none. */
  readonly timeout: number;
}

/** The result of a credential helper. */
export interface HelperResult {
  /** Its exit status, or the signal that killed it. */
  readonly status: number | NodeJS.Signals;
  /** Its standard output, which may be a secret. */
  readonly output: string;
}

// a helper may be a script around another program, which must be killed with it: hence a separate process group, except on Windows
const hasGroups = process.platform !== "win32";

function start({ program, action, env, purpose }: HelperCall): ChildProcess {
  try {
    // standard error is ignored: errors must not contain output of a helper
    return spawn(program, [action], { env, stdio: ["pipe", "pipe", "ignore"], detached: hasGroups, windowsHide: true });
  } catch (error) {
    // only the code is kept: the message quotes the invalid environment variable
    const { code } = error as NodeJS.ErrnoException; // thrown by node:child_process
    throw new CredentialsError(
      `credential helper ${program}, needed for ${purpose}, cannot be run (${code ?? "unknown reason"})`,
    );
  }
}

function kill(helper: ChildProcess): void {
  // a process that failed to start for lack of file descriptors has no streams
  helper.stdin?.destroy();
  helper.stdout?.destroy();
  helper.unref();
  if (helper.pid === undefined) return;
  try {
    if (hasGroups) process.kill(-helper.pid, "SIGKILL");
    else helper.kill("SIGKILL");
  } catch {
    // it has just exited, or runs as another user
  }
}

function spawnErrorOf(call: HelperCall, cause: NodeJS.ErrnoException): CredentialsError {
  const { program, purpose } = call;
  const reason =
    cause.code === "ENOENT" ? "is not installed: it is not in the PATH" : `cannot be run (${cause.code ?? "unknown reason"})`;
  return new CredentialsError(`credential helper ${program}, needed for ${purpose}, ${reason}`, { cause });
}

/**
 * Runs a credential helper without a shell, and waits for its exit.
 *
 * @param call - the call.
 * @param signal - kills the helper when it is aborted.
 * @throws {@link CredentialsError} when the helper cannot be run, writes more than 1 MiB, or times out; it is then killed.
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
    const late = `credential helper ${program} did not respond within ${timeout} ms to a request for ${purpose} and was killed`;
    const long = `credential helper ${program} wrote more than 1 MiB in response to a request for ${purpose} and was killed`;
    const timer = timeout > 0 ? setTimeout(() => giveUp(new CredentialsError(late)), timeout) : undefined;
    signal.addEventListener("abort", abort, { once: true });
    helper.on("error", (error) => giveUp(spawnErrorOf(call, error)));
    helper.stdout?.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= LONGEST_ANSWER) chunks.push(chunk);
      else giveUp(new CredentialsError(long));
    });
    helper.on("close", (code, endedBy) => {
      finish();
      resolve({ status: code ?? endedBy ?? 1, output: Buffer.concat(chunks).toString("utf8") });
    });
    // a helper may exit without reading its input: only its exit status counts
    helper.stdin?.on("error", ignoreErrors);
    helper.stdin?.end(call.input);
  });
}
