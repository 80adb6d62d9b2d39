import { isMissingProgram } from "../../core/errors/start.js";
import type { ExecInspect } from "../../types/exec.js";
import { trimEnd } from "../../wire/trim-end.js";

/** Exit code and output of a command in a container. @category Exec */
export class ExecuteResult {
  /** Exit code; 127 when the program does not exist, 126 when it cannot be started. */
  readonly exitCode: number;
  /** Standard output, or the output of the terminal. Empty if `outputStream` was set. */
  readonly stdout: Buffer;
  /** Standard error, or the reason why the command could not be started. Empty if `errorStream` was set. */
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

/** Whether an engine's message means that it could not start the command. */
export function isStartFailure(text: string): boolean {
  return startFailure.test(text);
}

/** Podman's whole output of a command that it could not start. On a terminal, a command's own lines would end with `\r\n`. */
const podmanReport = /^Error: [^\s:]+: [^\r\n]*: OCI [^\r\n]*\n(?:Error: read unixpacket [^\r\n]*\n?)?$/;

/** The program that a report of crun names. */
const reportedProgram = /(?:executable file|the path|cannot find) `([^`]*)`/;

/**
 * Whether output is the engine's report that it could not start a command, not output of the command itself, which may look
 * alike. Docker reports the process ID of every command that has run. Podman never does; its report is recognised by its form
 * and by the program that it names.
 *
 * @param output - all output of the command.
 * @param program - the program of the command.
 * @param found - the inspection of the command, which has exited with 125 to 127.
 */
export function isStartReport(output: string, program: string, found: Pick<ExecInspect, "Pid" | "CanRemove">): boolean {
  if (found.Pid !== 0) return false;
  // only Podman sets this
  if (!found.CanRemove) return isStartFailure(output);
  return podmanReport.test(output) && (reportedProgram.exec(output)?.[1] ?? program).endsWith(program);
}

/**
 * Returns the result of a command that could not be started, with the exit code that shells use, because exit codes differ
 * between engines.
 *
 * @param text - the engine's message.
 */
export function notStarted(text: string): ExecuteResult {
  return new ExecuteResult(isMissingProgram(text) ? 127 : 126, Buffer.alloc(0), Buffer.from(`${text.trim()}\n`));
}
