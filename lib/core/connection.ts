import type { ResponseHeaders } from "../transport/response-head.js";
import { Readable } from "node:stream";
import type { Axios } from "axios";
import type { DockerError } from "../errors/docker-error.js";
import { EngineVersionError } from "../errors/usage-errors.js";
import { readJson } from "../streams/body.js";
import { ignoreErrors } from "../wire/quiet.js";
import { type Hijacked, hijackedOf } from "../streams/hijacked-stream.js";
import { AxiosBridge } from "../transport/axios-bridge.js";
import { DEFAULT_ENDPOINT, type Endpoint, parseEndpoint } from "../transport/dial/endpoint.js";
import { Exchange, type Limits } from "../transport/exchange.js";
import { HttpClient } from "../transport/http-client.js";
import type { RequestHead } from "../transport/request-writer.js";
import { closedError, Transport } from "../transport/transport.js";
import type { CallOptions } from "./call-options.js";
import type { ClientOptions } from "./client-options.js";
import { Credentials } from "./credentials.js";
import { isKnown } from "./fields/fields.js";
import { Negotiation, type Question } from "./negotiation.js";
import { boundsOf, type HttpMethod, type Operation } from "./operation.js";
import { checkGates, type Prepared, prepare } from "./prepare.js";
import { apiErrorFrom } from "./api-errors.js";
import { hostOf, limitsOf, mergeHeaders, type OpenResponse, type RequestExtras } from "./request.js";

/** The one way to an engine: everything that a {@link Client} sends goes through `open`. */
export abstract class Connection {
  /** The engine's address, without credentials. @category Client */
  readonly endpoint: string;
  readonly #address: Endpoint;
  readonly #options: ClientOptions;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #textHeaders: Readonly<Record<string, string>>;
  readonly #jsonHeaders: Readonly<Record<string, string>>;
  readonly #prefix: string;
  readonly #exchanges = new Set<Exchange>();
  readonly #http: HttpClient;
  #bridge: AxiosBridge | undefined;
  readonly #negotiation: Negotiation;
  /** The credentials for registries that go with calls that need some. */
  protected readonly credentials: Credentials;
  readonly #closeController = new AbortController();
  #transport: Promise<Transport> | undefined;
  #closing: Promise<void> | undefined;

  /**
   * Makes a client. Nothing is connected, and no file read, before the first call.
   *
   * @category Client
   * @param options - where the engine is, and how to speak to it.
   * @throws {@link InvalidEndpointError} when the endpoint cannot be one.
   * @throws {@link EngineVersionError} when the pinned API version is not a version.
   */
  constructor(options: ClientOptions = {}) {
    this.#options = options;
    this.#address = parseEndpoint(options.endpoint ?? DEFAULT_ENDPOINT, options.tls !== undefined);
    this.endpoint = this.#address.text;
    this.#prefix = "basePath" in this.#address ? this.#address.basePath : "";
    this.#headers = {
      Host: hostOf(this.#address),
      "User-Agent": "ts-dockerclient",
      "Accept-Encoding": "identity",
      ...options.headers,
    };
    this.#textHeaders = { "Content-Type": "text/plain", ...this.#headers };
    this.#jsonHeaders = { "Content-Type": "application/json", ...this.#headers };
    this.#negotiation = new Negotiation(this.endpoint, options.apiVersion, (path, question) => this.#ask(path, question));
    this.credentials = new Credentials(options.auth, options.env);
    this.#http = new HttpClient(() => (this.#transport ??= Transport.create(this.#address, options.tls ?? {})));
  }

  /**
   * An axios instance, loaded on first access; from then on it carries every request. Bodies and credentials are out of reach.
   *
   * @category Client
   */
  get axios(): Axios {
    return (this.#bridge ??= new AxiosBridge(this.#http)).axios;
  }

  /** The API version in use; undefined until the first call has found it out. @category Client */
  get apiVersion(): string | undefined {
    return this.#negotiation.version;
  }

  /** Whether the client has been closed. @category Client */
  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /**
   * Finds out which API version to speak, unless that is known already. Every call does so by itself.
   *
   * @category Client
   * @returns the version, such as `1.41`.
   * @throws {@link EngineVersionError} when the engine and this package have no version in common.
   */
  async negotiate(call?: CallOptions): Promise<string> {
    const limits = limitsOf(this.#options.timeouts, call);
    const exchange = this.#begin("negotiate", limits, call?.signal);
    try {
      return await this.#negotiation.resolve(exchange, limits);
    } finally {
      exchange.finish();
    }
  }

  /**
   * Tells whether the engine knows an operation, or one of its options.
   *
   * @category Client
   * @param feature - the method's name, and after a point an option's or a part's of one: `pruneBuilds`,
   * `inspectImage.platform`, `createContainer.hostConfig.HostConfig.Annotations`.
   * @throws {@link InvalidOptionError} when there is no such operation or option.
   */
  async supports(feature: string, call?: CallOptions): Promise<boolean> {
    const [name = "", ...option] = feature.split(".");
    const bounds = boundsOf(name, option.length > 0 ? option.join(".") : undefined);
    const version = await this.negotiate(call);
    return bounds.every((bound) => isKnown(version, bound));
  }

  /** Ends every call and stream that is under way, and every connection. Later calls fail with a `ClientClosedError`. @category Client */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#closeController.abort();
      for (const exchange of this.#exchanges) exchange.fail(closedError(exchange.operation, this.endpoint));
      // a transport that could not be made has nothing to close
      await (await this.#transport?.catch(() => undefined))?.close();
    })();
    return this.#closing;
  }

  /** Closes the client at the end of an `await using` block. @category Client */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** How many connections to the engine are open, idle ones included. @category Client */
  async connections(): Promise<number> {
    // a transport that could not be made has none
    return (await this.#transport?.catch(() => undefined))?.connections ?? 0;
  }

  /**
   * Refuses, before anything is sent, bad options and what the API version does not know: for methods that ask the engine
   * something else first.
   *
   * @returns the API version in use.
   */
  protected async check<O extends object>(
    declaration: Operation<O>,
    options: O,
    call: CallOptions | undefined,
    errors?: RequestExtras["errors"],
  ): Promise<string> {
    const { gates } = prepare(declaration, options, errors);
    const version = await this.negotiate(call);
    checkGates(gates, version, { operation: declaration.name, endpoint: this.endpoint });
    return version;
  }

  /**
   * Sends a request and gives the answer when its status is good.
   *
   * @throws {@link DockerError}: bad options before anything is sent, the operation's typed errors, or what became of the connection.
   */
  protected async open<O extends object>(
    declaration: Operation<O>,
    options: O,
    call: CallOptions = {},
    extras: RequestExtras = {},
  ): Promise<OpenResponse> {
    const { name, method, longRunning = false } = declaration;
    let exchange: Exchange | undefined;
    if (extras.upload instanceof Readable) extras.upload.on("error", ignoreErrors);
    try {
      const prepared = prepare(declaration, options, extras.errors);
      exchange = this.#begin(name, limitsOf(this.#options.timeouts, call, longRunning), call.signal);
      let path = this.#prefix + prepared.path;
      if (declaration.versioned !== false) {
        const negotiated = this.#negotiation.version;
        const version = negotiated ?? (await this.#negotiation.resolve(exchange, limitsOf(this.#options.timeouts, call)));
        checkGates(prepared.gates, version, exchange);
        path = `${this.#prefix}/v${version}${prepared.path}`;
      }
      const head: RequestHead = {
        method,
        path: prepared.query === "" ? path : `${path}?${prepared.query}`,
        headers: this.#headersOf(method, prepared, call, extras),
        ownConnection: extras.ownConnection ?? (longRunning || extras.upgrade !== undefined),
      };
      const body = extras.upload ?? prepared.body;
      const response = await (this.#bridge ?? this.#http).send(exchange, head, { headers: extras.secretHeaders, body });
      const request = { status: response.status, method, path, operation: name, endpoint: this.endpoint };
      const isGood = (response.status >= 200 && response.status < 300) || response.status === 304 || response.status === 101;
      if (!isGood && !extras.anyStatus) {
        const { errors = declaration.errors?.(options), confidential } = extras;
        throw await this.#refusal(response.body, request, exchange, { errors, confidential });
      }
      return { ...response, exchange, request };
    } catch (error) {
      exchange?.finish();
      if (extras.upload instanceof Readable) extras.upload.destroy();
      throw error;
    }
  }

  /** Sends a request whose answer is its status. Gives the status: 304 says that the object was in that state already. */
  protected async send<O extends object>(
    declaration: Operation<O>,
    options: O,
    call?: CallOptions,
    extras?: RequestExtras,
  ): Promise<number> {
    const { status, body } = await this.open(declaration, options, call, extras);
    await body.content(0);
    return status;
  }

  /** Sends a request whose answer is JSON. `T` says what the engine documents; nothing is checked or copied. */
  protected async json<T, O extends object>(
    declaration: Operation<O>,
    options: O,
    call?: CallOptions,
    extras?: RequestExtras,
  ): Promise<T> {
    const { body, exchange } = await this.open(declaration, options, call, extras);
    return readJson<T>(body, exchange);
  }

  /** Sends a request whose answer is bytes, and hands the bytes on. */
  protected async stream<O extends object>(
    declaration: Operation<O>,
    options: O,
    call?: CallOptions,
    extras?: RequestExtras,
  ): Promise<Readable> {
    return (await this.open(declaration, options, call, { ownConnection: true, ...extras })).body;
  }

  /** Sends a request that takes the connection over, and gives its two directions. */
  protected async hijack<O extends object>(
    declaration: Operation<O>,
    options: O,
    call?: CallOptions,
    extras?: RequestExtras,
  ): Promise<Hijacked & { headers: ResponseHeaders }> {
    const answer = await this.open(declaration, options, call, { upgrade: "tcp", ...extras });
    const transport = await this.#transport;
    return { ...hijackedOf(answer, transport?.supportsHalfClose ?? true), headers: answer.headers };
  }

  /** Is aborted when the client is closed. */
  protected get closing(): AbortSignal {
    return this.#closeController.signal;
  }

  /** Takes note of the version that a ping's answer names. */
  protected noteVersion(engine: string): void {
    this.#negotiation.learn(engine);
  }

  #begin(operation: string, limits: Limits, signal: AbortSignal | undefined): Exchange {
    if (this.closed) throw closedError(operation, this.endpoint);
    const exchange = new Exchange(operation, this.endpoint, limits, signal);
    this.#exchanges.add(exchange);
    exchange.addCleanup(() => this.#exchanges.delete(exchange));
    return exchange;
  }

  #headersOf(method: HttpMethod, prepared: Prepared, call: CallOptions, extras: RequestExtras): RequestHead["headers"] {
    const bare = method === "GET" || method === "HEAD" ? this.#headers : this.#textHeaders;
    const usual = prepared.body ? this.#jsonHeaders : bare;
    // nearly all requests have the same headers, which are written once
    if (extras.upgrade === undefined && !prepared.headers && !extras.headers && !call.headers) return usual;
    const upgrade = extras.upgrade === undefined ? undefined : { Connection: "Upgrade", Upgrade: extras.upgrade };
    return mergeHeaders(usual, upgrade, prepared.headers, extras.headers, call.headers);
  }

  /** Gets a path without a version, for the negotiation of one. */
  async #ask(path: string, { operation, limits, signal }: Question): Promise<{ headers: ResponseHeaders; content: string }> {
    const exchange = this.#begin(operation, limits, signal);
    try {
      const head = { method: "GET", path: this.#prefix + path, headers: this.#headers, ownConnection: false };
      const { status, headers, body } = await (this.#bridge ?? this.#http).send(exchange, head, {});
      const request = { status, method: "GET", path, operation, endpoint: this.endpoint };
      if (status !== 200) throw await this.#refusal(body, request, exchange);
      return { headers, content: (await body.content()).toString() };
    } finally {
      exchange.finish();
    }
  }

  async #refusal(...refused: Parameters<typeof apiErrorFrom>): Promise<DockerError> {
    const error = await apiErrorFrom(...refused);
    // the engine that answers now is not the one that was asked
    if (error instanceof EngineVersionError) this.#negotiation.forget();
    return error;
  }
}
