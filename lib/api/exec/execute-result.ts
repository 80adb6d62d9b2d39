import { isMissingProgram } from "../../core/errors/start.js";
import type { ExecInspect } from "../../types/exec.js";
import { trimEnd } from "../../wire/trim-end.js";

/** Exit code and output of a command in a container. @category Exec */
export class ExecuteResult {
  /** Exit code. 127 if the executable does not exist, 126 if it cannot be started. */
  readonly exitCode: number;
  /** Standard output or, with a terminal, all output. Empty if `outputStream` was set. */
  readonly stdout: Buffer;
  /** Standard error or, if the command could not be started, the reason. Empty if `errorStream` was set. */
  readonly stderr: Buffer;

  /** @internal */
  constructor(exitCode: number, stdout: Buffer, stderr: Buffer) {
    this.exitCode = exitCode;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** Standard output as UTF-8, without trailing newlines. */
  get stdoutText(): string {
    return trimEnd(this.stdout.toString(), "\r\n");
  }

  /** Standard error as UTF-8, without trailing newlines. */
  get stderrText(): string {
    return trimEnd(this.stderr.toString(), "\r\n");
  }
}

const startFailure = /OCI runtime|exec failed|starting container process|unable to (start|find)|executable file|no such file/i;

/** Returns whether an engine's message means that it could not start the command. */
export function isStartFailure(text: string): boolean {
  return startFailure.test(text);
}

/**
 * Matches the whole output in which Podman reports that it could not start a command. Output of a command on a terminal would
 * end with `\r\n` instead.
 */
const podmanReport = /^Error: [^\s:]+: [^\r\n]*: OCI [^\r\n]*\n(?:Error: read unixpacket [^\r\n]*\n?)?$/;

/** Matches the executable in an error message of crun. */
const reportedProgram = /(?:executable file|the path|cannot find) `([^`]*)`/;

/**
 * Returns whether output is the engine's report that it could not start a command, and not similar output of the command
 * itself. Docker reports a process ID for every command that was started. Podman never does, so its report is recognized by its
 * format and by the executable that it names.
 *
 * @param output - the entire output.
 * @param program - the executable of the command.
 * @param found - the result of inspecting the exec instance, with an exit code from 125 to 127.
 */
export function isStartReport(output: string, program: string, found: Pick<ExecInspect, "Pid" | "CanRemove">): boolean {
  if (found.Pid !== 0) return false;
  // only Podman sets this
  if (!found.CanRemove) return isStartFailure(output);
  return podmanReport.test(output) && (reportedProgram.exec(output)?.[1] ?? program).endsWith(program);
}

/**
 * Returns the result for a command that could not be started. It has the exit code that shells use, because the exit codes of
 * engines differ.
 *
 * @param text - the engine's message.
 */
export function notStarted(text: string): ExecuteResult {
  return new ExecuteResult(isMissingProgram(text) ? 127 : 126, Buffer.alloc(0), Buffer.from(`${text.trim()}\n`));
}
