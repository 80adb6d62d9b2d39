import { Writable } from "node:stream";
import type { TerminalSize } from "../../executor.js";
import type { Program, ProgramContext } from "../program.js";
import type { Shell } from "./shell.js";

/** Keeps what a program writes. */
class Collector extends Writable {
  readonly chunks: Uint8Array[] = [];

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, callback: () => void): void {
    this.chunks.push(chunk);
    callback();
  }
}

/**
 * Runs a standard program within the shell: its output goes to the descriptors of the shell, and its errors begin with the name of
 * the shell.
 *
 * @param words - its arguments.
 */
export async function runApplet(shell: Shell, program: Program, words: readonly string[]): Promise<number> {
  const { context, state } = shell;
  const [stdout, stderr] = [new Collector(), new Collector()];
  const terminal = (descriptor: number): TerminalSize | undefined => state.descriptors.get(descriptor)?.terminal;
  const inside: ProgramContext = {
    argv: [state.name, ...words],
    env: context.env,
    cwd: state.cwd,
    user: context.user,
    pid: context.pid,
    parent: context.parent,
    stdin: context.stdin,
    stdout,
    stderr,
    terminals: [terminal(0), terminal(1), terminal(2)],
    files: context.files,
    resolve: (path) => shell.resolve(path),
    hostname: context.hostname,
    interfaces: context.interfaces,
    clock: context.clock,
    signal: context.signal,
    onSignal: context.onSignal,
    spawn: context.spawn,
    exit: context.exit,
    processes: context.processes,
    kill: context.kill,
    listen: context.listen,
    connect: context.connect,
  };
  const code = await program(inside);
  for (const chunk of stdout.chunks) await shell.write(1, chunk);
  for (const chunk of stderr.chunks) await shell.write(2, chunk);
  return code ?? 0;
}
