import type { IncomingMessage } from "node:http";
import { posix } from "node:path";
import { addRoute, createRouter, findRoute } from "rou3";
import { BodyError, readBody } from "../../service/body.js";
import { sendText, type ServiceCall } from "../../service/service-server.js";
import type { Dispatcher } from "../dispatcher.js";
import { InvalidJobError, JobCompletedError, JobError, JobQueueFullError } from "../errors.js";
import { RequestIdentifier } from "../request-identifier.js";
import type { JobRequest } from "../requests/request.js";
import { type Accepted, HttpReader, sendFailure } from "./respond.js";
import { NAMED_BY_ID, type Route, ROUTES } from "./routes.js";
import { fromWire } from "./wire.js";

/** The most bytes of a request, as in geard. */
const BODY_LIMIT = 100 * 1024;

/** The version of the protocol. */
const API = "1";

/** Settings of a {@link JobsEndpoint}. */
export interface JobsEndpointSettings {
  /** How long no byte of a body may arrive, in milliseconds. */
  readonly idle: number;
  /** The folders of the host that callers may mount. */
  readonly bindSources: readonly string[];
  /** Counts a request. Returns a function that is called with the status of its response. */
  readonly count: (name: string) => (status: number) => void;
}

/** Serves jobs over HTTP, as geard did. */
export class JobsEndpoint {
  readonly #dispatcher: Dispatcher;
  readonly #settings: JobsEndpointSettings;
  readonly #router = createRouter<Route>();

  constructor(dispatcher: Dispatcher, settings: JobsEndpointSettings) {
    this.#dispatcher = dispatcher;
    this.#settings = settings;
    for (const route of ROUTES) addRoute(this.#router, route.method, route.path, route);
  }

  /** Serves a request. */
  async serve(call: ServiceCall, path: string): Promise<void> {
    const { request, response } = call;
    const { method = "GET" } = request;
    const found = findRoute(this.#router, method, path);
    if (!found) {
      const allowed = [...new Set(ROUTES.map((route) => route.method))].filter((each) => findRoute(this.#router, each, path));
      if (allowed.length > 0) response.setHeader("Allow", allowed.join(", "));
      sendText(response, allowed.length > 0 ? 405 : 404, allowed.length > 0 ? "method not allowed" : "page not found");
      return;
    }
    const counted = this.#settings.count(found.data.name);
    response.once("close", () => counted(response.statusCode));
    if (!isOfVersion(request)) {
      sendText(response, 412, `the server has the API version ${API}`);
      return;
    }
    try {
      await this.#dispatch(call, found.data, found.params ?? {});
    } catch (error) {
      if (error instanceof BadRequest) sendText(response, 400, error.message);
      else if (error instanceof BodyError) sendText(response, error.status, error.message);
      else if (error instanceof JobCompletedError) response.writeHead(204).end();
      else if (error instanceof JobQueueFullError) {
        response.setHeader("Retry-After", 1);
        sendText(response, 503, error.message);
      } else if (error instanceof JobError) sendFailure(response, error);
      else throw error;
    }
  }

  async #dispatch({ request, response, signal }: ServiceCall, route: Route, params: Record<string, string>): Promise<void> {
    const id = identifierOf(request);
    const body = await readBody(request, { bytes: BODY_LIMIT, idle: this.#settings.idle });
    if (body === undefined) return; // the caller is gone
    const job = this.#requestOf(route, params, queryOf(request), parseBody(body), id);
    const { isStreamed, ...accepted } = acceptedBy(request);
    const outcome = this.#dispatcher.dispatch(job, { id, isStreamed });
    const leave = outcome.attach(new HttpReader(response, accepted));
    await new Promise<void>((resolve) => {
      response.once("close", resolve);
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    leave();
  }

  #requestOf(
    route: Route,
    params: Record<string, string>,
    query: URLSearchParams,
    body: object,
    id: RequestIdentifier,
  ): JobRequest<object | undefined> {
    const { name, query: names = {} } = route;
    const asked = Object.entries(names).flatMap(([option, key]) => {
      const value = query.get(key);
      return value === null ? [] : [[option, option === "removeVolumes" || option === "includeInactive" ? isTrue(value) : value]];
    });
    const path = Object.fromEntries(Object.entries(params).map(([option, value]) => [option, decode(value)]));
    const given: Record<string, unknown> = { ...body, ...(Object.fromEntries(asked) as object), ...path };
    if (NAMED_BY_ID.has(name)) given["name"] ??= id.toString();
    this.#refuseHostPaths(given);
    return route.make(given);
  }

  /** Callers use folders of this machine only where the server was told so. */
  #refuseHostPaths(given: Record<string, unknown>): void {
    const { source, volumeConfig } = given as {
      source?: unknown;
      volumeConfig?: { volumeMounts?: readonly { hostPath?: unknown }[] };
    };
    const mounts = Array.isArray(volumeConfig?.volumeMounts) ? volumeConfig.volumeMounts : [];
    const paths = [source, ...mounts.map((mount: { hostPath?: unknown } | null) => mount?.hostPath)];
    for (const path of paths) {
      if (typeof path !== "string" || !path.startsWith("/")) continue;
      const normal = posix.normalize(path);
      const isAllowed = this.#settings.bindSources.some((folder) => normal === folder || normal.startsWith(`${folder}/`));
      if (!isAllowed) throw new InvalidJobError(`the server does not let callers use the path ${path} of its machine`);
    }
  }
}

/** A request that is none of the protocol. */
class BadRequest extends Error {}

const isTrue = (text: string): boolean => text === "1" || text === "true";

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BadRequest("the path is not encoded as a URL is");
  }
}

function queryOf({ url = "/" }: IncomingMessage): URLSearchParams {
  const at = url.indexOf("?");
  return new URLSearchParams(at === -1 ? "" : url.slice(at + 1));
}

function identifierOf({ headers }: IncomingMessage): RequestIdentifier {
  const text = headers["x-request-id"];
  if (text === undefined || text === "") return new RequestIdentifier();
  try {
    return RequestIdentifier.parse(String(text));
  } catch {
    throw new BadRequest("X-Request-Id must be a 32 character hexadecimal string");
  }
}

/** Whether a request is for this version of the protocol, or for any. */
function isOfVersion({ headers }: IncomingMessage): boolean {
  const asked = headers["if-match"] ?? "*";
  const matches = asked.split(",").some((tag) => tag.trim() === "*" || tag.trim().replace(/^"(.*)"$/, "$1") === `api=${API}`);
  return matches && (headers["x-api-version"] ?? API) === API;
}

function acceptedBy({ headers, method }: IncomingMessage): Accepted & { readonly isStreamed: boolean } {
  const accept = [headers["x-accept"], headers.accept].flat().join(";");
  const isStreamed = /;\s*stream=true\b/.test(`;${accept}`);
  const takesOutput = isStreamed || method === "GET" || /;\s*text=true\b/.test(`;${accept}`);
  return { isTable: headers.accept === "text/plain", isStreamed, takesOutput };
}

function parseBody(body: Buffer): object {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString());
  } catch {
    throw new BadRequest("the body is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new BadRequest("the body is not a JSON object");
  return fromWire(value) as object;
}
