import { posix } from "node:path";
import type { Duplex, Readable, Writable } from "node:stream";
import type { Clock } from "../../clock.js";
import type { FileSystem } from "../../files/file-system.js";
import type { ProcessRow } from "../executor.js";
import type { Descriptor } from "./descriptor.js";
import { descriptorOf } from "./descriptor-streams.js";
import { findInPath, findProgram, type FoundProgram } from "./lookup.js";
import { type Process, ProcessEndedError } from "./process.js";
import type { ChildOptions, ChildProcess, NetworkInterface, Program, ProgramContext, Terminals } from "./program.js";
import type { ProgramRegistry } from "./registry.js";
import { signalNumber } from "./signals.js";

/** What the processes of a container share. */
export interface ProcessServices {
  /** The engine's clock. */
  readonly clock: Clock;
  /** Host name of the container. */
  readonly hostname: string;
  /** The programs that can be started. */
  readonly registry: ProgramRegistry;
  /** Starts a process. */
  start(program: Program, start: ChildStart): Process;
  /** Returns the running processes. */
  rows(): ProcessRow[];
  /** Returns a running process. */
  find(pid: number): Process | undefined;
  /** Accepts connections on a port. */
  listen(port: number, onConnection: (connection: Duplex) => void): () => void;
  /** Connects to a port of the network. */
  connect(host: string, port: number): Promise<Duplex>;
  /** Returns the interfaces to the networks of the container. */
  interfaces(): readonly NetworkInterface[];
}

/** How a process of a container starts. */
export interface ChildStart {
  readonly parent: number;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly user: Process["user"];
  readonly descriptors: readonly [Descriptor, Descriptor, Descriptor];
  readonly ignored: readonly string[];
  readonly foreground: boolean;
  readonly umask: number;
}

/** The settings of a child that a program of this package starts. */
export interface ForkOptions extends Pick<ChildOptions, "env" | "cwd"> {
  /** Standard input, output and error, each with a holder for the child. The default is the parent's. */
  readonly descriptors?: readonly [Descriptor, Descriptor, Descriptor];
  /** Signals that the child ignores. The default is those that the parent ignores. */
  readonly ignored?: readonly string[];
  /** Whether the signals of the terminal reach the child. The default is true if they reach the parent. */
  readonly foreground?: boolean;
}

/** A child that was started by {@link ProcessContext.fork}. */
export interface ForkedProcess extends ChildProcess {
  /** Returns the signal that ended it; undefined if none did. */
  killedBy(): string | undefined;
}

/** What a process gets with a new program. */
export type ExecOptions = Required<Pick<ForkOptions, "env" | "cwd" | "descriptors">>;

/** What a program sees of its container. Programs of this package also use its processes and descriptors. */
export class ProcessContext implements ProgramContext {
  /** The process. */
  readonly process: Process;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly user: Process["user"];
  readonly pid: number;
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly files: FileSystem;
  readonly clock: Clock;
  readonly hostname: string;
  readonly signal: AbortSignal;
  readonly #services: ProcessServices;

  constructor(process: Process, files: FileSystem, services: ProcessServices) {
    this.process = process;
    this.argv = process.argv;
    this.env = process.env;
    this.cwd = process.cwd;
    this.user = process.user;
    this.pid = process.pid;
    this.stdin = process.stdin;
    this.stdout = process.stdout;
    this.stderr = process.stderr;
    this.files = files;
    this.hostname = services.hostname;
    this.signal = process.signal;
    this.#services = services;
    this.clock = {
      now: () => services.clock.now(),
      sleep: (milliseconds, signal) => process.operation((own) => services.clock.sleep(milliseconds, both(own, signal))),
    };
  }

  get parent(): number {
    return this.process.parent;
  }

  get terminals(): Terminals {
    const [stdin, stdout, stderr] = this.process.descriptors;
    return [stdin.terminal, stdout.terminal, stderr.terminal];
  }

  get interfaces(): readonly NetworkInterface[] {
    return this.#services.interfaces();
  }

  // the functions are properties, so that programs can take them out of the context

  readonly resolve = (path: string): string => posix.resolve(this.cwd, path);

  readonly onSignal = (signal: string, handler: ((signal: string) => void) | "ignore" | "default"): void => {
    this.process.handle(signal, handler);
  };

  /**
   * Finds the program of a command.
   *
   * @throws {@link ExecError}
   */
  readonly find = async (argv: readonly string[], options: Pick<ChildOptions, "env" | "cwd"> = {}): Promise<FoundProgram> =>
    findProgram(this.#place(options), argv);

  /** Finds the file of a command in `$PATH`. Returns undefined if there is none. */
  readonly which = async (name: string, options: Pick<ChildOptions, "env" | "cwd"> = {}): Promise<string | undefined> =>
    findInPath(this.#place(options), name);

  readonly spawn = async (argv: readonly string[], options: ChildOptions = {}): Promise<ChildProcess> =>
    this.process.operation(async () => {
      const found = await this.find(argv, options);
      const [stdin, stdout, stderr] = this.process.descriptors;
      return this.fork(found.program, found.argv, {
        env: options.env ?? this.env,
        cwd: options.cwd === undefined ? this.cwd : this.resolve(options.cwd),
        descriptors: [
          options.stdin ? descriptorOf(options.stdin, "read") : stdin.retain(),
          options.stdout ? descriptorOf(options.stdout, "write") : stdout.retain(),
          options.stderr ? descriptorOf(options.stderr, "write") : stderr.retain(),
        ],
      });
    });

  /** Starts a function as a further process, as `fork(2)` does. */
  readonly fork = (program: Program, argv: readonly string[], options: ForkOptions = {}): ForkedProcess => {
    if (this.process.hasEnded) {
      for (const descriptor of options.descriptors ?? []) descriptor.release();
      throw new ProcessEndedError();
    }
    const [stdin, stdout, stderr] = this.process.descriptors;
    const child = this.#services.start(program, {
      parent: this.pid,
      argv,
      env: options.env ?? this.env,
      cwd: options.cwd ?? this.cwd,
      user: this.user,
      descriptors: options.descriptors ?? [stdin.retain(), stdout.retain(), stderr.retain()],
      ignored: options.ignored ?? this.process.ignored,
      foreground: options.foreground ?? this.process.foreground,
      umask: this.process.umask,
    });
    const kill = (signal: string): void => child.deliver(signal, true);
    return { pid: child.pid, exited: child.exited, kill, killedBy: () => child.killedBy };
  };

  /** Runs another program in this process in place of the current one, as `execve(2)` does. Returns its exit code. */
  readonly exec = async ({ program, argv }: FoundProgram, options: ExecOptions): Promise<number> => {
    this.process.replace({ argv, env: options.env, cwd: options.cwd, descriptors: options.descriptors });
    return (await program(new ProcessContext(this.process, this.files, this.#services))) ?? 0;
  };

  readonly exit = (code: number): never => {
    void this.process.finish(code);
    throw new ProcessEndedError();
  };

  readonly processes = (): ProcessRow[] => this.#services.rows();

  readonly kill = (pid: number, signal: string): boolean => {
    const process = this.#services.find(pid);
    if (process && signalNumber(signal) !== 0) process.deliver(signal, true);
    return process !== undefined;
  };

  readonly listen = (port: number, onConnection: (connection: Duplex) => void): (() => void) => {
    const close = this.#services.listen(port, onConnection);
    void this.process.exited.then(close);
    return close;
  };

  readonly connect = async (host: string, port: number): Promise<Duplex> =>
    this.process.operation(() => this.#services.connect(host, port));

  #place(options: Pick<ChildOptions, "env" | "cwd">) {
    return {
      files: this.files,
      registry: this.#services.registry,
      env: options.env ?? this.env,
      cwd: options.cwd ?? this.cwd,
      user: this.user,
    };
  }
}

function both(own: AbortSignal | undefined, other: AbortSignal | undefined): AbortSignal | undefined {
  return own && other ? AbortSignal.any([own, other]) : (own ?? other);
}
