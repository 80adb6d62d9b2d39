import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

/** What a command of the machine answered. */
export interface CommandResult {
  /** Exit code; -1 if it could not be started, or a signal ended it. */
  readonly code: number;
  /** What it printed to standard output. */
  readonly output: string;
  /** What it printed to standard error; why it could not be started. */
  readonly errors: string;
}

/**
 * Runs a command of the machine to its end.
 *
 * @param command - the command and its arguments.
 * @param input - its standard input. By default there is none.
 */
export async function runCommand(command: readonly string[], input: string | Readable = ""): Promise<CommandResult> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { stdio: "pipe" });
  const ended = new Promise<{ code: number; reason?: string }>((resolve) => {
    child.once("error", (error) => resolve({ code: -1, reason: error.message }));
    child.once("close", (code) => resolve({ code: code ?? -1 }));
  });
  child.stdin.on("error", () => undefined); // the command ended without reading it
  if (typeof input === "string") child.stdin.end(input);
  else input.on("error", () => child.kill()).pipe(child.stdin);
  const [{ code, reason }, output, errors] = await Promise.all([ended, textOf(child.stdout), textOf(child.stderr)]);
  return { code, output, errors: reason ?? errors };
}

const textOf = (stream: Readable): Promise<string> =>
  buffer(stream).then(
    (bytes) => bytes.toString(),
    () => "",
  );

/** Like {@link runCommand}, but a command that fails is an error with what it printed. */
export async function requireCommand(command: readonly string[], input?: string | Readable): Promise<string> {
  const { code, output, errors } = await runCommand(command, input);
  if (code !== 0) throw new Error(`${command[0] ?? ""}: ${errors.trim() || `exit code ${code}`}`);
  return output;
}
