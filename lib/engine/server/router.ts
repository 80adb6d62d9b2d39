import { addRoute, createRouter, findRoute } from "rou3";
import { atLeast, compareVersions } from "../../wire/api-version.js";
import { notFound } from "../engine-error.js";
import type { Exchange } from "./exchange.js";

/** HTTP methods of the Engine API. */
export type Method = "GET" | "HEAD" | "POST" | "PUT" | "DELETE";

/** One operation of the Engine API. */
export interface Route {
  /** HTTP method. */
  readonly method: Method;
  /** Path without the version. `:id` is one part; `**:name` is one or several, because names of images contain slashes. */
  readonly path: string;
  /** API version that added the route. */
  readonly since?: string;
  /** API version that removed the route. */
  readonly removed?: string;
  /** Responds. What it throws becomes the response. */
  readonly handle: (exchange: Exchange) => void | Promise<void>;
}

/** The route of a request, and the parts of its path by name. */
export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route of a request. */
export class Router {
  readonly #routes = createRouter<Route>();

  constructor(routes: readonly Route[]) {
    for (const route of routes) addRoute(this.#routes, route.method, route.path, route);
  }

  /**
   * Finds the route of a request.
   *
   * @throws an {@link EngineError} with status 404 when there is no such route in this API version.
   */
  find(method: string, path: string, version: string): Match {
    const found = findRoute(this.#routes, method, path);
    const route = found?.data;
    const isThere =
      route !== undefined &&
      (route.since === undefined || atLeast(version, route.since)) &&
      (route.removed === undefined || compareVersions(version, route.removed) < 0);
    if (!isThere) throw notFound("page not found");
    const params = Object.entries(found?.params ?? {}).map(([name, value]) => [name, decode(value)] as const);
    return { route, params: Object.fromEntries(params) };
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw notFound("page not found");
  }
}
