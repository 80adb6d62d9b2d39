/** How a command in a container ended, and what it wrote. @category Exec */
export class ExecuteResult {
  /** Its exit code; 127 when there is no such program, 126 when it cannot be run. */
  readonly exitCode: number;
  /** What it wrote to standard output, or to its terminal. Empty when there was an `outputStream`. */
  readonly stdout: Buffer;
  /** What it wrote to standard error, or why it could not be run. Empty when there was an `errorStream`. */
  readonly stderr: Buffer;

  /** @internal */
  constructor(exitCode: number, stdout: Buffer, stderr: Buffer) {
    this.exitCode = exitCode;
    this.stdout = stdout;
    this.stderr = stderr;
  }

  /** Standard output as UTF-8, without the line ends at its end. */
  get stdoutText(): string {
    return this.stdout.toString().replace(/[\r\n]+$/, "");
  }

  /** Standard error as UTF-8, without the line ends at its end. */
  get stderrText(): string {
    return this.stderr.toString().replace(/[\r\n]+$/, "");
  }
}

const startFailure = /OCI runtime|exec failed|starting container process|unable to (start|find)|executable file|no such file/i;
const missingProgram = /executable file .*not found|exec: .*no such file or directory|command .*was not found/i;

/** Whether an engine's words mean that it could not start a command. */
export function isStartFailure(text: string): boolean {
  return startFailure.test(text);
}

/**
 * Makes the result of a command that could not be started, with the exit code of shells in such a case: engines have
 * different ones.
 *
 * @param text - the engine's words.
 */
export function notStarted(text: string): ExecuteResult {
  return new ExecuteResult(missingProgram.test(text) ? 127 : 126, Buffer.alloc(0), Buffer.from(`${text.trim()}\n`));
}
