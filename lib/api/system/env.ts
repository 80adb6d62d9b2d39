/** Values that {@link Env.getBool} takes for false. */
const noes: ReadonlySet<string> = new Set(["", "0", "no", "false", "none"]);

/**
 * An answer of the engine as a list of `KEY=value`, the way in which engines of old gave what {@link Client.info} and
 * {@link Client.version} tell.
 *
 * @category System
 */
export class Env {
  readonly #values: ReadonlyMap<string, string>;

  /** @internal */
  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** All of it, each `KEY=value`, in the order of the answer. */
  get lines(): string[] {
    return [...this.#values].map(([key, value]) => `${key}=${value}`);
  }

  /** Whether there is such a key. */
  exists(key: string): boolean {
    return this.#values.has(key);
  }

  /** Gives a value as text: texts and numbers as they are, objects and lists as JSON. Empty when there is no such key. */
  get(key: string): string {
    return this.#values.get(key) ?? "";
  }

  /** Whether a value means yes: all do but the empty text, `0`, `no`, `false` and `none`. */
  getBool(key: string): boolean {
    return !noes.has(this.get(key).trim().toLowerCase());
  }

  /** Gives a value as a whole number; 0 when it is none. */
  getInt(key: string): number {
    const text = this.get(key);
    return /^[+-]?\d+$/.test(text) ? Number(text) : 0;
  }

  /** Gives a value as a list of texts: that of a JSON list, else the value alone. Empty when there is no such key. */
  getList(key: string): string[] {
    if (!this.exists(key)) return [];
    const value = this.getJson(key);
    return Array.isArray(value) ? value.map(textOf) : [this.get(key)];
  }

  /** Gives a value that is JSON; undefined when it is not. */
  getJson(key: string): unknown {
    try {
      return JSON.parse(this.get(key));
    } catch {
      // undefined says that it is not JSON
      return undefined;
    }
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * Gives an answer of the engine as {@link Env}. What the answer leaves out is left out.
 *
 * @param answer - what {@link Client.info} or {@link Client.version} gave.
 * @category System
 */
export function toEnv(answer: object): Env {
  const values = Object.entries(answer).filter(([, value]) => value !== undefined);
  return new Env(new Map(values.map(([key, value]) => [key, textOf(value)])));
}
