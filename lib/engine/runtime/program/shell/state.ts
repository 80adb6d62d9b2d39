import type { CompoundCommand, CompoundList, Redirected } from "unbash";
import type { Descriptor } from "../descriptor.js";
import { ClosedDescriptor } from "../devices.js";
import type { ForkedProcess } from "../process-context.js";
import { Variables } from "./variables.js";

/** The options of `set`, by their letters. */
export const optionNames = {
  a: "allexport",
  C: "noclobber",
  e: "errexit",
  f: "noglob",
  m: "monitor",
  n: "noexec",
  u: "nounset",
  v: "verbose",
  x: "xtrace",
} as const;

/** The name of an option of `set -o`. */
export type OptionName = (typeof optionNames)[keyof typeof optionNames] | "pipefail";

/** The body of a function, and the text it was read from. */
export interface ShellFunction {
  readonly body: CompoundCommand | Redirected | CompoundList;
}

/** A background job. */
export interface Job {
  readonly process: ForkedProcess;
  /** Its exit code, when it has ended. */
  code: number | undefined;
}

/** How deep functions and scripts may run each other: each takes memory of the engine. */
export const deepest = 1000;

/** Returns the standard descriptors for a child, with a holder for each. */
export function standardDescriptors(state: ShellState): [Descriptor, Descriptor, Descriptor] {
  const descriptor = (number: number): Descriptor => state.descriptors.get(number)?.retain() ?? new ClosedDescriptor();
  return [descriptor(0), descriptor(1), descriptor(2)];
}

/** All that a subshell inherits from its shell. */
export class ShellState {
  /** `$0`. */
  name = "sh";
  /** `$1` and the following. */
  positional: string[] = [];
  variables: Variables;
  functions = new Map<string, ShellFunction>();
  aliases = new Map<string, string>();
  /** Commands by the name of a signal, or `EXIT`. Empty for an ignored signal. */
  traps = new Map<string, string>();
  options = new Set<OptionName>();
  /** `$?`. */
  status = 0;
  /** `$!`. */
  lastBackground: number | undefined;
  cwd: string;
  /** The open descriptors; the shell is a holder of each. */
  descriptors = new Map<number, Descriptor>();
  jobs = new Map<number, Job>();
  /** How many loops run. */
  loops = 0;
  /** How many functions and scripts of `.` run. */
  calls = 0;
  /** How deep functions and scripts run each other. */
  depth = 0;
  /** How many conditions are evaluated: then `set -e` does not exit. */
  conditions = 0;
  /** The option of an argument at which `getopts` continues. */
  optionOffset = 1;
  /** The ID of the first shell: `$$`. */
  readonly shellPid: number;
  readonly #saved = new Set<SavedDescriptors>();
  /** The line that runs. */
  line = 0;
  /** The file that the script is read from; undefined for `-c` and standard input. */
  scriptFile: string | undefined;

  constructor(pid: number, cwd: string, variables: Variables) {
    this.shellPid = pid;
    this.cwd = cwd;
    this.variables = variables;
  }

  /** Returns what a subshell starts with. Traps are reset, except for ignored signals. */
  fork(): ShellState {
    const child = new ShellState(this.shellPid, this.cwd, this.variables.copy());
    child.name = this.name;
    child.positional = [...this.positional];
    child.functions = new Map(this.functions);
    child.aliases = new Map(this.aliases);
    child.traps = new Map([...this.traps].filter(([, command]) => command === ""));
    child.options = new Set(this.options);
    child.options.delete("monitor");
    child.status = this.status;
    child.lastBackground = this.lastBackground;
    child.descriptors = new Map([...this.descriptors].map(([number, descriptor]) => [number, descriptor.retain()]));
    child.loops = this.loops;
    child.calls = this.calls;
    child.depth = this.depth;
    child.conditions = this.conditions;
    child.optionOffset = this.optionOffset;
    child.scriptFile = this.scriptFile;
    child.line = this.line;
    return child;
  }

  /** Replaces a descriptor. The state takes over the holder; undefined closes it. */
  setDescriptor(number: number, descriptor: Descriptor | undefined): void {
    this.descriptors.get(number)?.release();
    if (descriptor) this.descriptors.set(number, descriptor);
    else this.descriptors.delete(number);
  }

  /** Begins redirections that can be undone. */
  saveDescriptors(): SavedDescriptors {
    const saved = new SavedDescriptors(this, () => this.#saved.delete(saved));
    this.#saved.add(saved);
    return saved;
  }

  /** Releases all descriptors. */
  releaseDescriptors(): void {
    for (const saved of [...this.#saved]) saved.discard();
    for (const descriptor of this.descriptors.values()) descriptor.release();
    this.descriptors.clear();
  }
}

/** Descriptors that redirections have replaced. */
export class SavedDescriptors {
  readonly #state: ShellState;
  readonly #done: () => void;
  readonly #before = new Map<number, Descriptor | undefined>();

  /** @param done - called when they are restored or discarded. */
  constructor(state: ShellState, done: () => void) {
    this.#state = state;
    this.#done = done;
  }

  /** Replaces a descriptor; undefined closes it. */
  replace(number: number, descriptor: Descriptor | undefined): void {
    if (!this.#before.has(number)) this.#before.set(number, this.#state.descriptors.get(number)?.retain());
    this.#state.setDescriptor(number, descriptor);
  }

  /** Undoes the redirections. Does nothing after the shell has released its descriptors. */
  restore(): void {
    for (const [number, descriptor] of this.#before) this.#state.setDescriptor(number, descriptor);
    this.#before.clear();
    this.#done();
  }

  /** Makes the redirections permanent. */
  discard(): void {
    for (const descriptor of this.#before.values()) descriptor?.release();
    this.#before.clear();
    this.#done();
  }
}
