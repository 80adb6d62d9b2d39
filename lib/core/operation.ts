import type { ApiErrors } from "../errors/api-error.js";
import { InvalidOptionError } from "../errors/usage-errors.js";
import { type Encoding, type Field, isStreamField, type Place, type QueryFields } from "./fields/fields.js";
import { type Gate, partBounds } from "./gates.js";
import { hasMember, memberPaths } from "./members/shape.js";
import { nearestName, suggestion } from "./names.js";
import { declareSignature } from "./signatures.js";

/** The HTTP methods of the Engine API. */
export type HttpMethod = "GET" | "HEAD" | "POST" | "PUT" | "DELETE";

/** The wire metadata of an operation. */
export interface Operation<O extends object> {
  /** Name of the client's method. */
  readonly name: string;
  /** HTTP method. */
  readonly method: HttpMethod;
  /** Path with parameters in braces, each named after its option, such as `/containers/{id}/kill`. */
  readonly path: string;
  /** Metadata of each option. */
  readonly fields: QueryFields<O>;
  /** API version that introduced the operation. */
  readonly since?: string;
  /** False for the few paths without a version prefix. */
  readonly versioned?: boolean;
  /** Required options. Derived from the fields. */
  readonly required?: readonly string[];
  /** Returns the typed errors by status. The options provide the names and IDs that the errors mention. */
  errors?(this: void, options: O): ApiErrors;
  /** Options that must not be empty. Derived from the fields. */
  readonly nonEmpty?: readonly string[];
  /**
   * True for operations whose response is a stream that may last for hours. It has its own connection, and the client's timeouts for
   * responses do not apply.
   */
  readonly longRunning?: boolean;
  /**
   * True for operations that the engine may rightly be slow to respond to. They hold up no other call, and the client's timeouts for
   * responses do not apply, or only with the `grace` of the call.
   */
  readonly slow?: boolean;
  /** Returns the milliseconds by which the options allow the engine to exceed the client's timeouts; `Infinity` for any time. */
  grace?(this: void, options: O): number;
}

/**
 * Whether the engine may be slow to respond to a call, and by how many milliseconds it may exceed the client's timeouts.
 *
 * @param options - the options of the call, which are valid.
 */
export function patience<O extends object>(declaration: Operation<O>, options: O): { slow: boolean; grace: number } {
  const { longRunning = false, slow = longRunning } = declaration;
  const grace = declaration.grace?.(options) ?? (slow ? Infinity : 0);
  return { slow: slow || grace > 0, grace };
}

/** The description of an option, as {@link describeOptions} returns it. */
export interface OptionDescription {
  /** Name of the option. */
  option: string;
  /** Its place in the request. */
  in: Place;
  /** Its name on the wire; empty where it has no name there. */
  key: string;
  /** Its encoding. */
  encoding: Encoding;
  /** First API version that has it. */
  since?: string | undefined;
  /** First API version that no longer has it. */
  removed?: string | undefined;
  /** Whether the operation requires it. */
  required: boolean;
  /** Whether an empty value is rejected. */
  nonEmpty: boolean;
  /** API versions of its members: names of filters, or paths into a body. */
  parts?: Readonly<Record<string, string>> | undefined;
  /** First API versions that no longer have these members, by the same names and paths. */
  removedParts?: Readonly<Record<string, string>> | undefined;
  /** All its members, by the same names and paths; `*` stands for the keys of a map. */
  members: readonly string[];
}

/** The description of an operation, as {@link describeOperations} returns it. */
export interface OperationDescription {
  /** Name of the client's method. */
  name: string;
  /** HTTP method. */
  method: HttpMethod;
  /** Path with parameters in braces. */
  path: string;
  /** API version that introduced the operation; undefined for 1.24 and earlier. */
  since?: string | undefined;
  /** Its options. */
  options: OptionDescription[];
  /** The typed error of each status. The engine's message may select a more specific class. */
  errors: ErrorDescription[];
  /**
   * How long the engine may take: `short`, so that the client's `headers` and `total` timeouts apply; `long`, so that only the timeouts
   * of the call itself do; or `varies` with the options, such as the grace period of a stop.
   */
  duration: "short" | "long" | "varies";
}

/** A typed error of an operation, as {@link describeOperations} returns it. */
export interface ErrorDescription {
  /** HTTP status. */
  status: number;
  /** Name of the error class. */
  name: string;
}

const operations = new Map<string, Operation<object>>();

/** Declares an operation and registers it for {@link describeOptions}. */
export function operation<O extends object>(declaration: Operation<O>): Operation<O> {
  const fields = Object.entries(declaration.fields as Readonly<Record<string, Field<never>>>); // a table of fields
  const complete = {
    ...declaration,
    required: fields.flatMap(([option, field]) => (field.required ? [option] : [])),
    nonEmpty: fields.flatMap(([option, field]) => (field.required === "nonempty" ? [option] : [])),
  };
  operations.set(declaration.name, complete);
  declareSignature(declaration.name, () => ({
    names: fields.map(([option]) => option),
    required: complete.required,
    members: Object.fromEntries(fields.flatMap(([option, { members }]) => (members === undefined ? [] : [[option, members]]))),
    streams: Object.fromEntries(fields.flatMap(([option, field]) => (isStreamField(field) ? [[option, field]] : []))),
    hasProgress: "onProgress" in declaration.fields,
  }));
  return complete;
}

/**
 * Describes the wire form of each option of a client method.
 *
 * @param name - name of the method, such as `buildImage`.
 * @returns one description per option, in the order of declaration.
 * @throws {@link InvalidOptionError} when there is no such method, or the method only combines others.
 * @category Versions
 */
export function describeOptions(name: string): OptionDescription[] {
  const declaration = operations.get(name);
  if (!declaration) throw new InvalidOptionError("name", `there is no operation named ${name}`);
  return Object.entries(declaration.fields as Record<string, Field<never>>).map(([option, field]) => ({
    option,
    in: field.in,
    key: field.key,
    encoding: field.encoding,
    since: field.since,
    removed: field.removed,
    required: Boolean(field.required),
    nonEmpty: field.required === "nonempty" || field.in === "path",
    parts: field.parts,
    removedParts: field.removedParts,
    members: [...memberPaths(field.members ?? "value", pathOf(field))],
  }));
}

/**
 * Lists every operation with its method, path and options.
 *
 * @category Versions
 */
export function describeOperations(): OperationDescription[] {
  return [...operations.values()].map((declaration) => {
    const { name, method, path, since } = declaration;
    const [options, errors, duration] = [describeOptions(name), describeErrors(declaration), durationOf(declaration)];
    return { name, method, path, since, options, errors, duration };
  });
}

function durationOf({ longRunning = false, slow = longRunning, grace }: Operation<object>): OperationDescription["duration"] {
  if (grace) return "varies";
  return slow ? "long" : "short";
}

function describeErrors({ name: operation, method, path, errors = () => ({}) }: Operation<object>): ErrorDescription[] {
  // with no options and an empty message, each status yields its general class
  return Object.entries(errors({})).map(([code, make]) => {
    const status = Number(code);
    return { status, name: make({ status, method, path, message: "", operation }).name };
  });
}

/** Where the members of an option's value are, for their paths. */
const pathOf = (field: Field<never>): string => (field.in === "body" ? field.key : "");

/** Whether the value of an option has a member, by its path in {@link OptionDescription.parts}. */
function isMember(field: Field<never>, path: string): boolean {
  const { members = "value" } = field;
  const key = pathOf(field);
  return hasMember(key === "" ? members : { [key]: members }, path);
}

/** Returns the version limits of an operation, or of one of its options. */
export function boundsOf(name: string, option?: string): Gate[] {
  const declaration = operations.get(name);
  if (!declaration) {
    const near = nearestName(name, [...operations.keys()]);
    const hint = near === undefined ? "" : `: did you mean "${near}"?`;
    throw new InvalidOptionError("operation", `there is no operation named ${name}${hint}`);
  }
  const gates: Gate[] = [{ subject: name, since: declaration.since }];
  if (option !== undefined) {
    const [own = "", ...rest] = option.split(".");
    const description = describeOptions(name).find((candidate) => candidate.option === own);
    if (!description)
      throw new InvalidOptionError("option", `${name} has no option "${own}"${suggestion(own, Object.keys(declaration.fields))}`);
    gates.push({ subject: option, since: description.since, removed: description.removed });
    const part = rest.join(".");
    if (part !== "" && !isMember(declaration.fields[own as keyof object], part)) {
      const inner = description.members.find((path) => path.endsWith(`.${part}`));
      const hint = inner === undefined ? suggestion(part, description.members) : `: did you mean "${inner}"?`;
      throw new InvalidOptionError("option", `${name} has no option "${option}"${hint}`);
    }
    if (part !== "") gates.push({ subject: option, ...partBounds(description, part) });
  }
  return gates;
}
