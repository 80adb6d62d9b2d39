import type { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Clock } from "../../../../lib/engine/clock.js";
import type { Tree } from "../../../../lib/engine/files/tree.js";
import type { ContainerProcess, ProcessSpec, SandboxSpec } from "../../../../lib/engine/runtime/executor.js";
import type { Program } from "../../../../lib/engine/runtime/program/program.js";
import { ProgramExecutor, type ProgramExecutorOptions } from "../../../../lib/engine/runtime/program/program-executor.js";
import { ProgramRegistry } from "../../../../lib/engine/runtime/program/registry.js";
import { sleep } from "../../../../lib/wire/clock.js";
import { type FewFile, fewFiles } from "./few-files.js";

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

const noTree = {} as Tree;

/** A container of a few files. */
export const sandboxSpec = (argv: readonly string[], more: Partial<ProcessSpec> = {}): SandboxSpec => ({
  id: "0123456789abcdef",
  process: processSpec(argv, more),
  root: noTree,
  readOnly: false,
  mounts: [],
  hostname: "box",
  hosts: "",
  resources: {},
});

/** An executor of programs for containers that have a few files. */
export function executorOf(
  programs: Record<string, Program>,
  { files = {}, ...options }: { files?: Record<string, FewFile | string> } & Partial<ProgramExecutorOptions> = {},
): ProgramExecutor {
  const registry = new ProgramRegistry();
  for (const [name, program] of Object.entries(programs)) registry.register(name, program);
  return new ProgramExecutor({ clock: machineClock, registry, fileSystem: () => fewFiles(files), ...options });
}

/** Returns all that a stream delivers. */
export const text = async (stream: Readable | undefined): Promise<string> => (stream ? (await buffer(stream)).toString() : "");

/** Runs a process to its end without input. */
export async function outcome(process: ContainerProcess): Promise<{ stdout: string; stderr: string; code: number }> {
  process.stdin.end();
  const [stdout, stderr, { code }] = await Promise.all([text(process.stdout), text(process.stderr), process.exited]);
  return { stdout, stderr, code };
}
