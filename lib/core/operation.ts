import type { ApiErrors } from "../errors/api-error.js";
import { InvalidOptionError } from "../errors/usage-errors.js";
import type { Encoding, Field, Place, QueryFields } from "./fields/fields.js";

/** The HTTP methods of the Engine API. */
export type HttpMethod = "GET" | "HEAD" | "POST" | "PUT" | "DELETE";

/** The wire metadata of one operation. */
export interface Operation<O extends object> {
  /** Name of the client's method. */
  readonly name: string;
  /** HTTP method. */
  readonly method: HttpMethod;
  /** Path with its parameters in braces, each named like the option that fills it, such as `/containers/{id}/kill`. */
  readonly path: string;
  /** Metadata of every option. */
  readonly fields: QueryFields<O>;
  /** API version that brought the operation. */
  readonly since?: string;
  /** False for the few paths that take no version prefix. */
  readonly versioned?: boolean;
  /** Options that it cannot do without. Found from the metadata when it is declared. */
  readonly required?: readonly string[];
  /** The typed errors by status. It reads the options for the names and IDs that the errors mention. */
  errors?(this: void, options: O): ApiErrors;
  /** Options that must not be empty. Found from the metadata when it is declared. */
  readonly nonEmpty?: readonly string[];
  /** True for operations that may rightly run for hours, so that the client's default total timeout does not bound them. */
  readonly longRunning?: boolean;
}

/** A part of a request whose use depends on the API version. */
export interface Gate {
  readonly subject: string;
  readonly since?: string | undefined;
  readonly removed?: string | undefined;
}

/** One option as {@link describeOptions} tells it. */
export interface OptionDescription {
  /** Name of the option. */
  option: string;
  /** Where it goes. */
  in: Place;
  /** Its name on the wire; empty for what the wire does not name. */
  key: string;
  /** How it is written. */
  encoding: Encoding;
  /** Lowest API version that knows it. */
  since?: string | undefined;
  /** First API version that no longer knows it. */
  removed?: string | undefined;
  /** Whether the operation requires it. */
  required: boolean;
  /** Whether it is refused when it is empty. */
  nonEmpty: boolean;
  /** API versions of its parts: names of filters, or paths into a body. */
  parts?: Readonly<Record<string, string>> | undefined;
  /** First API versions that no longer know its parts, by the same names and paths. */
  removedParts?: Readonly<Record<string, string>> | undefined;
}

/** An operation as {@link describeOperations} tells it. */
export interface OperationDescription {
  /** Name of the client's method. */
  name: string;
  /** HTTP method. */
  method: HttpMethod;
  /** Path, with its parameters in braces. */
  path: string;
  /** API version that brought the operation; undefined for 1.24 and before. */
  since?: string | undefined;
  /** Its options. */
  options: OptionDescription[];
  /** The typed errors that its statuses stand for. What the engine says may choose a subclass. */
  errors: ErrorDescription[];
}

/** A typed error of an operation, as {@link describeOperations} returns it. */
export interface ErrorDescription {
  /** HTTP status. */
  status: number;
  /** Name of the error class. */
  name: string;
}

const operations = new Map<string, Operation<object>>();

/** Declares an operation, and lets {@link describeOptions} know of it. */
export function operation<O extends object>(declaration: Operation<O>): Operation<O> {
  const fields = Object.entries(declaration.fields as Readonly<Record<string, Field<never>>>); // a table of fields
  const complete = {
    ...declaration,
    required: fields.flatMap(([option, field]) => (field.required ? [option] : [])),
    nonEmpty: fields.flatMap(([option, field]) => (field.required === "nonempty" ? [option] : [])),
  };
  operations.set(declaration.name, complete);
  return complete;
}

/**
 * Tells what becomes of each option of a client method on the wire.
 *
 * @param name - name of the method, such as `buildImage`.
 * @returns one description for each option, in the order of their declaration.
 * @throws {@link InvalidOptionError} when there is no such method, or it sends no request of its own.
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
    return { name, method, path, since, options: describeOptions(name), errors: describeErrors(declaration) };
  });
}

function describeErrors({ name: operation, method, path, errors = () => ({}) }: Operation<object>): ErrorDescription[] {
  // with no options and an empty message, each status yields its general class
  return Object.entries(errors({})).map(([code, make]) => {
    const status = Number(code);
    return { status, name: make({ status, method, path, message: "", operation }).name };
  });
}

const versionOf = (versions: Field<never>["parts"], part: string): string | undefined =>
  versions && Object.hasOwn(versions, part) ? versions[part] : undefined;

/** The API versions that know a part of an option. */
export const partBounds = (field: Pick<Field<never>, "parts" | "removedParts">, part: string): Omit<Gate, "subject"> => ({
  since: versionOf(field.parts, part),
  removed: versionOf(field.removedParts, part),
});

/** The bounds of an operation, or of one of its options. */
export function boundsOf(name: string, option?: string): Gate[] {
  const declaration = operations.get(name);
  if (!declaration) throw new InvalidOptionError("operation", `there is no operation named ${name}`);
  const gates: Gate[] = [{ subject: name, since: declaration.since }];
  if (option !== undefined) {
    const [own = "", ...rest] = option.split(".");
    const description = describeOptions(name).find((candidate) => candidate.option === own);
    if (!description) throw new InvalidOptionError("option", `${name} has no option "${own}"`);
    gates.push({ subject: option, since: description.since, removed: description.removed });
    if (rest.length > 0) gates.push({ subject: option, ...partBounds(description, rest.join(".")) });
  }
  return gates;
}
