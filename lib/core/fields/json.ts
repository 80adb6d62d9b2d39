import { isRecord, isText, type TextField, type Versions } from "./field.js";
import { query } from "./query.js";

/** A list, as JSON in the query. */
export const jsonList = (key: string, versions?: Versions): TextField<readonly unknown[]> =>
  query(key, "json-array", "a list", (v) => (Array.isArray(v) ? JSON.stringify(v) : undefined), versions);

/** An object with string values, as JSON in the query. */
export const jsonMap = (key: string, versions?: Versions): TextField<Readonly<Record<string, string>>> =>
  query(
    key,
    "json-map",
    "an object with string values",
    (v) => (isRecord(v) && Object.values(v).every(isText) ? JSON.stringify(v) : undefined),
    versions,
  );

/** An object with string or null values, as JSON in the query. */
export const jsonMapNullable = (key: string, versions?: Versions): TextField<Readonly<Record<string, string | null>>> =>
  query(
    key,
    "json-map-nullable",
    "an object with string or null values",
    (v) => (isRecord(v) && Object.values(v).every((m) => m === null || isText(m)) ? JSON.stringify(v) : undefined),
    versions,
  );
