import { isStreamField, type StreamField } from "./fields/fields.js";
import type { Shape } from "./members/shape.js";

/** The names that are valid in a method's options. */
export interface Signature {
  readonly names: readonly string[];
  readonly required: readonly string[];
  /** The names that are valid in the values of the options. */
  readonly members: Readonly<Record<string, Shape>>;
  /** The options that contain streams of the caller. */
  readonly streams: Readonly<Record<string, StreamField>>;
  /** Whether the method returns a `Progress`. */
  readonly hasProgress: boolean;
  /** Whether the first argument is a listener, followed by the options and no call settings. */
  readonly afterListener?: boolean;
}

const signatures = new Map<string, () => Signature>();

/** Returns the signature of a method, if it has one. */
export const signatureOf = (method: string): Signature | undefined => signatures.get(method)?.();

/**
 * Declares the options of a method.
 *
 * @param make - creates the signature. It runs on the first call of the method, because most processes call few methods.
 */
export function declareSignature(method: string, make: () => Signature): void {
  let made: Signature | undefined;
  signatures.set(method, () => (made ??= make()));
}

/** Declares that another method has the same options. */
export function shareSignature(method: string, other: string): void {
  const signature = signatures.get(method);
  if (signature) signatures.set(other, signature);
}

/** The kind of an option of a method that combines operations: required, optional, an object with known names, or a stream. */
export type OptionKind = "required" | "optional" | Exclude<Shape, string> | StreamField;

/** The kind of every option. The compiler rejects a missing or misspelled option. */
export type OptionKinds<O extends object> = { readonly [K in keyof O]-?: OptionKind };

/**
 * Declares the options of a method that combines operations.
 *
 * @param rest - where the options are, if they are not the first argument.
 * @returns the name of the method, and the options that contain streams of the caller.
 */
export function composite(
  method: string,
  options: Readonly<Record<string, OptionKind>>,
  rest: Pick<Signature, "afterListener"> = {},
): { name: string; fields: Signature["streams"] } {
  const all = Object.entries(options);
  const fields: Record<string, StreamField> = {};
  const members: Record<string, Shape> = {};
  for (const [name, kind] of all) {
    if (typeof kind === "string") continue;
    const shape = isStreamField(kind) ? kind.members : kind;
    if (isStreamField(kind)) fields[name] = kind;
    if (shape !== undefined) members[name] = shape;
  }
  declareSignature(method, () => ({
    names: all.map(([name]) => name),
    required: all.flatMap(([name, kind]) => (kind === "required" ? [name] : [])),
    members,
    streams: fields,
    hasProgress: false,
    ...rest,
  }));
  return { name: method, fields };
}
