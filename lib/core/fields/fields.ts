import { atLeast } from "../../wire/api-version.js";
import { encodeTimestamp, type Timestamp } from "../../wire/timestamp.js";

/** How a value is written on the wire. */
export type Encoding =
  | "text"
  | "boolean"
  | "integer"
  | "decimal"
  | "timestamp"
  | "repeat"
  | "json-array"
  | "json-map"
  | "json-map-nullable"
  | "json-filters"
  | "platform-string"
  | "platform-json"
  | "repeat-platform-json"
  | "json"
  | "header"
  | "none";

/**
 * Where a value goes: into the path, the query, a header, the JSON body, or a header that nobody gets to see; or nowhere,
 * because the method itself uses it.
 */
export type Place = "path" | "query" | "header" | "body" | "credentials" | "local";

/** What every field can say of itself. */
interface FieldFacts {
  /** Name on the wire. Empty for a body field whose members go into the body's root. */
  readonly key: string;
  /** How the value is written. */
  readonly encoding: Encoding;
  /** Lowest API version that knows the field. */
  readonly since?: string | undefined;
  /** First API version that no longer knows it. */
  readonly removed?: string | undefined;
  /** API versions of parts of the value: names of filters, or paths into a body such as `HostConfig.Init`. */
  readonly parts?: Readonly<Record<string, string>> | undefined;
  /** First API versions that no longer know parts of the value, by the same paths. */
  readonly removedParts?: Readonly<Record<string, string>> | undefined;
  /** Whether the operation requires it, and then whether it must not be empty either. */
  readonly required?: boolean | "nonempty" | undefined;
  /** What the value must be, for the message to a caller who gave something else. */
  readonly expects: string;
}

/** A field of the query or a header, or a path parameter. */
export interface TextField<T> extends FieldFacts {
  readonly in: "path" | "query" | "header";
  /** Writes the value; undefined when it is not what the field expects. */
  readonly encode: (value: T) => string | readonly string[] | undefined;
}

/** A field of the JSON body. */
export interface BodyField<T> extends FieldFacts {
  readonly in: "body";
  /** Turns the value into what `JSON.stringify` is to write; undefined when it is not what the field expects. */
  readonly encode: (value: T) => unknown;
}

/** A field that is not sent as it is: the method makes something of it. */
export interface LocalField extends FieldFacts {
  readonly in: "local";
}

/** A field that becomes a header that neither interceptors nor messages get to see. */
export interface CredentialsField extends FieldFacts {
  readonly in: "credentials";
}

/** One option's wire metadata: the counterpart of a struct tag. */
export type Field<T> = TextField<T> | BodyField<T> | LocalField | CredentialsField;

/** The metadata of an options type: one field for each option, no more and no fewer. */
export type QueryFields<O> = { readonly [K in keyof O]-?: Field<NonNullable<O[K]>> };

/** The versions that bound a field. */
export interface Versions {
  /** Lowest API version that knows the field. */
  since?: string;
  /** First API version that no longer knows it. */
  removed?: string;
  /** Whether the operation requires it, and then whether it must not be empty either. By default false. */
  required?: boolean | "nonempty";
}

type Write<T> = (value: T) => string | readonly string[] | undefined;

function query<T>(key: string, encoding: Encoding, expects: string, encode: Write<T>, versions?: Versions): TextField<T> {
  return { in: "query", key, encoding, expects, encode, ...versions };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";
const asText = (value: string): string | undefined => (isText(value) ? value : undefined);
/** Half of a surrogate pair is no character: it cannot be percent-encoded. */
const asPathText = (value: string): string | undefined => (isText(value) && !/\p{Surrogate}/u.test(value) ? value : undefined);

/** An option that the method itself uses: a stream, a callback. */
export const local: LocalField = { in: "local", key: "", encoding: "none", expects: "" };

/** Credentials, which go into a header out of everyone's sight. */
export const credentials = (key: string): CredentialsField => ({ in: "credentials", key, encoding: "header", expects: "" });

/** An option that is part of the path. Always percent-encoded; the wire has no name for it. */
export const inPath: TextField<string> = {
  in: "path",
  key: "",
  encoding: "text",
  expects: "a text",
  required: true,
  encode: asPathText,
};

/** A plain text. */
export const text = (key: string, versions?: Versions): TextField<string> => query(key, "text", "a text", asText, versions);

/** `1` or `0`. */
export const flag = (key: string, versions?: Versions): TextField<boolean> =>
  query(key, "boolean", "true or false", (v) => (typeof v === "boolean" ? (v ? "1" : "0") : undefined), versions);

/** A whole number. */
export const integer = (key: string, versions?: Versions): TextField<number> =>
  query(key, "integer", "a whole number", (v) => (Number.isSafeInteger(v) ? String(v) : undefined), versions);

/** A number in its shortest decimal form. */
export const decimal = (key: string, versions?: Versions): TextField<number> =>
  query(key, "decimal", "a finite number", (v) => (Number.isFinite(v) ? String(v) : undefined), versions);

/** A point in time. */
export const timestamp = (key: string, versions?: Versions): TextField<Timestamp> =>
  query(
    key,
    "timestamp",
    'a Date, seconds, nanoseconds as a bigint, RFC 3339, or a time back from now such as "10m"',
    encodeTimestamp,
    versions,
  );

/** A key that occurs once for each value. A single text counts as a list of one. */
export const repeated = (key: string, versions?: Versions): TextField<string | readonly string[]> =>
  query(
    key,
    "repeat",
    "a text or a list of texts",
    (v) => (isText(v) ? [v] : Array.isArray(v) && v.every(isText) ? v : undefined),
    versions,
  );

/** A list, as JSON text. */
export const jsonList = (key: string, versions?: Versions): TextField<readonly unknown[]> =>
  query(key, "json-array", "a list", (v) => (Array.isArray(v) ? JSON.stringify(v) : undefined), versions);

/** An object of texts, as JSON text. */
export const jsonMap = (key: string, versions?: Versions): TextField<Readonly<Record<string, string>>> =>
  query(
    key,
    "json-map",
    "an object of texts",
    (v) => (isRecord(v) && Object.values(v).every(isText) ? JSON.stringify(v) : undefined),
    versions,
  );

/** An object of texts and nulls, as JSON text. */
export const jsonMapNullable = (key: string, versions?: Versions): TextField<Readonly<Record<string, string | null>>> =>
  query(
    key,
    "json-map-nullable",
    "an object of texts and nulls",
    (v) => (isRecord(v) && Object.values(v).every((m) => m === null || isText(m)) ? JSON.stringify(v) : undefined),
    versions,
  );

/** What one filter accepts: one value or several, any of which may match. */
export type FilterValue = string | number | boolean | readonly (string | number | boolean)[];

/** Filters by name. */
export type Filters<Name extends string = string> = { readonly [K in Name]?: FilterValue | undefined };

/** Filters, as JSON text that maps each name to its list of values. */
export const filters = <F extends Filters>(parts?: { readonly [K in keyof F]?: string }, versions?: Versions): TextField<F> => ({
  ...query<F>(
    "filters",
    "json-filters",
    "an object that gives each filter a text, a number, a boolean or a list of those",
    (v) => encodeFilters(v),
    versions,
  ),
  parts: parts as Readonly<Record<string, string>> | undefined, // optional members of a literal are never undefined here
});

/** Writes filters as the engine reads them; undefined when a value is not one that a filter takes. */
export function encodeFilters(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  const lists: [name: string, texts: string[]][] = [];
  for (const [name, given] of Object.entries(value)) {
    if (given === undefined) continue;
    const values: unknown[] = Array.isArray(given) ? given : [given];
    const texts = values.map((v) => (isText(v) || Number.isFinite(v) || typeof v === "boolean" ? String(v) : undefined));
    if (!texts.every((t) => t !== undefined)) return undefined;
    lists.push([name, texts]);
  }
  return JSON.stringify(Object.fromEntries(lists));
}

/** An OCI platform, as the engine takes it for one variant of an image. */
export interface OciPlatform {
  /** Operating system, such as `linux`. */
  os: string;
  /** Processor architecture, such as `amd64` or `arm64`. */
  architecture: string;
  /** Variant of the architecture, such as `v8`. */
  variant?: string;
  /** Version of the operating system, for Windows. */
  "os.version"?: string;
  /** Features that the operating system must have, for Windows. */
  "os.features"?: readonly string[];
}

/** A platform: `os[/architecture[/variant]]` or its parts. */
export type Platform = string | OciPlatform;

function platformText(value: Platform): string | undefined {
  if (isText(value)) return value;
  if (!isRecord(value) || !isText(value.os) || !isText(value.architecture)) return undefined;
  return [value.os, value.architecture, ...(value.variant === undefined ? [] : [value.variant])].join("/");
}

function platformObject(value: Platform): string | undefined {
  if (isRecord(value)) return isText(value.os) && isText(value.architecture) ? JSON.stringify(value) : undefined;
  if (!isText(value)) return undefined;
  const [os, architecture, variant, ...more] = value.split("/");
  if (!os || !architecture || more.length > 0) return undefined;
  return JSON.stringify({ os, architecture, ...(variant ? { variant } : {}) });
}

/** A platform as `os[/architecture[/variant]]`. */
export const platformString = (key: string, versions?: Versions): TextField<Platform> =>
  query(key, "platform-string", "a platform such as linux/arm64 or { os, architecture }", platformText, versions);

/** A platform as one JSON object. */
export const platformJson = (key: string, versions?: Versions): TextField<Platform> =>
  query(key, "platform-json", "a platform such as linux/arm64 or { os, architecture }", platformObject, versions);

/** Platforms, each a JSON object under the same key. */
export const repeatedPlatformJson = (key: string, versions?: Versions): TextField<Platform | readonly Platform[]> =>
  query(
    key,
    "repeat-platform-json",
    "a platform such as linux/arm64 or { os, architecture }, or a list of them",
    (v) => {
      const list = (Array.isArray(v) ? v : [v]).map((platform: Platform) => platformObject(platform));
      return list.every((platform) => platform !== undefined) ? list : undefined;
    },
    versions,
  );

/** Versions of a body field, and of what lies within it. */
export type BodyVersions = Versions & Pick<FieldFacts, "parts" | "removedParts">;

/** A member of the JSON body. */
export const member = <T>(key: string, versions?: BodyVersions): BodyField<T> => ({
  in: "body",
  key,
  encoding: "json",
  expects: "a JSON value",
  encode: (v) => v,
  ...versions,
});

/** An object whose members go into the root of the JSON body. */
export const body = <T extends object>(versions?: BodyVersions): BodyField<T> => ({
  in: "body",
  key: "",
  encoding: "json",
  expects: "an object",
  encode: (v) => (isRecord(v) ? v : undefined),
  ...versions,
});

/** A list that is the whole of the JSON body. */
export const bodyList = <T extends readonly unknown[]>(versions?: Versions): BodyField<T> => ({
  in: "body",
  key: "",
  encoding: "json",
  expects: "a list",
  encode: (v) => (Array.isArray(v) ? v : undefined),
  ...versions,
});

/** Whether an API version knows something with these bounds. */
export function isKnown(version: string, bounds: { since?: string | undefined; removed?: string | undefined }): boolean {
  if (bounds.since !== undefined && !atLeast(version, bounds.since)) return false;
  return bounds.removed === undefined || !atLeast(version, bounds.removed);
}
