import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { errorMessage } from "../../wire/realm.js";
import { DigestMismatchError } from "../store/blobs.js";
import { MemoryBlobs } from "../store/memory-blobs.js";
import { RegistryAccess, type RegistryAccessOptions } from "./registry-access.js";
import { blobRoutes } from "./registry-blobs.js";
import { type RegistryRoute, sendJson } from "./registry-call.js";
import { RegistryFault } from "./registry-fault.js";
import { manifestRoutes } from "./registry-manifests.js";
import { RegistryState } from "./registry-state.js";

/** Options for {@link EmbeddedRegistry.start}. */
export interface EmbeddedRegistryOptions extends RegistryAccessOptions {
  /** Port. By default a free one. */
  port?: number;
  /** Address to listen on. By default `127.0.0.1`. */
  host?: string;
}

const routes: Readonly<Record<string, RegistryRoute>> = { ...blobRoutes, ...manifestRoutes };

/**
 * A registry in this process, for tests: the HTTP API V2 of Docker's registry, with manifests and indexes of Docker and OCI, chunked
 * uploads, mounts between repositories, ranges, deletion and authentication.
 *
 * It speaks plain HTTP, which engines accept from a registry on their own machine.
 *
 * @category Embedded engine
 */
export class EmbeddedRegistry implements AsyncDisposable {
  readonly #server: Server;
  readonly #state: RegistryState;

  private constructor(server: Server, state: RegistryState) {
    this.#server = server;
    this.#state = state;
  }

  /** Starts a registry. */
  static async start(options: EmbeddedRegistryOptions = {}): Promise<EmbeddedRegistry> {
    const state = new RegistryState(new MemoryBlobs());
    const access = new RegistryAccess(options);
    const server = createServer((request, response) => void answer(request, response, state, access));
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(options.port ?? 0, options.host ?? "127.0.0.1", resolve);
    });
    return new EmbeddedRegistry(server, state);
  }

  /** The registry in names of images, such as `127.0.0.1:40123`. */
  get address(): string {
    const { address, family, port } = this.#server.address() as AddressInfo; // it listens on TCP
    return `${family === "IPv6" ? `[${address}]` : address}:${port}`;
  }

  /** The names of all repositories with a manifest, sorted. */
  get repositories(): string[] {
    return this.#state.repositories();
  }

  /** Returns the tags of a repository with the digests of their manifests. */
  tags(repository: string): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#state.repository(repository)?.tags ?? []);
  }

  /** Ends the registry and its connections. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  /** Ends the registry. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Parses the target of a request. @throws a {@link RegistryFault} when it is malformed. */
function targetOf({ url = "/" }: IncomingMessage): URL {
  // two slashes at the beginning would make a host of what follows
  try {
    const target = new URL(`http://registry${url.startsWith("/") ? url : `/${url}`}`);
    decodeURIComponent(target.pathname);
    return target;
  } catch {
    throw new RegistryFault(400, "UNSUPPORTED", `malformed target ${JSON.stringify(url)}`); // that says why
  }
}

/** Finds the route of a path such as `/v2/team/tool/blobs/uploads/id`. */
function findRoute(method: string, path: string): { route: RegistryRoute | undefined; repository: string; object: string } {
  const [, repository = "", kind = "", object = ""] =
    /^\/v2\/(.+?)\/(blobs\/uploads|blobs|manifests|tags\/list)(?:\/([^/]*))?$/.exec(path) ?? [];
  return { route: routes[`${method} ${kind}`], repository, object: decodeURIComponent(object) };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  state: RegistryState,
  access: RegistryAccess,
): Promise<void> {
  const method = request.method ?? "GET";
  response.setHeader("docker-distribution-api-version", "registry/2.0");
  try {
    const { pathname, searchParams: query } = targetOf(request);
    if (access.isTokenRequest(pathname)) {
      sendJson(response, access.issue(request, query));
      return;
    }
    const { route, repository, object } = findRoute(method, pathname);
    access.check(request, repository, method === "GET" || method === "HEAD");
    if (pathname === "/v2/" || pathname === "/v2") sendJson(response, {});
    else if (pathname === "/v2/_catalog") sendJson(response, { repositories: state.repositories() });
    else if (!route) throw new RegistryFault(404, "UNSUPPORTED", "the operation is unsupported");
    else if (!/^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/.test(repository))
      throw new RegistryFault(400, "NAME_INVALID", "invalid repository name");
    else await route({ request, response, repository, object, query }, state);
  } catch (error) {
    fail(request, response, error);
  }
}

function fail(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  const fault =
    error instanceof RegistryFault
      ? error
      : error instanceof DigestMismatchError
        ? new RegistryFault(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
        : new RegistryFault(500, "UNKNOWN", errorMessage(error));
  request.resume();
  if (response.headersSent) {
    response.destroy();
    return;
  }
  for (const [name, value] of Object.entries(fault.headers)) response.setHeader(name, value);
  sendJson(response, { errors: [{ code: fault.code, message: fault.message, detail: null }] }, fault.status);
}
