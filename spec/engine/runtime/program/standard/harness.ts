import { PassThrough, Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import type { FileSystem } from "../../../../../lib/engine/files/file-system.js";
import { StartError } from "../../../../../lib/engine/runtime/executor.js";
import type { Program, ProgramContext } from "../../../../../lib/engine/runtime/program/program.js";
import { standardPrograms } from "../../../../../lib/engine/runtime/program/standard/index.js";
import { wordsOf } from "./words.js";

/** The result of a program. Its output is a byte string. */
export interface Result {
  stdout: string;
  stderr: string;
  code: number;
}

/** Everything written to a stream, as a byte string. */
export async function collected(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) parts.push(chunk);
  return Buffer.concat(parts).toString("latin1");
}

/** A context whose output can be read. */
export type TestContext = ProgramContext & { readonly stdout: PassThrough; readonly stderr: PassThrough };

/** Runs a program to its end. */
export async function run(program: Program, context: TestContext): Promise<Result> {
  const { stdout, stderr } = context;
  const output = Promise.all([collected(stdout), collected(stderr)]);
  const code = (await program(context)) ?? 0;
  stdout.end();
  stderr.end();
  const [out, error] = await output;
  return { stdout: out, stderr: error, code };
}

/** The surroundings of a program that a spec may set. */
export type Surroundings = Partial<Omit<ProgramContext, "argv" | "files" | "stdin" | "stdout" | "stderr">> & {
  stdin?: string | Readable;
};

/** Returns a context for a program in `/data` with streams in memory. */
export function contextOf(argv: readonly string[], files: FileSystem, { stdin, ...rest }: Surroundings = {}): TestContext {
  const cwd = rest.cwd ?? "/data";
  const context: TestContext = {
    argv,
    env: {},
    cwd,
    user: { uid: 0, gid: 0, groups: [0] },
    pid: 1,
    parent: 0,
    stdin: typeof stdin === "object" ? stdin : Readable.from([Buffer.from(stdin ?? "", "latin1")], { objectMode: false }),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    terminals: [undefined, undefined, undefined],
    files,
    resolve: (path) => (path.startsWith("/") ? path : `${cwd}/${path}`),
    hostname: "box",
    interfaces: [],
    clock: {
      now: () => BigInt(Date.now()) * 1_000_000n,
      sleep: (time, signal) => setTimeout(time, undefined, { ...(signal ? { signal } : {}) }),
    },
    signal: new AbortController().signal,
    onSignal: () => undefined,
    spawn: async (child, options) => {
      // scripts of these specs are single commands
      const argv = child[0] === "sh" && child[1] === "-c" ? wordsOf(child[2] ?? "") : child;
      const program = standardPrograms[argv[0] ?? ""];
      if (!program) throw new StartError(`no program ${String(child[0])}`, 127);
      const inner = { ...context, ...options, argv, pid: context.pid + 1, parent: context.pid };
      return { pid: inner.pid, exited: Promise.resolve(program(inner)).then((code) => code ?? 0), kill: () => undefined };
    },
    exit: () => {
      throw new Error("exit is not supported here");
    },
    processes: () => [],
    kill: () => false,
    listen: () => {
      throw new Error("no network here");
    },
    connect: () => Promise.reject(new Error("no network here")),
    ...rest,
  };
  return context;
}
