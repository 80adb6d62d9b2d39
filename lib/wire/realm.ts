import { types } from "node:util";

/*
 * Objects from Node.js and from callers may belong to a different realm than this code: jest and `node:vm` run modules in contexts with separate global classes, so `instanceof` fails for errors, dates and buffers that Node.js creates. These checks work in every realm.
 */

/** Whether a value is an error, including a `DOMException`. */
export function isError(value: unknown): value is Error {
  if (types.isNativeError(value) || value instanceof Error) return true;
  return typeof value === "object" && value !== null && Object.prototype.toString.call(value) === "[object DOMException]";
}

/** Whether a value is a `Date`. */
export const isDate = (value: unknown): value is Date => types.isDate(value);

/** Whether a value is a `Uint8Array`, such as a `Buffer`. */
export const isBytes = (value: unknown): value is Uint8Array => types.isUint8Array(value);

/** Returns the code of a Node.js error, such as `ENOENT`; undefined for other values. */
export const errorCode = (value: unknown): unknown => (isError(value) && "code" in value ? value.code : undefined);

/** Returns the message of an error, or another thrown value as a string. */
export const errorMessage = (value: unknown): string => (isError(value) ? value.message : String(value));
