import { parseJson } from "../bounded-json.js";
import { badRequest } from "../engine-error.js";

/** The words that Docker reads as false in a flag; everything else is true. */
const falseWords = new Set(["", "0", "no", "false", "none"]);

/** Values of filters by name. */
export type Filters = ReadonlyMap<string, readonly string[]>;

/** The query string of a request, read as Docker reads it: the first of repeated keys counts. */
export class Query {
  readonly #params: URLSearchParams;

  constructor(params: URLSearchParams) {
    this.#params = params;
  }

  /** Returns whether a key is present. */
  has(key: string): boolean {
    return this.#params.has(key);
  }

  /** Returns the value of a key; an empty string if it is missing. */
  text(key: string): string {
    return this.#params.get(key) ?? "";
  }

  /** Returns all values of a key. */
  all(key: string): string[] {
    return this.#params.getAll(key);
  }

  /** Returns a flag. `fallback` applies to a missing key. */
  flag(key: string, fallback = false): boolean {
    const value = this.#params.get(key);
    return value === null ? fallback : !falseWords.has(value.trim().toLowerCase());
  }

  /**
   * Returns an integer, or undefined if the key is missing or empty.
   *
   * @throws an {@link EngineError} with status 400 for anything else.
   */
  integer(key: string): number | undefined {
    const value = this.text(key);
    if (value === "") return undefined;
    if (!/^[+-]?\d+$/.test(value)) throw badRequest(`strconv.Atoi: parsing ${JSON.stringify(value)}: invalid syntax`);
    return Number(value);
  }

  /**
   * Parses the JSON value of a key, or returns undefined if it is missing or empty.
   *
   * @throws an {@link EngineError} with status 400 for malformed JSON.
   */
  json(key: string): unknown {
    const value = this.text(key);
    if (value === "") return undefined;
    try {
      return parseJson(value);
    } catch (error) {
      throw badRequest(`invalid ${key}: ${(error as Error).message}`);
    }
  }

  /**
   * Parses `filters`: a JSON map of lists, or the map of maps that clients before API 1.22 send, of which the keys count.
   *
   * @param known - the names that the operation knows.
   * @param place - begins the message about malformed filters.
   * @throws an {@link EngineError} with status 400 for malformed JSON and unknown names.
   */
  filters(known: readonly string[], place = ""): Filters {
    const malformed = (): Error => badRequest(`${place}invalid filter`);
    const filters = new Map<string, readonly string[]>();
    let parsed: unknown;
    try {
      parsed = this.json("filters");
    } catch {
      throw malformed();
    }
    if (parsed === undefined || parsed === null) return filters;
    if (typeof parsed !== "object" || Array.isArray(parsed)) throw malformed();
    for (const [name, values] of Object.entries(parsed)) {
      const list = valuesOf(values);
      if (!list) throw malformed();
      filters.set(name, list);
    }
    for (const name of filters.keys()) if (!known.includes(name)) throw badRequest(`invalid filter '${name}'`);
    return filters;
  }
}

/** Returns the values of a filter in either form; undefined for anything else. */
function valuesOf(values: unknown): string[] | undefined {
  if (values === null) return [];
  if (typeof values !== "object") return undefined;
  const isValid = (value: unknown): boolean => (Array.isArray(values) ? typeof value === "string" : typeof value === "boolean");
  if (!Object.values(values).every(isValid)) return undefined;
  return Array.isArray(values) ? (values as string[]) : Object.keys(values); // checked above
}

/** Parses a boolean as Go does; undefined for other values. */
export function parseBoolean(text: string): boolean | undefined {
  if (/^(1|t|T|true|True|TRUE)$/.test(text)) return true;
  return /^(0|f|F|false|False|FALSE)$/.test(text) ? false : undefined;
}

/**
 * Returns the flag in a filter such as `dangling`.
 *
 * @param fallback - the value without the filter.
 * @throws an {@link EngineError} with status 400 for values other than `true`, `1`, `false` and `0`, and for none.
 */
export function filterFlag(filters: Filters, name: string, fallback: boolean): boolean {
  const values = filters.get(name);
  if (!values) return fallback;
  if (values.length === 0) throw badRequest(`invalid filter '${name}'`);
  const meanings = new Set(
    values.map((value) => (/^(1|true)$/i.test(value) ? true : /^(0|false)$/i.test(value) ? false : undefined)),
  );
  const [meaning] = meanings;
  if (meanings.size !== 1 || meaning === undefined) throw badRequest(`invalid filter '${name}=[${values.join(" ")}]'`);
  return meaning;
}

/** Returns whether labels satisfy the filter `label`: every value is a key, or `key=value`. */
export function matchesLabels(labels: Readonly<Record<string, string>> | undefined, wanted: readonly string[] = []): boolean {
  return wanted.every((want) => {
    const equals = want.indexOf("=");
    if (equals === -1) return labels !== undefined && Object.hasOwn(labels, want);
    return labels?.[want.slice(0, equals)] === want.slice(equals + 1);
  });
}

/**
 * Returns whether a value satisfies a filter such as `name`, whose values are regular expressions, of which one must match. Without
 * values, everything does. A malformed expression matches only itself.
 */
export function matchesPattern(value: string, patterns: readonly string[] = []): boolean {
  const matches = (pattern: string): boolean => {
    try {
      return new RegExp(pattern).test(value);
    } catch {
      return false;
    }
  };
  return patterns.length === 0 || patterns.includes(value) || patterns.some(matches);
}

/**
 * Returns the flag in a filter such as `all` of pruning: false without the filter.
 *
 * @throws an {@link EngineError} with status 400 for several values, and for one that is not a boolean of Go.
 */
export function parseFlag(filters: Filters, name: string): boolean {
  const values = filters.get(name) ?? [];
  if (values.length > 1) throw badRequest(`invalid filter '${name}=[${values.join(" ")}]': only one value is expected`);
  const [value] = values;
  if (value === undefined) return false;
  const flag = parseBoolean(value);
  if (flag !== undefined) return flag;
  throw badRequest(`invalid filter '${name}': strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
}
