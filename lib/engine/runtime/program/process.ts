import { inspect } from "node:util";
import { isError } from "../../../wire/realm.js";
import { Gate } from "../../changes.js";
import type { Clock } from "../../clock.js";
import { type Descriptor, DescriptorError } from "./descriptor.js";
import { DescriptorReadable, DescriptorWritable, type Operation } from "./descriptor-streams.js";
import type { Program, ProgramContext } from "./program.js";
import { Share } from "./shared-use.js";
import { defaultAction, signalNumber } from "./signals.js";
import { takeTurns } from "./turns.js";
import type { User } from "./users.js";

/** Milliseconds that a program has to stop after a signal ended its process. */
const patience = 1000;

/** The process has ended; what its program still tries to do fails with this. */
export class ProcessEndedError extends Error {
  constructor() {
    super("the process has ended");
    this.name = "ProcessEndedError";
  }
}

/** What a process starts with. */
export interface ProcessStart {
  /** Process ID in the container. */
  readonly pid: number;
  /** Process ID outside the container. */
  readonly hostPid: number;
  /** Process ID of the parent. */
  readonly parent: number;
  /** The name it is called by, and its arguments. */
  readonly argv: readonly string[];
  /** Environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Working directory. */
  readonly cwd: string;
  /** User and groups. */
  readonly user: User;
  /** Standard input, output and error. The process releases them when it ends. */
  readonly descriptors: readonly [Descriptor, Descriptor, Descriptor];
  /** The permission bits that its new files do not get. */
  readonly umask: number;
  /** Signals that it ignores from the start. */
  readonly ignored?: Iterable<string>;
}

/** What a process needs of its container. */
export interface ProcessHost {
  /** The engine's clock. */
  readonly clock: Clock;
  /** Closed while the container is paused. */
  readonly gate: Gate;
  /** Called when a process has ended. */
  ended(process: Process): void;
  /** Called with what the operator of the engine should know. */
  report(message: string): void;
}

type Handler = ((signal: string) => void) | "ignore";

/** A process of a container: a program that runs with descriptors, signals and an exit code. */
export class Process implements ProcessStart {
  readonly pid: number;
  readonly hostPid: number;
  /** Process ID of the parent: 1 after the first one ended. */
  parent: number;
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd: string;
  readonly user: User;
  descriptors: readonly [Descriptor, Descriptor, Descriptor];
  umask: number;
  /** When it started, in nanoseconds since 1970. */
  readonly started: bigint;
  /** Resolves to the exit code. */
  readonly exited: Promise<number>;
  stdin: DescriptorReadable;
  stdout: DescriptorWritable;
  stderr: DescriptorWritable;
  /** The signal that ended it; undefined if none did. */
  killedBy: string | undefined;
  /** What it has used of the processor. */
  readonly share = new Share();
  /** Whether the signals of its terminal reach it. */
  foreground = true;
  readonly #host: ProcessHost;
  readonly #handlers = new Map<string, Handler>();
  readonly #controller = new AbortController();
  readonly #stopped = new Gate();
  readonly #delayed: string[] = [];
  #holds = true;
  #exit: (code: number) => void = () => undefined;
  #finishing = false;
  #settled = false;
  #code: number | undefined;

  constructor(start: ProcessStart, host: ProcessHost) {
    this.pid = start.pid;
    this.hostPid = start.hostPid;
    this.parent = start.parent;
    this.argv = start.argv;
    this.env = start.env;
    this.cwd = start.cwd;
    this.user = start.user;
    this.umask = start.umask;
    this.descriptors = start.descriptors;
    this.#host = host;
    this.started = host.clock.now();
    this.exited = new Promise((resolve) => (this.#exit = resolve));
    for (const signal of start.ignored ?? []) this.#handlers.set(signal, "ignore");
    this.stdin = new DescriptorReadable(start.descriptors[0], this.operation);
    this.stdout = new DescriptorWritable(start.descriptors[1], this.#output);
    this.stderr = new DescriptorWritable(start.descriptors[2], this.#output);
  }

  /** Whether it has ended. */
  get hasEnded(): boolean {
    return this.#code !== undefined;
  }

  /** Aborts when it has ended. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The signals that it ignores; its children ignore them too. */
  get ignored(): string[] {
    return [...this.#handlers].filter(([, handler]) => handler === "ignore").map(([name]) => name);
  }

  /** Whether it runs, is stopped by a signal, or waits, as `ps` shows it. */
  get state(): "S" | "T" {
    return this.#stopped.isOpen ? "S" : "T";
  }

  /** Does something that takes time, as a system call: waits while the process is stopped, and fails when it has ended. */
  readonly operation: Operation = async (work) => {
    if (this.hasEnded) throw new ProcessEndedError();
    await this.#pass();
    this.share.count();
    const result = await work(this.signal);
    await takeTurns();
    await this.#pass();
    return result;
  };

  readonly #output: Operation = async (work) => {
    try {
      return await this.operation(work);
    } catch (error) {
      if (error instanceof DescriptorError && error.code === "EPIPE") this.deliver("SIGPIPE", true);
      throw error;
    }
  };

  /** Runs its program. */
  async run(program: Program, context: ProgramContext): Promise<void> {
    let code = 0;
    try {
      code = (await program(context)) ?? 0;
    } catch (error) {
      if (!this.#finishing && !this.hasEnded) {
        this.stderr.write(`${(isError(error) ? error.stack : undefined) ?? inspect(error)}\n`);
        code = 1;
      }
    }
    this.#settled = true;
    await this.finish(code);
  }

  /** Ends the process after all that it wrote has reached its readers. */
  async finish(code: number): Promise<void> {
    if (this.#finishing || this.hasEnded) return;
    this.#finishing = true;
    for (const stream of [this.stdout, this.stderr])
      if (!stream.closed) await new Promise<void>((resolve) => void stream.once("close", resolve).end());
    this.end(code & 0xff);
  }

  /** Handles a signal, or restores its default action. */
  handle(signal: string, handler: Handler | "default"): void {
    if (signal === "SIGKILL" || signal === "SIGSTOP") throw new TypeError(`${signal} cannot be handled`);
    if (handler === "default") this.#handlers.delete(signal);
    else this.#handlers.set(signal, handler);
  }

  /**
   * Delivers a signal.
   *
   * @param own - whether it comes from a process of the same container. Then it does nothing to the first process unless that
   *   handles it. From outside, `SIGKILL` and `SIGSTOP` always work.
   */
  deliver(signal: string, own: boolean): void {
    if (this.hasEnded) return;
    const handler = this.#handlers.get(signal);
    const action = defaultAction(signal);
    const forced = signal === "SIGKILL" || signal === "SIGSTOP";
    if (action === "continue") this.#resume();
    if (handler === "ignore" || (!handler && this.pid === 1 && (own || !forced))) return;
    if (handler) {
      if (this.#paused) this.#delayed.push(signal);
      else this.#call(handler, signal);
    } else if (action === "stop") this.#stopped.set(false);
    else if (action === "end") this.#kill(signal);
  }

  /** Ends the process at once. */
  end(code: number): void {
    if (this.hasEnded) return;
    this.#code = code;
    this.#controller.abort(new ProcessEndedError());
    this.stdin.detach();
    this.stdout.destroy();
    this.stderr.destroy();
    this.disown();
    this.share.end();
    this.#exit(code);
    this.#host.ended(this);
  }

  /** Called when the container is no longer paused. */
  resumed(): void {
    this.#deliverDelayed();
  }

  /** Writes to a descriptor as the streams of the process do: a pipe that nobody reads is a `SIGPIPE`. */
  async write(descriptor: Descriptor, data: Uint8Array): Promise<void> {
    await this.#output((signal) => descriptor.write(data, signal));
  }

  /** Releases the descriptors. A program that keeps descriptors of its own does it when it starts. */
  disown(): void {
    if (this.#holds) for (const descriptor of this.descriptors) descriptor.release();
    this.#holds = false;
  }

  /** Replaces the program, as `execve(2)` does: handled signals get their default action again. */
  replace(next: Pick<ProcessStart, "argv" | "env" | "cwd" | "descriptors">): void {
    for (const [signal, handler] of this.#handlers) if (handler !== "ignore") this.#handlers.delete(signal);
    this.stdin.detach();
    this.stdout.destroy();
    this.stderr.destroy();
    this.disown();
    this.argv = next.argv;
    this.env = next.env;
    this.cwd = next.cwd;
    this.descriptors = next.descriptors;
    this.#holds = true;
    this.stdin = new DescriptorReadable(next.descriptors[0], this.operation);
    this.stdout = new DescriptorWritable(next.descriptors[1], this.#output);
    this.stderr = new DescriptorWritable(next.descriptors[2], this.#output);
  }

  get #paused(): boolean {
    return !this.#stopped.isOpen || !this.#host.gate.isOpen;
  }

  async #pass(): Promise<void> {
    await this.#stopped.pass(this.signal);
    await this.#host.gate.pass(this.signal);
    this.#deliverDelayed();
  }

  #resume(): void {
    this.#stopped.set(true);
    this.#deliverDelayed();
  }

  #deliverDelayed(): void {
    if (this.#paused) return;
    for (const signal of this.#delayed.splice(0)) this.deliver(signal, true);
  }

  #call(handler: Exclude<Handler, "ignore">, signal: string): void {
    try {
      handler(signal);
    } catch (error) {
      if (this.#finishing || this.hasEnded) return;
      this.stderr.write(`${(isError(error) ? error.stack : undefined) ?? inspect(error)}\n`);
      void this.finish(1);
    }
  }

  #kill(signal: string): void {
    this.killedBy = signal;
    this.end(128 + (signalNumber(signal) ?? 0));
    void this.#reportAbandoned(signal);
  }

  /** A function cannot be stopped from outside: one that does not stop is left to itself. */
  async #reportAbandoned(signal: string): Promise<void> {
    await this.#host.clock.sleep(patience).catch(() => undefined);
    if (this.#settled) return;
    const command = this.argv.join(" ");
    this.#host.report(
      `the program of process ${this.pid} (${command}) did not stop after ${signal}: it is abandoned and may still use processor time`,
    );
  }
}
