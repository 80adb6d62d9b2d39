import { Readable } from "node:stream";
import type { AxiosStatic } from "axios";
import type { DockerError } from "../errors/docker-error.js";
import { EngineVersionError, InvalidOptionError } from "../errors/usage-errors.js";
import { readJson } from "../streams/body.js";
import { type Hijacked, hijackedOf } from "../streams/hijacked-stream.js";
import { AxiosBridge } from "../transport/axios-bridge.js";
import { DEFAULT_ENDPOINT, type Endpoint, parseEndpoint } from "../transport/dial/endpoint.js";
import { checkTlsOptions } from "../transport/dial/tls.js";
import { Exchange, type Limits } from "../transport/exchange.js";
import { HttpClient } from "../transport/http-client.js";
import type { RequestHead } from "../transport/request-writer.js";
import type { ResponseHeaders } from "../transport/response-head.js";
import { closedError, Transport } from "../transport/transport.js";
import type { Environment } from "../wire/environment.js";
import { SMALL_RESPONSE } from "../wire/limits.js";
import { ignoreUnheardErrors } from "../wire/quiet.js";
import { Secrets } from "../wire/secrets.js";
import { readNulls } from "./answers/index.js";
import { apiErrorFrom } from "./api-errors.js";
import type { CallOptions } from "./call-options.js";
import { callerOf, reportTo } from "./caller.js";
import { CallerStreams, heardCall, type StreamMethod, streamsOf } from "./caller-streams.js";
import { checkClientOptions, type ClientOptions } from "./client-options.js";
import { Credentials } from "./credentials.js";
import { DockerSettings } from "./docker-settings.js";
import { isKnown, type Taken } from "./fields/fields.js";
import { bodyFor } from "./gates.js";
import { Negotiation, type Question } from "./negotiation.js";
import { boundsOf, type HttpMethod, type Operation, patience } from "./operation.js";
import { prepare, type Prepared } from "./prepare.js";
import { hostOf, limitsOf, mergeHeaders, type OpenResponse, type RequestExtras } from "./request.js";

/** The headers shared by all requests without a body, with a text body, and with a JSON body. */
type UsualHeaders = Readonly<Record<"plain" | "text" | "json", RequestHead["headers"]>>;

/** The connection to an engine. Every request of a {@link Client} goes through `open`. */
export abstract class Connection {
  /** The engine's address, without credentials. @category Client */
  readonly endpoint: string;
  readonly #address: Endpoint;
  readonly #options: ClientOptions;
  #usualHeaders: UsualHeaders | undefined;
  readonly #prefix: string;
  readonly #exchanges = new Set<Exchange>();
  readonly #http: HttpClient;
  #bridge: AxiosBridge | undefined;
  readonly #negotiation: Negotiation;
  /** Registry credentials for the calls that need them. */
  protected readonly credentials: Credentials;
  /** The settings from `config.json` for the calls that need them. */
  protected readonly settings: DockerSettings;
  readonly #closeController = new AbortController();
  #transport: Promise<Transport> | undefined;
  #closing: Promise<void> | undefined;

  /**
   * Creates a client. It neither connects nor reads files before the first call.
   *
   * @category Client
   * @param options - where the engine is, and how to connect to it.
   * @throws {@link InvalidEndpointError} when the endpoint is malformed.
   * @throws {@link EngineVersionError} when the pinned API version is malformed.
   * @throws {@link InvalidOptionError} when an option is unknown, `tls` is incomplete, or `maxConnections` is less than 1.
   */
  constructor(options: ClientOptions = {}) {
    checkClientOptions("new Client", options);
    this.#options = options;
    const { maxConnections } = options;
    if (maxConnections !== undefined && !(maxConnections >= 1)) {
      throw new InvalidOptionError("maxConnections", `maxConnections must be a number of at least 1, not ${maxConnections}`);
    }
    if (options.tls) checkTlsOptions(options.tls);
    this.#address = parseEndpoint(options.endpoint ?? DEFAULT_ENDPOINT, options.tls !== undefined);
    this.endpoint = this.#address.text;
    this.#prefix = "basePath" in this.#address ? this.#address.basePath : "";
    this.#negotiation = new Negotiation(this.endpoint, options.apiVersion, (path, question) => this.#ask(path, question));
    this.credentials = new Credentials(options.auth, options.env);
    this.settings = new DockerSettings(options.env, options.dockerConfig);
    this.#http = new HttpClient(() => (this.#transport ??= Transport.create(this.#address, options.tls ?? {}, maxConnections)));
  }

  /**
   * An axios instance, loaded on first access. From then on, every request passes through it. The instance never sees bodies or
   * credentials.
   *
   * @category Client
   */
  get axios(): InstanceType<AxiosStatic["Axios"]> {
    return (this.#bridge ??= new AxiosBridge(this.#http)).axios;
  }

  /** The API version in use; undefined until the first call has negotiated it. @category Client */
  get apiVersion(): string | undefined {
    return this.#negotiation.version;
  }

  /** Whether the client has been closed. @category Client */
  get closed(): boolean {
    return this.#closing !== undefined;
  }

  /**
   * Negotiates the API version unless it is already known. Every call does this automatically.
   *
   * @category Client
   * @returns the version, such as `1.41`.
   * @throws {@link EngineVersionError} when the engine and this package have no version in common.
   */
  negotiate(call?: CallOptions): Promise<string> {
    const caller = callerOf(call);
    return caller === undefined ? reportTo("negotiate", this.#negotiate("negotiate", call)) : this.#negotiate(caller, call);
  }

  /**
   * Reports whether the engine supports an operation, or one of its options.
   *
   * @category Client
   * @param feature - the name of the method, optionally followed by an option and a member of its value: `pruneBuilds`,
   * `inspectImage.platform`, `createContainer.hostConfig.HostConfig.Annotations`.
   * @throws {@link InvalidOptionError} when there is no such operation or option.
   */
  supports(feature: string, call?: CallOptions): Promise<boolean> {
    return reportTo("supports", this.#supports(feature, call));
  }

  /** Ends all pending calls, streams and connections. Later calls fail with a `ClientClosedError`. @category Client */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      this.#closeController.abort();
      for (const exchange of this.#exchanges) exchange.fail(closedError(exchange.operation, this.endpoint));
      // a transport that failed to start has nothing to close
      await (await this.#transport?.catch(() => undefined))?.close();
    })();
    return this.#closing;
  }

  /** Closes the client at the end of an `await using` block. @category Client */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Returns the number of open connections to the engine, idle ones included. @category Client */
  async connections(): Promise<number> {
    // a transport that failed to start has no connections
    return (await this.#transport?.catch(() => undefined))?.connections ?? 0;
  }

  /**
   * Runs a call with the caller's streams, which have error listeners until the call ends.
   *
   * @param method - the method, with the metadata of its options.
   * @param run - makes the requests. Receives the options with Node.js streams, and settings that end the requests when a stream
   * fails.
   * @throws {@link InputStreamError} or {@link OutputStreamError} when a stream fails.
   * @throws {@link InvalidOptionError} when an option is not a stream.
   */
  protected async withStreams<O extends object, T>(
    method: StreamMethod,
    options: O,
    call: CallOptions | undefined,
    run: (options: Taken<O>, call: CallOptions, streams: CallerStreams) => Promise<T>,
  ): Promise<T> {
    const streams = new CallerStreams(callerOf(call) ?? method.name, this.endpoint);
    const taken = streams.take(method.fields, options);
    try {
      streams.check();
      return await run(taken, heardCall(call, streams), streams);
    } finally {
      streams.release();
    }
  }

  /**
   * Checks the options and the API version for one of a method's later requests, before the method sends anything.
   *
   * @returns the API version in use.
   */
  protected async check<O extends object>(declaration: Operation<O>, options: O, call: CallOptions | undefined): Promise<string> {
    const operation = callerOf(call) ?? declaration.name;
    const prepared = prepare(declaration, options, operation);
    const version = await this.#negotiate(operation, call);
    bodyFor(prepared, version, { operation, endpoint: this.endpoint });
    return version;
  }

  /**
   * Sends a request and returns the response, whose body is unread, if its status is good.
   *
   * @throws {@link DockerError} for invalid options, before anything is sent; the operation's typed errors; connection errors.
   */
  protected async open<O extends object>(
    declaration: Operation<O>,
    options: O,
    call: CallOptions = {},
    extras: RequestExtras = {},
  ): Promise<OpenResponse> {
    const { method, longRunning = false } = declaration;
    const name = callerOf(call) ?? declaration.name;
    let exchange: Exchange | undefined;
    if (extras.upload instanceof Readable) ignoreUnheardErrors(extras.upload);
    try {
      const prepared = prepare(declaration, options, name);
      const { slow, grace } = patience(declaration, options);
      exchange = this.#begin(name, limitsOf(this.#options.timeouts, call, grace), call);
      let path = this.#prefix + prepared.path;
      let body = extras.upload ?? prepared.body;
      if (declaration.versioned !== false) {
        const negotiated = this.#negotiation.version;
        const version = negotiated ?? (await this.#negotiation.resolve(exchange, limitsOf(this.#options.timeouts, call)));
        const content = bodyFor(prepared, version, exchange);
        body = extras.upload ?? content;
        path = `${this.#prefix}/v${version}${prepared.path}`;
      }
      const head: RequestHead = {
        method,
        path: prepared.query === "" ? path : `${path}?${prepared.query}`,
        headers: this.#headersOf(method, prepared, call, extras),
        ownConnection: extras.ownConnection ?? (longRunning || extras.upgrade !== undefined),
        slow,
      };
      exchange.secrets = new Secrets(() => ({
        query: prepared.query,
        body: prepared.body,
        headers: [head.headers, extras.secretHeaders],
      }));
      const response = await (this.#bridge ?? this.#http).send(exchange, head, { headers: extras.secretHeaders, body });
      const request = {
        status: response.status,
        method,
        path,
        operation: name,
        object: prepared.object,
        credentials: this.credentials.searchOf(extras.secretHeaders),
        endpoint: this.endpoint,
      };
      const isGood = (response.status >= 200 && response.status < 300) || response.status === 304 || response.status === 101;
      if (!isGood && !extras.anyStatus) {
        throw await this.#apiError(response.body, request, exchange, extras.errors ?? declaration.errors?.(options));
      }
      const { status, headers, body: content, socket, connection } = response;
      return { status, headers, body: content, socket, connection, exchange, request };
    } catch (error) {
      exchange?.finish();
      if (extras.upload instanceof Readable) extras.upload.destroy();
      throw exchange?.hide(error) ?? error;
    }
  }

  /** Sends a request and returns the status of the response. 304 means that the object was already in that state. */
  protected async send<O extends object>(
    declaration: Operation<O>,
    options: O,
    call?: CallOptions,
    extras?: RequestExtras,
  ): Promise<number> {
    const { status, body } = await this.open(declaration, options, call, extras);
    await body.discard();
    return status;
  }

  /**
   * Sends a request and parses the response as JSON. `T` is the documented type: the response is not validated, and only null
   * lists and maps are replaced (see {@link readNulls}).
   */
  protected async json<T, O extends object>(
    declaration: Operation<O>,
    options: O,
    call?: CallOptions,
    extras?: RequestExtras,
  ): Promise<T> {
    const { body, exchange } = await this.open(declaration, options, call, extras);
    return readNulls(declaration.name, await readJson(body, exchange)) as T; // the documented type
  }

  /** Sends a request and returns the body of the response as a stream of bytes. */
  protected async stream<O extends object>(
    declaration: Operation<O>,
    options: O,
    call?: CallOptions,
    extras?: RequestExtras,
  ): Promise<Readable> {
    return (await this.open(declaration, options, call, { ownConnection: true, ...extras })).body;
  }

  /** Sends a request that hijacks the connection, and returns its two directions. */
  protected async hijack<O extends object>(
    declaration: Operation<O>,
    options: O,
    call?: CallOptions,
    extras?: RequestExtras,
  ): Promise<Hijacked & Pick<OpenResponse, "headers" | "request">> {
    const response = await this.open(declaration, options, call, { upgrade: "tcp", ...extras });
    const transport = await this.#transport;
    return {
      ...hijackedOf(response, transport?.supportsHalfClose ?? true),
      headers: response.headers,
      request: response.request,
    };
  }

  /** Returns the environment variables that the client uses. A getter would show them in an inspected client. */
  protected environment(): Environment {
    return this.#options.env ?? process.env;
  }

  /** Aborted when the client is closed. */
  protected get closing(): AbortSignal {
    return this.#closeController.signal;
  }

  /** Records the API version that the response to a ping reports. */
  protected noteVersion(engine: string): void {
    this.#negotiation.learn(engine);
  }

  async #negotiate(operation: string, call: CallOptions | undefined): Promise<string> {
    const limits = limitsOf(this.#options.timeouts, call);
    const exchange = this.#begin(operation, limits, call);
    try {
      return await this.#negotiation.resolve(exchange, limits);
    } finally {
      exchange.finish();
    }
  }

  async #supports(feature: string, call: CallOptions | undefined): Promise<boolean> {
    const [name = "", ...option] = feature.split(".");
    const bounds = boundsOf(name, option.length > 0 ? option.join(".") : undefined);
    const version = await this.#negotiate("supports", call);
    return bounds.every((bound) => isKnown(version, bound));
  }

  #begin(operation: string, limits: Limits, call: CallOptions | undefined): Exchange {
    if (this.closed) throw closedError(operation, this.endpoint);
    const exchange = new Exchange(operation, this.endpoint, limits, call?.signal);
    this.#exchanges.add(exchange);
    exchange.addCleanup(() => this.#exchanges.delete(exchange));
    streamsOf(call)?.join(exchange);
    return exchange;
  }

  /** Returns the shared headers, built on the first request. The client's options override `config.json`. */
  #usual(): UsualHeaders {
    if (this.#usualHeaders) return this.#usualHeaders;
    const { headers } = this.#options;
    const own = { Host: hostOf(this.#address), "User-Agent": "ts-dockerclient", "Accept-Encoding": "identity" };
    const withType = (type?: Record<string, string>) => mergeHeaders(this.settings.headers, type, own, headers);
    return (this.#usualHeaders = {
      plain: withType(),
      text: withType({ "Content-Type": "text/plain" }),
      json: withType({ "Content-Type": "application/json" }),
    });
  }

  #headersOf(method: HttpMethod, prepared: Prepared, call: CallOptions, extras: RequestExtras): RequestHead["headers"] {
    const { plain, text, json } = this.#usual();
    const bare = method === "GET" || method === "HEAD" ? plain : text;
    const usual = prepared.body ? json : bare;
    // most requests have no headers beyond the shared ones
    if (extras.upgrade === undefined && !prepared.headers && !extras.headers && !call.headers) return usual;
    const upgrade = extras.upgrade === undefined ? undefined : { Connection: "Upgrade", Upgrade: extras.upgrade };
    return mergeHeaders(usual, upgrade, prepared.headers, extras.headers, call.headers);
  }

  /** Requests an unversioned path, to negotiate the version. */
  async #ask(path: string, { operation, limits, signal }: Question): Promise<{ headers: ResponseHeaders; content: string }> {
    const exchange = this.#begin(operation, limits, { signal });
    try {
      const head = { method: "GET", path: this.#prefix + path, headers: this.#usual().plain, ownConnection: false };
      exchange.secrets = new Secrets(() => ({ headers: [head.headers], query: "" }));
      const { status, headers, body } = await (this.#bridge ?? this.#http).send(exchange, head, {});
      const request = { status, method: "GET", path, operation, endpoint: this.endpoint };
      if (status !== 200) throw await this.#apiError(body, request, exchange);
      return { headers, content: await body.text(SMALL_RESPONSE) };
    } finally {
      exchange.finish();
    }
  }

  async #apiError(...args: Parameters<typeof apiErrorFrom>): Promise<DockerError> {
    const error = await apiErrorFrom(...args);
    // the engine at the endpoint has changed since the negotiation
    if (error instanceof EngineVersionError) this.#negotiation.forget();
    return error;
  }
}
