import { posix } from "node:path";
import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Clock } from "../../../../lib/engine/clock.js";
import { LayeredTree } from "../../../../lib/engine/files/layered-tree.js";
import { MountedFiles } from "../../../../lib/engine/files/mounted-files.js";
import type { Tree } from "../../../../lib/engine/files/tree.js";
import type { ContainerProcess, ProcessSpec, SandboxSpec } from "../../../../lib/engine/runtime/executor.js";
import type { Program } from "../../../../lib/engine/runtime/program/program.js";
import { ProgramExecutor, type ProgramExecutorOptions } from "../../../../lib/engine/runtime/program/program-executor.js";
import { ProgramRegistry } from "../../../../lib/engine/runtime/program/registry.js";
import { sleep } from "../../../../lib/wire/clock.js";

/** The time of the machine. */
export const machineClock: Clock = {
  now: () => BigInt(Date.now()) * 1_000_000n,
  sleep: async (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
};

/** A process as containers start it without further settings. */
export const processSpec = (argv: readonly string[], more: Partial<ProcessSpec> = {}): ProcessSpec => ({
  argv,
  env: { PATH: "/usr/bin:/bin" },
  cwd: "/",
  user: "",
  tty: false,
  ...more,
});

/** A file of a container: its content and mode; a directory without a content. */
export interface BoxFile {
  content?: string;
  mode?: number;
  uid?: number;
}

/** Returns the files of a container. A text is the content of a file that can be executed if it begins with `#!`. */
export async function treeOf(files: Record<string, BoxFile | string> = {}): Promise<Tree> {
  const tree = new LayeredTree();
  const system = MountedFiles.of(tree);
  for (const [path, file] of Object.entries(files)) {
    const {
      content,
      mode,
      uid = 0,
    } = typeof file === "string" ? { content: file, mode: file.startsWith("#!") ? 0o755 : 0o644 } : file;
    await system.makeDirectory(content === undefined ? path : posix.dirname(path), { parents: true });
    if (content !== undefined) await system.writeFile(path, content);
    await system.change(path, { uid, ...(mode === undefined ? {} : { mode }) });
  }
  return tree;
}

/** A container of a few files. */
export const sandboxSpec = (
  argv: readonly string[],
  more: Partial<ProcessSpec> = {},
  root: Tree = new LayeredTree(),
): SandboxSpec => ({
  id: "0123456789abcdef",
  process: processSpec(argv, more),
  root,
  readOnly: false,
  mounts: [],
  hostname: "box",
  hosts: "",
  host: {},
  network: { kind: "own", endpoints: [], outside: undefined },
});

/** An executor of programs. */
export function executorOf(programs: Record<string, Program>, options: Partial<ProgramExecutorOptions> = {}): ProgramExecutor {
  const registry = new ProgramRegistry();
  for (const [name, program] of Object.entries(programs)) registry.register(name, program);
  return new ProgramExecutor({ clock: machineClock, registry, ...options });
}

/** Returns all that a stream delivers. */
export const text = async (stream: Readable | undefined): Promise<string> => (stream ? (await buffer(stream)).toString() : "");

/** Runs a process to its end without input. */
export async function outcome(process: ContainerProcess): Promise<{ stdout: string; stderr: string; code: number }> {
  process.stdin.end();
  const [stdout, stderr, { code }] = await Promise.all([text(process.stdout), text(process.stderr), process.exited]);
  return { stdout, stderr, code };
}
