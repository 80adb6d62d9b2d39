import { badRequest } from "../engine-error.js";

/** Reads the members of a JSON body. A member of the wrong type is an error in the words of Docker's decoder. */
export class Members {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #name: string;

  /**
   * @param values - the body, or an object in it.
   * @param name - what Docker calls it in errors, such as `CreateOptions`.
   */
  constructor(values: object, name: string) {
    this.#values = values as Readonly<Record<string, unknown>>; // any object of JSON is one
    this.#name = name;
  }

  /** Returns a string; an empty one if the member is missing or null. */
  text(name: string): string {
    return this.#read(name, "string", (value): value is string => typeof value === "string") ?? "";
  }

  /** Returns a boolean; undefined if the member is missing or null. */
  flag(name: string): boolean | undefined {
    return this.#read(name, "bool", (value): value is boolean => typeof value === "boolean");
  }

  /** Returns an integer; undefined if the member is missing or null. */
  integer(name: string): number | undefined {
    return this.#read(name, "int", (value): value is number => Number.isInteger(value));
  }

  /** Returns a map of strings; undefined if the member is missing or null. */
  map(name: string): Record<string, string> | undefined {
    const map = this.#read(name, "map[string]string", isObject);
    for (const value of Object.values(map ?? {})) if (typeof value !== "string") throw this.#wrong(name, value, "string");
    return map as Record<string, string> | undefined; // checked above
  }

  /** Returns a list of strings; undefined if the member is missing or null. */
  texts(name: string): string[] | undefined {
    const list = this.#read(name, "[]string", (value): value is unknown[] => Array.isArray(value));
    for (const value of list ?? []) if (typeof value !== "string") throw this.#wrong(name, value, "string");
    return list as string[] | undefined; // checked above
  }

  /** Returns the members of an object; undefined if the member is missing or null. */
  object(name: string): Members | undefined {
    const value = this.#read(name, "object", isObject);
    return value && new Members(value, `${this.#name}.${name}`);
  }

  /** Returns the members of each object of a list; undefined if the member is missing or null. */
  objects(name: string): Members[] | undefined {
    const list = this.#read(name, "[]object", (value): value is unknown[] => Array.isArray(value));
    return list?.map((value) => {
      if (!isObject(value)) throw this.#wrong(name, value, "object");
      return new Members(value, `${this.#name}.${name}`);
    });
  }

  #read<T>(name: string, type: string, is: (value: unknown) => value is T): T | undefined {
    const value = this.#values[name];
    if (value === undefined || value === null) return undefined;
    if (!is(value)) throw this.#wrong(name, value, type);
    return value;
  }

  #wrong(name: string, value: unknown, type: string): Error {
    const found = Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
    return badRequest(`invalid JSON: json: cannot unmarshal ${found} into Go struct field ${this.#name}.${name} of type ${type}`);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
