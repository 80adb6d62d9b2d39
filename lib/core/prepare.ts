import { stringify } from "qs";
import type { ApiErrors } from "../errors/api-error.js";
import { InvalidOptionError, UnsupportedVersionError } from "../errors/usage-errors.js";
import { atLeast } from "../wire/api-version.js";
import { type BodyField, type Field, isKnown, type TextField } from "./fields/fields.js";
import { type Gate, type Operation, partBounds } from "./operation.js";

/** What an operation and its options come to on the wire, before the version is known. */
export interface Prepared {
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** JSON text. */
  readonly body: string | undefined;
  readonly gates: readonly Gate[];
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "an array" : typeof value;
}

/** What `write` gives, and nothing where `JSON.stringify` throws in it: for a bigint, or an object that holds itself. */
function attempt<T>(write: () => T): T | undefined {
  try {
    return write();
  } catch {
    // the caller names the option, which says more than the engine of JavaScript
    return undefined;
  }
}

function encode(declaration: Operation<never>, option: string, field: TextField<unknown> | BodyField<unknown>, value: unknown) {
  const written = attempt(() => field.encode(value));
  if (written !== undefined) return written;
  const given = typeof value === "string" && field.encoding !== "text" ? "another string" : typeOf(value);
  throw new InvalidOptionError(option, `${declaration.name}: option "${option}" must be ${field.expects}, not ${given}`, {
    operation: declaration.name,
  });
}

/** Finds the parts of a body that have a version of their own: `HostConfig.Init`, `HostConfig.Mounts[].Type`. */
export function* presentParts(value: unknown, prefix: string): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* presentParts(item, `${prefix}[]`);
  } else if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value)) {
      if (part === undefined) continue;
      const path = prefix === "" ? key : `${prefix}.${key}`;
      yield path;
      yield* presentParts(part, path);
    }
  }
}

function partGates(field: Field<unknown>, option: string, value: unknown, operationName: string): Gate[] {
  if (!field.parts && !field.removedParts) return [];
  const present =
    field.in === "body"
      ? new Set(presentParts(value, field.key))
      : new Set(Object.keys(value as object).filter((key) => (value as Record<string, unknown>)[key] !== undefined));
  return [...present].flatMap((part) => {
    const bounds = partBounds(field, part);
    const isGated = bounds.since !== undefined || bounds.removed !== undefined;
    return isGated ? [{ subject: `${part} in option "${option}" of ${operationName}`, ...bounds }] : [];
  });
}

/**
 * Turns an operation and its options into what goes over the wire.
 *
 * @param declaration - the operation.
 * @param options - the caller's options; `undefined` is unset, everything else is sent.
 * @param errors - the errors of this call, where they differ from the declared ones; an empty path parameter becomes the 404.
 * @throws {@link InvalidOptionError} for an option that is unknown, missing or of the wrong type.
 */
export function prepare<O extends object>(declaration: Operation<O>, options: O, errors?: ApiErrors): Prepared {
  const { name, fields } = declaration;
  let query: Record<string, string | readonly string[]> | undefined;
  let headers: Record<string, string | readonly string[]> | undefined;
  let body: Record<string, unknown> | undefined;
  let list: readonly unknown[] | undefined;
  let path = declaration.path;
  const gates: Gate[] = [];
  const parted: { field: Field<unknown>; option: string; value: unknown }[] = [];
  const inBody: { option: string; written: unknown }[] = [];
  let empty = false;
  if (declaration.since !== undefined) gates.push({ subject: name, since: declaration.since });
  const given = options as Readonly<Record<string, unknown>> | null | undefined; // what the compiler does not see gives anything
  if (typeof given !== "object" || given === null) {
    throw new InvalidOptionError("options", `${name} takes an object of options, not ${typeOf(given)}`, { operation: name });
  }
  for (const option of Object.keys(given)) {
    const value = given[option];
    if (value === undefined) continue;
    // the table has a field for every option of the type, and the caller's object may hold others
    const field = Object.hasOwn(fields, option) ? (fields[option as keyof O] as Field<unknown>) : undefined;
    if (!field) {
      const known = Object.keys(fields).join(", ");
      throw new InvalidOptionError(option, `${name} has no option "${option}" (it has: ${known})`, { operation: name });
    }
    if (field.in === "notSent" || field.in === "credentials") continue;
    const written = encode(declaration as Operation<never>, option, field, value);
    if (field.since !== undefined || field.removed !== undefined) {
      gates.push({ subject: `option "${option}" of ${name}`, since: field.since, removed: field.removed });
    }
    if (field.parts || field.removedParts) parted.push({ field, option, value });
    switch (field.in) {
      case "path":
        if (written === "." || written === "..") {
          throw new InvalidOptionError(option, `${name}: option "${option}" must not be "${written}"`, { operation: name });
        }
        empty ||= written === "";
        path = path.replace(`{${option}}`, encodeURIComponent(written as string)); // a path field encodes to one text
        break;
      case "query":
        (query ??= {})[field.key] = written as string | readonly string[]; // what a text field encodes to
        break;
      case "header":
        (headers ??= {})[field.key] = written as string | readonly string[]; // what a text field encodes to
        break;
      case "body":
        inBody.push({ option, written });
        if (field.key !== "") (body ??= {})[field.key] = written;
        else if (Array.isArray(written)) list = written;
        else body = { ...body, ...(written as object) };
        break;
    }
  }
  const isMissing = (option: string): boolean =>
    given[option] === undefined || (given[option] === "" && declaration.nonEmpty?.includes(option) === true);
  const missing = declaration.required?.find(isMissing);
  if (missing !== undefined) {
    throw new InvalidOptionError(missing, `${name} needs the option "${missing}"`, { operation: name });
  }
  if (empty) {
    const details = { status: 404, method: declaration.method, path, message: "", operation: name, sent: false };
    const { 404: notFound } = errors ?? declaration.errors?.(options) ?? {};
    throw notFound?.(details) ?? new InvalidOptionError("id", `${name}: an id or name is empty`, { operation: name });
  }
  const content = list ?? body;
  const json = content && attempt(() => JSON.stringify(content));
  if (content && json === undefined) {
    const option = inBody.find(({ written }) => attempt(() => JSON.stringify(written)) === undefined)?.option ?? "body";
    throw new InvalidOptionError(option, `${name}: option "${option}" cannot be written as JSON`, { operation: name });
  }
  const partial = parted.flatMap(({ field, option, value }) => partGates(field, option, value, name));
  return { path, query: query ? encodeQuery(query) : "", headers, body: json, gates: [...gates, ...partial] };
}

/**
 * Writes a query in form encoding, keys in alphabetical order, so that the same options always give the same request.
 */
export function encodeQuery(query: Readonly<Record<string, string | readonly string[]>>): string {
  return stringify(query, { arrayFormat: "repeat", format: "RFC1738", sort: (a: string, b: string) => (a < b ? -1 : 1) });
}

/**
 * Refuses what the API version in use does not know.
 *
 * @throws {@link UnsupportedVersionError} for the first such part.
 */
export function checkGates(gates: readonly Gate[], version: string, details: { operation: string; endpoint: string }): void {
  for (const gate of gates) {
    if (isKnown(version, gate)) continue;
    const { subject, since, removed } = gate;
    const early = since !== undefined && !atLeast(version, since);
    throw new UnsupportedVersionError(subject, early ? { version, since } : { version, since, removed }, details);
  }
}
