import { isRecord, isText, type TextField, type Versions } from "./field.js";
import { query } from "./query.js";

/** The value of a filter: one or several, any of which may match. */
export type FilterValue = string | number | boolean | readonly (string | number | boolean)[];

/** Filters by name. */
export type Filters<Name extends string = string> = { readonly [K in Name]?: FilterValue | undefined };

/** Filters, as JSON that maps each name to its list of values. */
export const filters = <F extends Filters>(parts?: { readonly [K in keyof F]?: string }, versions?: Versions): TextField<F> => ({
  ...query<F>(
    "filters",
    "json-filters",
    "an object of filters, each a string, a number, a boolean or a list of these",
    (v) => encodeFilters(v),
    versions,
  ),
  parts: parts as Readonly<Record<string, string>> | undefined, // optional members of a literal are never undefined here
});

/** Encodes filters as the engine reads them; undefined when a value is not valid for a filter. */
export function encodeFilters(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  const lists: [name: string, values: string[]][] = [];
  for (const [name, given] of Object.entries(value)) {
    if (given === undefined) continue;
    const values: unknown[] = Array.isArray(given) ? given : [given];
    const written = values.map((v) => (isText(v) || Number.isFinite(v) || typeof v === "boolean" ? String(v) : undefined));
    if (!written.every((v) => v !== undefined)) return undefined;
    lists.push([name, written]);
  }
  return JSON.stringify(Object.fromEntries(lists));
}
