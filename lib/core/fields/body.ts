import { Buffer } from "node:buffer";
import type { Driver } from "../../types/common.js";
import type { Sendable } from "../../types/util.js";
import { isBytes } from "../../wire/realm.js";
import type { ShapeOf } from "../members/shape.js";
import { driver as driverMembers } from "../members/swarm.js";
import { type BodyField, type FieldFacts, isRecord, type Versions } from "./field.js";

/** API versions of a body field and of its members. */
type BodyVersions = Versions & Pick<FieldFacts, "parts" | "removedParts" | "defaults">;

/** The metadata of a body field. It must list the names in the field's value, unless the value has none. */
export type BodyFacts<T> = [ShapeOf<NonNullable<T>>] extends ["value"]
  ? [facts?: BodyVersions]
  : [facts: BodyVersions & { members: ShapeOf<NonNullable<T>> }];

/** A member of the JSON body. */
export const member = <T>(key: string, ...[facts]: BodyFacts<T>): BodyField<T> => ({
  in: "body",
  key,
  encoding: "json",
  expects: "a JSON value",
  encode: (v) => v,
  ...facts,
});

/** An object as a member of the JSON body. */
export const object = <T extends object>(key: string, ...facts: BodyFacts<T>): BodyField<Sendable<T>> => ({
  ...(member<T>(key, ...facts) as BodyField<Sendable<T>>), // sent unchanged
  expects: "an object",
  encode: (v) => (isRecord(v) ? v : undefined),
});

/** An object whose members go into the root of the JSON body. */
export const body = <T extends object>(...facts: BodyFacts<T>): BodyField<Sendable<T>> => object<T>("", ...facts);

/** A list that is the whole JSON body. */
export const bodyList = <T extends readonly unknown[]>(...facts: BodyFacts<T>): BodyField<T> => ({
  ...member<T>("", ...facts),
  expects: "a list",
  encode: (v) => (Array.isArray(v) ? v : undefined),
});

/** Bytes in an option: a byte array, or a string, which is sent as UTF-8. */
export type Bytes = string | Uint8Array;

/** Bytes, in base64, as a member of the JSON body. */
export const base64 = (key: string, versions?: Versions): BodyField<Bytes> => ({
  ...member<Bytes>(key, versions),
  expects: "a string or bytes",
  encode: base64Of,
});

/** Encodes bytes in base64; undefined when the value is neither a string nor bytes. */
function base64Of(bytes: Bytes | undefined): string | undefined {
  if (typeof bytes === "string") return Buffer.from(bytes).toString("base64");
  if (!isBytes(bytes)) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** API version that introduced drivers for the objects of a swarm. */
const DRIVER_VERSION = "1.31";

/** Returns the API versions of a driver's members, by their paths in the body. */
export const driverVersions = (key: string): Record<string, string> => ({
  [`${key}.Name`]: DRIVER_VERSION,
  [`${key}.Options`]: DRIVER_VERSION,
});

/** A driver, as a member of the JSON body. */
export const driver = (key: string, since: string): BodyField<Sendable<Driver>> =>
  member<Sendable<Driver>>(key, { since, parts: driverVersions(key), members: driverMembers });
