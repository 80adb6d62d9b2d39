import { ShellError } from "./control.js";

/** A variable of a shell. */
interface Variable {
  /** Its value; undefined if it is only marked. */
  value: string | undefined;
  /** Whether commands get it in their environment. */
  exported: boolean;
  /** Whether it cannot be changed. */
  readonly: boolean;
}

/** Whether a word is the name of a variable. */
export const isName = (word: string): boolean => /^[A-Za-z_]\w*$/.test(word);

/** The variables of a shell. */
export class Variables {
  #variables: Map<string, Variable>;
  /** The variables that functions hide with `local`, innermost last. */
  readonly #hidden: Map<string, Variable | undefined>[] = [];
  /** Called when a variable is assigned. */
  onAssign: (name: string) => void = () => undefined;
  /** Whether assigned variables are exported, as after `set -a`. */
  exportAll = false;

  constructor(environment: Readonly<Record<string, string>> = {}) {
    const named = Object.entries(environment).filter(([name]) => isName(name));
    this.#variables = new Map(named.map(([name, value]) => [name, { value, exported: true, readonly: false }]));
  }

  /** Returns a copy for a subshell. */
  copy(): Variables {
    const copy = new Variables();
    copy.#variables = new Map([...this.#variables].map(([name, variable]) => [name, { ...variable }]));
    copy.exportAll = this.exportAll;
    for (const hidden of this.#hidden) copy.#hidden.push(new Map(hidden));
    return copy;
  }

  /** Returns the value; undefined if the variable is unset. */
  get(name: string): string | undefined {
    return this.#variables.get(name)?.value;
  }

  /** Returns whether a variable is read-only. */
  isReadonly(name: string): boolean {
    return this.#variables.get(name)?.readonly ?? false;
  }

  /**
   * Assigns a variable.
   *
   * @throws {@link ShellError} when it is read-only.
   */
  set(name: string, value: string): void {
    const variable = this.#changeable(name);
    variable.value = value;
    if (this.exportAll) variable.exported = true;
    this.onAssign(name);
  }

  /** Removes a variable. */
  unset(name: string): void {
    this.#changeable(name);
    this.#variables.delete(name);
    this.onAssign(name);
  }

  /** Exports a variable, or no longer exports it. */
  export(name: string, exported = true): void {
    this.#made(name).exported = exported;
  }

  /** Makes a variable read-only. */
  protect(name: string): void {
    this.#made(name).readonly = true;
  }

  /** Assigns variables for a command, and returns a function that restores them. */
  assignFor(values: Iterable<readonly [string, string]>): () => void {
    const before = new Map<string, Variable | undefined>();
    for (const [name, value] of values) {
      const variable = this.#variables.get(name);
      if (!before.has(name)) before.set(name, variable && { ...variable });
      this.set(name, value);
      this.export(name);
    }
    return () => this.#restore(before);
  }

  /** Begins a function. Returns a function that restores what `local` has hidden. */
  enterFunction(): () => void {
    const hidden = new Map<string, Variable | undefined>();
    this.#hidden.push(hidden);
    return () => {
      this.#hidden.pop();
      this.#restore(hidden);
    };
  }

  /** Whether a function runs. */
  get inFunction(): boolean {
    return this.#hidden.length > 0;
  }

  /** Hides a variable until the function returns. It keeps its value until it is assigned, as in ash. */
  local(name: string): void {
    const hidden = this.#hidden.at(-1);
    if (!hidden || hidden.has(name)) return;
    const variable = this.#variables.get(name);
    if (variable?.readonly) throw new ShellError(`${name}: is read only`);
    hidden.set(name, variable && { ...variable });
  }

  /** Returns the environment of commands. */
  environment(more: Iterable<readonly [string, string]> = []): Record<string, string> {
    const exported = this.list((variable) => variable.exported);
    return Object.fromEntries([...exported, ...more]);
  }

  /** Returns names and values in the order of the names; by default of all variables that have a value. */
  list(wanted: (variable: Variable) => boolean = () => true): [string, string][] {
    const found: [string, string][] = [];
    for (const [name, variable] of this.#variables)
      if (variable.value !== undefined && wanted(variable)) found.push([name, variable.value]);
    return found.sort(([a], [b]) => (a < b ? -1 : 1));
  }

  #restore(before: ReadonlyMap<string, Variable | undefined>): void {
    for (const [name, variable] of before) {
      if (variable) this.#variables.set(name, variable);
      else this.#variables.delete(name);
      this.onAssign(name);
    }
  }

  #changeable(name: string): Variable {
    const variable = this.#made(name);
    if (variable.readonly) throw new ShellError(`${name}: is read only`);
    return variable;
  }

  #made(name: string): Variable {
    const known = this.#variables.get(name);
    if (known) return known;
    const made: Variable = { value: undefined, exported: false, readonly: false };
    this.#variables.set(name, made);
    return made;
  }
}
