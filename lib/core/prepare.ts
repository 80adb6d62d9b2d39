import { stringify } from "qs";
import { InvalidOptionError } from "../errors/usage-errors.js";
import { type BodyField, type Encoding, type Field, type TextField, typeOf } from "./fields/fields.js";
import { type BodyContent, type Gate, type GivenOption, optionGate, partGates } from "./gates.js";
import { suggestion } from "./names.js";
import type { Operation } from "./operation.js";

type Values = Record<string, string | readonly string[]>;

/** The wire form of an operation and its options, before the API version is known. */
export interface Prepared {
  readonly path: string;
  readonly query: string;
  readonly headers: Readonly<Values> | undefined;
  /** The body, as JSON. */
  readonly body: string | undefined;
  /** The value that `body` is the JSON of. */
  readonly content: BodyContent | undefined;
  readonly gates: readonly Gate[];
  /** The ID or name of the object that the operation is about: the path parameter, or else a required parameter of the query. */
  readonly object: string | undefined;
}

/** Returns the result of `write`, or undefined if `JSON.stringify` throws, as it does for a bigint or a circular object. */
function attempt<T>(write: () => T): T | undefined {
  try {
    return write();
  } catch {
    // naming the option helps the caller more than V8's message
    return undefined;
  }
}

/** Collects the wire form of one request, option by option. */
class Draft {
  path: string;
  hasEmptyId = false;
  #object: string | undefined;
  #queried: string | undefined;
  readonly #operation: string;
  readonly #gates: Gate[] = [];
  readonly #withParts: GivenOption[] = [];
  readonly #inBody: { option: string; written: unknown }[] = [];
  #query: Values | undefined;
  #headers: Values | undefined;
  #body: Record<string, unknown> | undefined;
  #list: readonly unknown[] | undefined;

  constructor(operation: string, { name, path, since }: Pick<Operation<never>, "name" | "path" | "since">) {
    this.#operation = operation;
    this.path = path;
    if (since !== undefined) this.#gates.push({ subject: name, since });
  }

  add(given: GivenOption): void {
    const { option, field, value } = given;
    const gate = optionGate(given, this.#operation);
    if (gate) this.#gates.push(gate);
    if (field.in === "notSent" || field.in === "credentials") return;
    const written = this.#encode(option, field, value);
    if (field.parts || field.removedParts) this.#withParts.push(given);
    if (field.required && field.in === "query" && typeof written === "string") this.#queried ??= written;
    if (field.in === "body") this.#addToBody(option, field.key, written);
    else if (field.in === "path") this.#fillPath(option, written as string, field.encoding);
    else if (field.in === "query") (this.#query ??= {})[field.key] = written as Values[string];
    else (this.#headers ??= {})[field.key] = written as Values[string];
  }

  #encode(option: string, field: TextField<unknown> | BodyField<unknown>, value: unknown): unknown {
    const written = attempt(() => field.encode(value));
    if (written !== undefined) return written;
    const problem = field.in === "body" ? undefined : field.explain?.(value);
    if (problem !== undefined) throw this.#invalid(option, `option "${option}" ${problem}`);
    const given = typeof value === "string" && field.encoding !== "text" ? "another string" : typeOf(value);
    throw this.#invalid(option, `option "${option}" must be ${field.expects}, not ${given}`);
  }

  #fillPath(option: string, id: string, encoding: Encoding): void {
    // engines and proxies resolve these segments, even percent-encoded
    const dots = id.split(/[/\\]/).find((segment) => segment === "." || segment === "..");
    if (dots !== undefined) throw this.#invalid(option, `option "${option}" must not have the path segment "${dots}"`);
    this.hasEmptyId ||= id === "";
    this.#object ??= id;
    const encoded = encodeURIComponent(id);
    // many proxies reject %2F
    const segment = encoding === "reference" ? encoded.replace(/%2F/g, "/").replace(/%3A/g, ":") : encoded;
    this.path = this.path.replace(`{${option}}`, segment);
  }

  #addToBody(option: string, key: string, written: unknown): void {
    this.#inBody.push({ option, written });
    if (key !== "") (this.#body ??= {})[key] = written;
    else if (Array.isArray(written)) this.#list = written;
    else this.#body = { ...this.#body, ...(written as object) };
  }

  #invalid(option: string, message: string): InvalidOptionError {
    return new InvalidOptionError(option, `${this.#operation}: ${message}`, { operation: this.#operation });
  }

  finish(): Prepared {
    const content = this.#list ?? this.#body;
    const body = content && attempt(() => JSON.stringify(content));
    if (content && body === undefined) {
      const option = this.#inBody.find(({ written }) => attempt(() => JSON.stringify(written)) === undefined)?.option ?? "body";
      throw this.#invalid(option, `option "${option}" cannot be serialized as JSON`);
    }
    // only after JSON.stringify, which rejects circular values: their members never end
    const gates = [...this.#gates, ...this.#withParts.flatMap((given) => partGates(given, this.#operation))];
    const object = this.#object ?? this.#queried;
    const query = this.#query ? encodeQuery(this.#query) : "";
    return { path: this.path, query, headers: this.#headers, body, content, gates, object };
  }
}

/** Finds the metadata of an option. */
function fieldOf<O extends object>({ fields }: Operation<O>, option: string, name: string): Field<unknown> {
  // the table has a field for every option of the type, but the caller's object may hold others
  if (Object.hasOwn(fields, option)) return fields[option as keyof O] as Field<unknown>;
  const message = `${name} has no option "${option}"${suggestion(option, Object.keys(fields))}`;
  throw new InvalidOptionError(option, message, { operation: name });
}

/**
 * Converts an operation and its options to their wire form.
 *
 * @param declaration - the operation.
 * @param options - the caller's options; `undefined` means unset, everything else is sent.
 * @param name - the name of the method, for errors.
 * @throws the operation's typed error for 404 when a path parameter is empty.
 * @throws {@link InvalidOptionError} when an option is unknown, missing or of the wrong type.
 */
export function prepare<O extends object>(declaration: Operation<O>, options: O, name = declaration.name): Prepared {
  const { required, nonEmpty } = declaration;
  const given = options as Readonly<Record<string, unknown>> | null | undefined; // untyped callers can pass anything
  if (typeof given !== "object" || given === null) {
    throw new InvalidOptionError("options", `${name} expects an options object, not ${typeOf(given)}`, { operation: name });
  }
  const draft = new Draft(name, declaration);
  for (const option of Object.keys(given)) {
    const value = given[option];
    if (value !== undefined) draft.add({ option, field: fieldOf(declaration, option, name), value });
  }
  const missing = required?.find((option) => given[option] === undefined || (given[option] === "" && nonEmpty?.includes(option)));
  if (missing !== undefined) {
    throw new InvalidOptionError(missing, `${name} needs the option "${missing}"`, { operation: name });
  }
  if (draft.hasEmptyId) {
    const details = { status: 404, method: declaration.method, path: draft.path, message: "", operation: name, sent: false };
    const { 404: notFound } = declaration.errors?.(options) ?? {};
    throw notFound?.(details) ?? new InvalidOptionError("id", `${name}: an ID or name is empty`, { operation: name });
  }
  return draft.finish();
}

/**
 * Writes a query in form encoding with its keys sorted, so that equal options always produce equal requests.
 */
export function encodeQuery(query: Readonly<Record<string, string | readonly string[]>>): string {
  return stringify(query, { arrayFormat: "repeat", format: "RFC1738", sort: (a: string, b: string) => (a < b ? -1 : 1) });
}
