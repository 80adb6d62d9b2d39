import { Buffer } from "node:buffer";
import { type BodyField, member, type Versions } from "./fields.js";

/** Bytes as options take them: as they are, or a text, which counts as UTF-8. */
export type Bytes = string | Uint8Array;

/** Bytes, in base64, as a member of the JSON body. */
export const base64 = (key: string, versions?: Versions): BodyField<Bytes> => ({
  ...member<Bytes>(key, versions),
  expects: "a text or bytes",
  encode: base64Of,
});

/** Writes bytes in base64; undefined when they are none. */
export function base64Of(bytes: Bytes | undefined): string | undefined {
  if (typeof bytes === "string") return Buffer.from(bytes).toString("base64");
  if (!(bytes instanceof Uint8Array)) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}
