import type { CommandNode, CompoundList, Statement } from "unbash";
import type { Changes } from "../../../changes.js";
import type { Descriptor } from "../descriptor.js";
import type { ForkedProcess, ProcessContext } from "../process-context.js";
import type { Expander } from "./expander.js";
import type { ExpansionHost } from "./expansion-host.js";
import type { Redirections } from "./redirections.js";
import type { ShellState } from "./state.js";

/** How a command is run. */
export interface RunOptions {
  /** Whether nothing follows it: then an external program may replace the shell. */
  readonly last?: boolean;
}

/** A command that the shell runs itself. */
export interface Builtin {
  /** Runs it and returns its status. */
  run(shell: Shell, argv: readonly string[], options: RunOptions): number | Promise<number>;
  /** Whether POSIX calls it special: its errors end a script, and assignments before it stay. */
  readonly special?: boolean;
  /** Whether it is a program that is built in: its errors do not name it. */
  readonly applet?: boolean;
}

/** A family of builtins by name. */
export type Builtins = Readonly<Record<string, Builtin>>;

/** A shell as its commands see it. */
export interface Shell extends ExpansionHost {
  /** Its process. */
  readonly context: ProcessContext;
  readonly state: ShellState;
  readonly expander: Expander;
  readonly redirections: Redirections;
  /** The builtins by name. */
  readonly builtins: ReadonlyMap<string, Builtin>;
  /** Wakes `wait` when a signal with a trap arrives. */
  readonly trapped: Changes;
  /** The name of the builtin that runs; its errors begin with it. */
  builtin: string | undefined;
  /** Status of the last command substitution of the command; undefined if there was none. */
  substitutionStatus: number | undefined;
  /** Whether it reads commands from a terminal. */
  interactive: boolean;
  /** Whether a signal with a trap has arrived. */
  readonly hasPendingTraps: boolean;
  /** The signal that arrived first. */
  readonly firstPending: string | undefined;
  /** Returns an absolute path. */
  resolve(path: string): string;
  /** Writes to a descriptor of the shell. */
  write(number: number, text: string | Uint8Array): Promise<void>;
  /** Reads from a descriptor. */
  read(descriptor: Descriptor): Promise<Buffer | undefined>;
  /** Prints an error. */
  report(message: string): Promise<void>;
  /** Prints how a signal ended a child. */
  reportSignal(signal: string): Promise<void>;
  /**
   * Runs something in a subshell.
   *
   * @param replaced - descriptors that the subshell has in place of the shell's. It takes over their holders.
   */
  fork(body: (shell: Shell) => Promise<number>, replaced?: ReadonlyMap<number, Descriptor>, background?: boolean): ForkedProcess;
  /** Waits for a child in the foreground, and prints how a signal ended it. */
  finished(child: ForkedProcess): Promise<number>;
  /** Sets the trap of a signal: a command, `""` to ignore it, or undefined for the default action. */
  setTrap(signal: string, command: string | undefined): void;
  /** Notes that `^C` was typed. */
  interrupt(): void;
  /** Returns whether `^C` was typed since the last call. */
  takeInterrupt(): boolean;
  /** Runs a script. */
  evaluate(source: string, options?: RunOptions): Promise<number>;
  /** Runs statements one after the other. */
  statements(statements: readonly Statement[], options?: RunOptions): Promise<number>;
  /** Runs a list. */
  list(list: CompoundList, options?: RunOptions): Promise<number>;
  /** Runs a command of a pipeline. */
  command(node: CommandNode, options?: RunOptions): Promise<number>;
  /** Runs something whose status is tested, so that `set -e` does not exit. */
  tested(body: () => Promise<number>): Promise<number>;
  /** Exits if a command failed and `set -e` is set. */
  checkFailure(status: number): number;
}
