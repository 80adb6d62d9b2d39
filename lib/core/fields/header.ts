import type { TextField } from "./fields.js";

/** Makes a field of the query one of the request's headers. A list becomes a header for each of its values. */
export const inHeader = <T>(field: TextField<T>): TextField<T> => ({ ...field, in: "header" });
