import { isDate } from "../../wire/realm.js";
import { encodeTimestamp } from "../../wire/timestamp.js";
import type { MemberShapes } from "../members/shape.js";
import { isRecord, isText, type TextField, type Versions } from "./field.js";
import { query } from "./query.js";

/** The value of a filter, or a list of values, any of which may match. */
export type FilterValue = string | number | boolean | readonly (string | number | boolean)[];

/** Filters by name. */
export type Filters<Name extends string = string> = { readonly [K in Name]?: FilterValue | undefined };

/** Filters, some of which may accept times. */
type AnyFilters = { readonly [K in string]?: FilterValue | Date | undefined };

/** Every filter of an operation, with the API version that introduced it; true if every version has the filter. */
export type FilterVersions<F extends AnyFilters> = { readonly [K in keyof F & string]-?: string | true };

/** Returns the names of filters as the members of their option. */
export const filterMembers = (filters: Readonly<Record<string, unknown>>): MemberShapes =>
  Object.fromEntries(Object.keys(filters).map((name) => [name, "value"]));

/** Filters, as JSON that maps each name to a list of values. */
export function filters<F extends AnyFilters>(known: FilterVersions<F>, versions?: Versions): TextField<F> {
  const later = Object.entries<string | true>(known).filter((filter): filter is [string, string] => filter[1] !== true);
  return {
    ...query<F>(
      "filters",
      "json-filters",
      "an object of filters, each a string, a number, a boolean or a list of these",
      (v) => encodeFilters(v),
      versions,
    ),
    parts: later.length > 0 ? Object.fromEntries(later) : undefined,
    members: filterMembers(known),
  };
}

function encodeValue(value: unknown): string | undefined {
  if (isDate(value)) return encodeTimestamp(value);
  return isText(value) || Number.isFinite(value) || typeof value === "boolean" ? String(value) : undefined;
}

/** Encodes filters as the engine reads them; undefined when a value is not valid for a filter. */
export function encodeFilters(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  const lists: [name: string, values: string[]][] = [];
  for (const [name, given] of Object.entries(value)) {
    if (given === undefined) continue;
    const values: unknown[] = Array.isArray(given) ? given : [given];
    const written = values.map(encodeValue);
    if (!written.every((v) => v !== undefined)) return undefined;
    lists.push([name, written]);
  }
  return JSON.stringify(Object.fromEntries(lists));
}
