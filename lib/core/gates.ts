import { isDeepStrictEqual } from "node:util";
import { UnsupportedVersionError } from "../errors/usage-errors.js";
import { atLeast } from "../wire/api-version.js";
import { type Field, type FieldFacts, isKnown } from "./fields/fields.js";

/** A feature that only some API versions have. */
export interface Gate {
  readonly subject: string;
  readonly since?: string | undefined;
  readonly removed?: string | undefined;
  /** The member of the body that uses the feature. */
  readonly member?: GatedMember | undefined;
}

/** A member of the body that only some API versions have. */
interface GatedMember {
  readonly path: string;
  readonly values: readonly unknown[];
  readonly defaults: FieldFacts["defaults"];
}

/** An option that the caller passed, with its metadata. */
export interface GivenOption {
  readonly option: string;
  readonly field: Field<unknown>;
  readonly value: unknown;
}

/** The value that becomes the JSON body. */
export type BodyContent = Readonly<Record<string, unknown>> | readonly unknown[];

/** The content of a request that depends on the API version. */
interface Gated {
  readonly gates: readonly Gate[];
  readonly body: string | undefined;
  readonly content: BodyContent | undefined;
}

const below = (path: string, key: string): string => (path === "" ? key : `${path}.${key}`);

/** Yields all members of a body with their paths, such as `HostConfig.Init` or `HostConfig.Mounts[].Type`. */
function* presentMembers(value: unknown, path: string): Generator<[path: string, value: unknown]> {
  if (Array.isArray(value)) {
    for (const item of value) yield* presentMembers(item, `${path}[]`);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      if (member === undefined) continue;
      yield [below(path, key), member];
      yield* presentMembers(member, below(path, key));
    }
  }
}

/** Returns the paths of the members of a body. */
export const presentParts = (value: unknown): Set<string> => new Set([...presentMembers(value, "")].map(([path]) => path));

const versionOf = (versions: Field<never>["parts"], part: string): string | undefined =>
  versions && Object.hasOwn(versions, part) ? versions[part] : undefined;

/** Returns the API versions that introduced and removed a member of an option's value. */
export const partBounds = (
  field: Pick<Field<never>, "parts" | "removedParts">,
  part: string,
): Pick<Gate, "since" | "removed"> => ({
  since: versionOf(field.parts, part),
  removed: versionOf(field.removedParts, part),
});

/** Returns the gate of an option; undefined when every API version has the option. */
export function optionGate({ option, field, value }: GivenOption, operation: string): Gate | undefined {
  const { since, removed, key, defaults } = field;
  if (since === undefined && removed === undefined) return undefined;
  const member = field.in === "body" && key !== "" ? { path: key, values: [value], defaults } : undefined;
  return { subject: `option "${option}" of ${operation}`, since, removed, member };
}

/** Returns the gates of the members of an option's value: filters, or members of the body. */
export function partGates({ option, field, value }: GivenOption, operation: string): Gate[] {
  const isBody = field.in === "body";
  const present = new Map<string, unknown[]>();
  for (const [path, member] of isBody ? presentMembers(value, field.key) : Object.entries(value as object)) {
    if (member !== undefined) present.set(path, [...(present.get(path) ?? []), member]);
  }
  return [...present].flatMap(([path, values]) => {
    const { since, removed } = partBounds(field, path);
    if (since === undefined && removed === undefined) return [];
    const member = isBody ? { path, values, defaults: field.defaults } : undefined;
    return [{ subject: `${path} in option "${option}" of ${operation}`, since, removed, member }];
  });
}

/**
 * Whether a member of the body requests nothing, because it is null or a default: an empty value, unless `defaults` lists other
 * values.
 */
export function isDefault(value: unknown, path: string, defaults: FieldFacts["defaults"]): boolean {
  if (value === null || value === undefined) return true;
  const listed = defaults?.[path];
  if (listed) return listed.some((one) => isDeepStrictEqual(one, value));
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === "object")
    return Object.entries(value).every(([key, member]) => isDefault(member, below(path, key), defaults));
  return value === "" || value === 0 || value === false;
}

/** Copies a body without some of its members. */
function without(value: unknown, dropped: ReadonlySet<string>, path: string): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => without(item, dropped, `${path}[]`));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !dropped.has(below(path, key)));
  return Object.fromEntries(kept.map(([key, member]) => [key, without(member, dropped, below(path, key))]));
}

/**
 * Checks that the API version in use has every feature that a request uses. A member that the version lacks is dropped from the
 * body if it requests nothing: inspections by newer engines contain such members, and older engines may reject them.
 *
 * @returns the body for that version.
 * @throws {@link UnsupportedVersionError} for the first feature that it lacks.
 */
export function bodyFor(request: Gated, version: string, details: { operation: string; endpoint: string }): string | undefined {
  const dropped = new Set<string>();
  for (const { subject, since, removed, member } of request.gates) {
    if (isKnown(version, { since, removed })) continue;
    if (member?.values.every((value) => isDefault(value, member.path, member.defaults))) {
      dropped.add(member.path);
      continue;
    }
    const early = since !== undefined && !atLeast(version, since);
    throw new UnsupportedVersionError(subject, early ? { version, since } : { version, since, removed }, details);
  }
  return dropped.size === 0 ? request.body : JSON.stringify(without(request.content, dropped, ""));
}
