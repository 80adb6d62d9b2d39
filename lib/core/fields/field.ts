import { atLeast } from "../../wire/api-version.js";
import type { Shape } from "../members/shape.js";

/** How a value is written on the wire. */
export type Encoding =
  | "text"
  | "reference"
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
  | "input-stream"
  | "output-stream"
  | "none";

/**
 * Where a value goes: the path, the query, a header, the JSON body, or a hidden header with credentials. A `notSent` option has
 * no place in the request; the method itself uses it.
 */
export type Place = "path" | "query" | "header" | "body" | "credentials" | "notSent";

/** The metadata that every field has. */
export interface FieldFacts {
  /** Name on the wire. Empty for a body field whose members go into the body's root. */
  readonly key: string;
  /** How the value is written. */
  readonly encoding: Encoding;
  /** API version that introduced the field. */
  readonly since?: string | undefined;
  /** API version that removed the field. */
  readonly removed?: string | undefined;
  /** API versions that introduced members of the value: names of filters, or paths into a body such as `HostConfig.Init`. */
  readonly parts?: Readonly<Record<string, string>> | undefined;
  /** API versions that removed members of the value, by the same paths. */
  readonly removedParts?: Readonly<Record<string, string>> | undefined;
  /**
   * The values of body members that request nothing, by path, where they differ from the empty values (`""`, `0`, `false`, `[]`,
   * and objects with only such values). Null always requests nothing.
   */
  readonly defaults?: Readonly<Record<string, readonly unknown[]>> | undefined;
  /** The names that are valid in the value at every depth: filters, or members of the body. Undefined if it has none. */
  readonly members?: Shape | undefined;
  /** Whether the operation requires the option; `nonempty` also rejects an empty string. */
  readonly required?: boolean | "nonempty" | undefined;
  /** A description of the expected value, for the message when the caller passes something else. */
  readonly expects: string;
}

/** A field of the query or a header, or a path parameter. */
export interface TextField<T> extends FieldFacts {
  readonly in: "path" | "query" | "header";
  /** Encodes the value; undefined when the field does not accept it. */
  readonly encode: (value: T) => string | readonly string[] | undefined;
  /** Explains why `encode` rejects a value of the right type, as the predicate of a sentence; undefined if the type is wrong. */
  readonly explain?: (value: unknown) => string | undefined;
}

/** A field of the JSON body. */
export interface BodyField<T> extends FieldFacts {
  readonly in: "body";
  /** Converts the value into what `JSON.stringify` writes; undefined when the field does not accept it. */
  readonly encode: (value: T) => unknown;
}

/** An option that has no place in the request: the method itself uses it. */
export interface NotSentField extends FieldFacts {
  readonly in: "notSent";
}

/** An option that becomes a header that neither interceptors nor messages show. */
export interface CredentialsField extends FieldFacts {
  readonly in: "credentials";
}

/** The wire metadata of one option: the counterpart of a struct tag in Go. */
export type Field<T> = TextField<T> | BodyField<T> | NotSentField | CredentialsField;

/** The metadata of an options type: exactly one field for each option. */
export type QueryFields<O> = { readonly [K in keyof O]-?: Field<NonNullable<O[K]>> };

/** The API versions of a field, whether it is required, and the names in its value. */
export interface Versions extends Pick<FieldFacts, "members"> {
  /** API version that introduced the field. */
  since?: string;
  /** API version that removed the field. */
  removed?: string;
  /** Whether the operation requires the option; `nonempty` also rejects an empty string. Defaults to false. */
  required?: boolean | "nonempty";
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Describes the type of a value for a message. */
export function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : typeof value;
}

export const isText = (value: unknown): value is string => typeof value === "string";

/** An option that the method itself uses, such as a callback. */
export const notSent: NotSentField = { in: "notSent", key: "", encoding: "none", expects: "" };

/** An option that the method itself uses, and that depends on a feature of the engine since an API version. */
export const notSentSince = (since: string): NotSentField => ({ ...notSent, since });

/** Whether an API version has a feature that was introduced and removed in these versions. */
export function isKnown(version: string, bounds: { since?: string | undefined; removed?: string | undefined }): boolean {
  if (bounds.since !== undefined && !atLeast(version, bounds.since)) return false;
  return bounds.removed === undefined || !atLeast(version, bounds.removed);
}
