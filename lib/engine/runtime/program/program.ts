import type { Duplex, Readable, Writable } from "node:stream";
import type { Clock } from "../../clock.js";
import type { FileSystem } from "../../files/file-system.js";
import type { ProcessRow, TerminalSize } from "../executor.js";

/** A function that an embedded engine runs as a program of a container. */
export type Program = (context: ProgramContext) => number | undefined | Promise<number | undefined>;

/** A child process that a program started. */
export interface ChildProcess {
  /** Process ID. */
  readonly pid: number;
  /** Resolves to the exit code: 128 plus the number of the signal for a process that a signal ended. */
  readonly exited: Promise<number>;
  /** Sends a signal, such as `SIGTERM`. */
  kill(signal: string): void;
}

/** The settings of a child process. Everything is inherited by default. */
export interface ChildOptions {
  /** Environment. */
  env?: Readonly<Record<string, string>>;
  /** Working directory. */
  cwd?: string;
  /** Standard input. */
  stdin?: Readable;
  /** Standard output. */
  stdout?: Writable;
  /** Standard error. */
  stderr?: Writable;
}

/** An interface to a network of a container. */
export interface NetworkInterface {
  /** Its name, such as `eth0`. */
  readonly name: string;
  /** Its MAC address. */
  readonly mac: string;
  /** Its addresses, such as `172.17.0.2/16`. */
  readonly addresses: readonly string[];
  /** The address that what is outside of its networks is reached by; undefined if it is another interface that leads there. */
  readonly gateway?: string;
}

/** Whom a process runs as. */
export interface ProcessUser {
  /** ID of the user. */
  readonly uid: number;
  /** ID of the group. */
  readonly gid: number;
  /** IDs of the further groups. */
  readonly groups: readonly number[];
}

/** The terminals of the standard descriptors. */
export type Terminals = readonly [
  stdin: TerminalSize | undefined,
  stdout: TerminalSize | undefined,
  stderr: TerminalSize | undefined,
];

/** What a program sees of its container. */
export interface ProgramContext {
  /** The name it was called by, and its arguments. */
  readonly argv: readonly string[];
  /** Environment variables. */
  readonly env: Readonly<Record<string, string>>;
  /** Working directory. */
  readonly cwd: string;
  /** IDs of its user and groups. */
  readonly user: ProcessUser;
  /** Process ID. The first process of a container has the ID 1. */
  readonly pid: number;
  /** Process ID of the parent; 0 for the first process. */
  readonly parent: number;
  /** Standard input. */
  readonly stdin: Readable;
  /** Standard output. */
  readonly stdout: Writable;
  /** Standard error. */
  readonly stderr: Writable;
  /** The sizes of the terminals that standard input, output and error are; undefined for those that are none. */
  readonly terminals: Terminals;
  /** The files of the container. */
  readonly files: FileSystem;
  /** Returns a path as an absolute one: relative paths start at the working directory. */
  resolve(path: string): string;
  /** Host name of the container. */
  readonly hostname: string;
  /** The interfaces to its networks, apart from the one to itself. */
  readonly interfaces: readonly NetworkInterface[];
  /** The engine's clock. */
  readonly clock: Clock;
  /** Aborts when the process is killed by a signal that it does not handle. A program should stop then. */
  readonly signal: AbortSignal;
  /**
   * Handles a signal, such as `SIGTERM`, in place of its default action. `SIGKILL` and `SIGSTOP` cannot be handled.
   *
   * @param handler - called with the name of the signal; `"ignore"` ignores it, `"default"` restores the default action.
   */
  onSignal(signal: string, handler: ((signal: string) => void) | "ignore" | "default"): void;
  /**
   * Starts another program.
   *
   * @throws {@link StartError} when there is no such program.
   */
  spawn(argv: readonly string[], options?: ChildOptions): Promise<ChildProcess>;
  /** Ends this process at once. */
  exit(code: number): never;
  /** Returns the running processes of the container. */
  processes(): ProcessRow[];
  /** Sends a signal to a process of the container. Returns false if there is no such process. */
  kill(pid: number, signal: string): boolean;
  /**
   * Accepts connections on a port, also on the port that it is published as.
   *
   * @param onConnection - called with each connection.
   * @returns a function that closes the port.
   */
  listen(port: number, onConnection: (connection: Duplex) => void): () => void;
  /** Connects to a port of this container, or of another container or host by name or address. */
  connect(host: string, port: number): Promise<Duplex>;
}
