import { InvalidJobError } from "../errors.js";

/** The most levels of a value: requests have five. */
const DEPTH = 16;

/**
 * Turns a value of a request or a response into its form on the wire, in which the names of members begin with a capital letter, as
 * in geard.
 */
export function toWire(value: unknown): unknown {
  return renamed(value, (name) => name.charAt(0).toUpperCase() + name.slice(1), DEPTH);
}

/** Turns a value from the wire into that of a request or a response. @throws {@link InvalidJobError} if it has too many levels. */
export function fromWire(value: unknown): unknown {
  return renamed(value, (name) => name.charAt(0).toLowerCase() + name.slice(1), DEPTH);
}

function renamed(value: unknown, rename: (name: string) => string, depth: number): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) throw new InvalidJobError(`the request has more than ${DEPTH} levels`);
  if (Array.isArray(value)) return value.map((each) => renamed(each, rename, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [rename(name), renamed(each, rename, depth - 1)]));
}
