import type { AuthConfiguration } from "../../auth/auth-configuration.js";
import { encodeTimestamp, type Timestamp } from "../../wire/timestamp.js";
import { type MembersOf, type Shape, value } from "../members/shape.js";
import { type CredentialsField, type Encoding, isText, type TextField, type Versions } from "./field.js";

/** A field of the query. */
export function query<T>(
  key: string,
  encoding: Encoding,
  expects: string,
  encode: TextField<T>["encode"],
  versions?: Versions,
): TextField<T> {
  return { in: "query", key, encoding, expects, encode, ...versions };
}

/** An option that is part of the path. Always percent-encoded; the wire has no name for it. */
export const pathParam: TextField<string> = {
  in: "path",
  key: "",
  encoding: "text",
  expects: "a string",
  required: true,
  // a lone surrogate cannot be percent-encoded
  encode: (v) => (isText(v) && !/\p{Surrogate}/u.test(v) ? v : undefined),
};

/** A plain string. */
export const text = (key: string, versions?: Versions): TextField<string> =>
  query(key, "text", "a string", (v) => (isText(v) ? v : undefined), versions);

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
    'a Date, seconds, nanoseconds as a bigint, RFC 3339, or a time before now such as "10m"',
    encodeTimestamp,
    versions,
  );

/** A key that occurs once for each value. A single string counts as a list of one. */
export const repeated = (key: string, versions?: Versions): TextField<string | readonly string[]> =>
  query(
    key,
    "repeat",
    "a string or a list of strings",
    (v) => (isText(v) ? [v] : Array.isArray(v) && v.every(isText) ? v : undefined),
    versions,
  );

/** Turns a field of the query into a request header. A list becomes a header for each of its values. */
export const inHeader = <T>(field: TextField<T>): TextField<T> => ({ ...field, in: "header" });

/** The names in an {@link AuthConfiguration}. */
export const authConfiguration: MembersOf<AuthConfiguration> = {
  username: value,
  password: value,
  email: value,
  serveraddress: value,
  identitytoken: value,
  registrytoken: value,
  auth: value,
};

/** Credentials, sent in a header that interceptors and messages never show. */
export const credentials = (key: string, members: Shape = authConfiguration): CredentialsField => ({
  in: "credentials",
  key,
  encoding: "header",
  expects: "",
  members,
});
