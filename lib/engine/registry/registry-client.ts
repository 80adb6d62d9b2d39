import type { IncomingMessage } from "node:http";
import { EngineError } from "../engine-error.js";
import { DEFAULT_REGISTRY, type NamedReference } from "../store/image-reference.js";
import { Authorization, parseChallenge } from "./authorization.js";
import type { AuthCredentials } from "./credentials.js";
import { RegistryError, registryError } from "./errors.js";
import { readObject, type RegistryRequest, send } from "./http.js";

/** Options for {@link RegistryClient.open}. */
export interface RegistryOptions {
  /** Credentials. By default the access is anonymous. */
  credentials?: AuthCredentials;
  /** Hosts, with ports, that may use plain HTTP or invalid certificates. Those of this machine always may. */
  insecureRegistries?: readonly string[];
  /** Cancels all requests. */
  signal?: AbortSignal | undefined;
}

/** The address of Docker Hub's registry. */
const HUB = "registry-1.docker.io";

/** Whether a registry runs on this machine. */
const isLocal = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host);

/** The API of a registry for one repository. */
export class RegistryClient {
  readonly #base: string;
  readonly #path: string;
  readonly #scope: string;
  readonly #isInsecure: boolean;
  readonly #signal: AbortSignal | undefined;
  readonly #authorization: Authorization;

  private constructor(base: string, path: string, action: "pull" | "pull,push", isInsecure: boolean, options: RegistryOptions) {
    this.#base = base;
    this.#path = path;
    this.#scope = path === "" ? "" : `repository:${path}:${action}`;
    this.#isInsecure = isInsecure;
    this.#signal = options.signal;
    this.#authorization = new Authorization(options.credentials ?? {}, { isInsecure, signal: options.signal });
  }

  /**
   * Finds the API of a registry: over HTTPS, or also over HTTP for insecure registries.
   *
   * @param name - the repository.
   * @param action - the access that is needed.
   * @param options - credentials and insecure registries.
   * @throws {@link EngineError} when there is no registry.
   */
  static async open(
    { registry, path }: Pick<NamedReference, "registry" | "path">,
    action: "pull" | "pull,push",
    options: RegistryOptions = {},
  ): Promise<RegistryClient> {
    const host = registry === DEFAULT_REGISTRY ? HUB : registry;
    const isInsecure = isLocal(host) || (options.insecureRegistries ?? []).includes(host);
    let failure: unknown;
    for (const scheme of isInsecure ? ["https", "http"] : ["https"]) {
      const client = new RegistryClient(`${scheme}://${host}`, path, action, isInsecure, options);
      try {
        await client.#ping();
        return client;
      } catch (error) {
        options.signal?.throwIfAborted();
        failure = error;
      }
    }
    throw failure;
  }

  /**
   * Checks credentials.
   *
   * @param registry - the registry.
   * @param options - the credentials.
   * @throws {@link EngineError} with status 401 when the registry refuses them.
   */
  static async login(registry: string, options: RegistryOptions): Promise<void> {
    try {
      const client = await RegistryClient.open({ registry, path: "" }, "pull", options);
      (await client.request(`${client.#base}/v2/`)).resume();
    } catch (error) {
      throw error instanceof RegistryError && error.status === 401 ? new EngineError(401, error.message) : error;
    }
  }

  /** Finds out whether the registry is there, and what authentication it wants. */
  async #ping(): Promise<void> {
    const response = await send(`${this.#base}/v2/`, { isInsecure: this.#isInsecure, signal: this.#signal });
    const challenge = response.statusCode === 401 ? parseChallenge(response.headers["www-authenticate"]) : undefined;
    response.resume();
    if (!challenge) return;
    // the challenge of the base has no scope; that of the repository follows on the first request
    if (challenge.scheme === "basic" || this.#authorization.value === undefined) {
      await this.#authorization.answer(challenge, this.#scope);
    }
  }

  /**
   * Sends a request about the repository.
   *
   * @param path - what follows the repository, such as `/tags/list`, or a whole address.
   * @param request - the request. A streamed body is a function, because the request may be sent twice.
   * @param expected - the statuses that are no errors.
   * @throws {@link RegistryError} for other statuses.
   */
  async request(
    path: string,
    request: Omit<RegistryRequest, "body"> & { body?: Uint8Array | (() => RegistryRequest["body"]) } = {},
    expected: readonly number[] = [200],
  ): Promise<IncomingMessage> {
    const url = /^https?:/.test(path) ? path : `${this.#base}/v2/${this.#path}${path}`;
    let response = await this.#send(url, request);
    const challenge = response.statusCode === 401 ? parseChallenge(response.headers["www-authenticate"]) : undefined;
    if (challenge?.scheme === "bearer") {
      response.resume();
      await this.#authorization.answer(challenge, this.#scope);
      response = await this.#send(url, request);
    }
    if (!expected.includes(response.statusCode ?? 0)) throw await registryError(response);
    return response;
  }

  /** Returns the address of a location that a response names. */
  resolve(location: string | undefined): string {
    if (location === undefined || !URL.canParse(location, this.#base))
      throw new EngineError(500, "the registry sent no valid location");
    return new URL(location, this.#base).href;
  }

  /** Returns the tags of the repository. */
  async tags(): Promise<string[]> {
    const { tags } = await readObject(await this.request("/tags/list"), "tags");
    return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
  }

  #send(url: string, { body, ...request }: Parameters<RegistryClient["request"]>[1] & object): Promise<IncomingMessage> {
    const authorization = this.#authorization.value;
    const isOwn = url.startsWith(`${this.#base}/`);
    return send(url, {
      ...request,
      body: typeof body === "function" ? body() : body,
      headers: { ...request.headers, ...(authorization !== undefined && isOwn && { authorization }) },
      isInsecure: this.#isInsecure,
      signal: this.#signal,
    });
  }
}
