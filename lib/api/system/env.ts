/** The values that {@link Env.getBool} interprets as false. */
const noes: ReadonlySet<string> = new Set(["", "0", "no", "false", "none"]);

/**
 * A response of the engine as a list of `KEY=value` strings, the format in which old engines returned the results of
 * {@link Client.info} and {@link Client.version}.
 *
 * @category System
 */
export class Env {
  readonly #values: ReadonlyMap<string, string>;

  /** @internal */
  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  /** All entries as `KEY=value`, in the order of the response. */
  get lines(): string[] {
    return [...this.#values].map(([key, value]) => `${key}=${value}`);
  }

  /** Returns whether the key exists. */
  exists(key: string): boolean {
    return this.#values.has(key);
  }

  /** Returns a value as a string: strings and numbers unchanged, objects and lists as JSON. Empty if the key does not exist. */
  get(key: string): string {
    return this.#values.get(key) ?? "";
  }

  /** Returns a value as a boolean: false for an empty string, `0`, `no`, `false` and `none`. */
  getBool(key: string): boolean {
    return !noes.has(this.get(key).trim().toLowerCase());
  }

  /** Returns a value as an integer; 0 if it is not a number. */
  getInt(key: string): number {
    const text = this.get(key);
    return /^[+-]?\d+$/.test(text) ? Number(text) : 0;
  }

  /**
   * Returns a value as a list of strings: the items of a JSON list, or else a list with only the value. Empty if the key does
   * not exist.
   */
  getList(key: string): string[] {
    if (!this.exists(key)) return [];
    const value = this.getJson(key);
    return Array.isArray(value) ? value.map(textOf) : [this.get(key)];
  }

  /** Parses a JSON value; returns undefined for other values. */
  getJson(key: string): unknown {
    try {
      return JSON.parse(this.get(key));
    } catch {
      // not JSON
      return undefined;
    }
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * Converts a response of the engine to {@link Env}. Undefined members are omitted.
 *
 * @param answer - the result of {@link Client.info} or {@link Client.version}.
 * @category Helpers
 */
export function toEnv(answer: object): Env {
  const values = Object.entries(answer).filter(([, value]) => value !== undefined);
  return new Env(new Map(values.map(([key, value]) => [key, textOf(value)])));
}
