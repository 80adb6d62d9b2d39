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
   * True for operations whose response is a stream that may last for hours. They have their own connection, and the client's
   * response timeouts do not apply.
   */
  readonly longRunning?: boolean;
  /**
   * True for operations that an engine may legitimately be slow to answer. They do not count towards the connection limit, and
   * the client's response timeouts do not apply, or are extended by the `grace` of the call.
   */
  readonly slow?: boolean;
  /** Returns the number of milliseconds by which a call may exceed the client's timeouts; `Infinity` for no limit. */
  grace?(this: void, options: O): number;
}

/**
 * Returns whether the engine may be slow to respond to a call, and the number of milliseconds by which the call may exceed the
 * client's timeouts.
 *
 * @param options - the validated options of the call.
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
  /** Its name on the wire; empty if it has none. */
  key: string;
  /** Its encoding. */
  encoding: Encoding;
  /** API version that introduced it. */
  since?: string | undefined;
  /** API version that removed it. */
  removed?: string | undefined;
  /** Whether the operation requires it. */
  required: boolean;
  /** Whether an empty value is rejected. */
  nonEmpty: boolean;
  /** API versions that introduced its members, by filter name or path into the body. */
  parts?: Readonly<Record<string, string>> | undefined;
  /** API versions that removed its members, by the same names and paths. */
  removedParts?: Readonly<Record<string, string>> | undefined;
  /** The filter names or paths of all its members; `*` stands for the keys of a map. */
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
   * How long the engine may take. `short`: the client's `headers` and `total` timeouts apply. `long`: only timeouts that are set
   * on the call apply. `varies`: the duration depends on the options, such as the grace period of a stop.
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

/** Returns the path of an option's value in the body; empty if the value is not in the body. */
const pathOf = (field: Field<never>): string => (field.in === "body" ? field.key : "");

/** Whether an option's value can have the member at a path, which has the form of {@link OptionDescription.parts}. */
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
