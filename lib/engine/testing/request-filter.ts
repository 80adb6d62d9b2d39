import { type OperationName, operations } from "./operations.js";
import { compilePath } from "./path-pattern.js";

/** Selects requests. Without members, all of them. */
export interface RequestFilter {
  /** HTTP method, such as `POST`. */
  method?: string;
  /**
   * Path without the API version: literally, with placeholders as in `/containers/{id}/start`, or as a regular expression. A
   * placeholder stands for one part of a path; in names of images and plugins, for one or several.
   */
  path?: string | RegExp;
  /** Name of the operation in the reference of the Engine API, such as `ContainerStart`. It stands for a method and a path. */
  operation?: OperationName;
}

/** A request as a filter sees it. */
export interface FilteredRequest {
  readonly method: string;
  /** Path without the API version, decoded. */
  readonly path: string;
}

/** Decides whether a request is selected. */
export type RequestPredicate = (request: FilteredRequest) => boolean;

/** Compiles a filter. @throws a `TypeError` for an unknown operation, and for a path without a slash at its beginning. */
export function compileFilter({ method, path, operation }: RequestFilter): RequestPredicate {
  const tests: RequestPredicate[] = [];
  if (operation !== undefined) {
    if (!Object.hasOwn(operations, operation)) throw new TypeError(`there is no operation ${JSON.stringify(operation)}`);
    tests.push((request) => operationOf(request) === operation);
  }
  if (method !== undefined) tests.push((request) => request.method === method.toUpperCase());
  if (path !== undefined) {
    const pattern = typeof path === "string" ? compilePath(path) : new RegExp(path, path.flags.replace(/[gy]/g, ""));
    tests.push((request) => pattern.test(request.path));
  }
  return (request) => tests.every((test) => test(request));
}

const compiled = Object.entries(operations).map(([name, place]) => {
  const [method = "", path = ""] = place.split(" ");
  const isLiteral = !path.includes("{");
  return { name: name as OperationName, method, pattern: compilePath(path), isLiteral }; // the keys of `operations`
});

/** Returns the operation of a request; undefined if the Engine API has none. */
export function operationOf({ method, path }: FilteredRequest): OperationName | undefined {
  const found = compiled.filter((operation) => operation.method === method && operation.pattern.test(path));
  return (found.find(({ isLiteral }) => isLiteral) ?? found[0])?.name;
}
