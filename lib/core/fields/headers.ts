import type { CredentialsField, TextField } from "./field.js";

/** Turns a field of the query into a request header. A list becomes a header for each of its values. */
export const inHeader = <T>(field: TextField<T>): TextField<T> => ({ ...field, in: "header" });

/** Credentials, sent in a header that interceptors and messages never show. */
export const credentials = (key: string): CredentialsField => ({
  in: "credentials",
  key,
  encoding: "header",
  expects: "",
});
