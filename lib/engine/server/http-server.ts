import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { bind } from "../../service/bind.js";
import type { ListenAddress, ServerTls } from "../../service/listen-address.js";
import { answerPlainHttp } from "../../service/tls-server.js";
import { clearTimeout, setTimeout } from "../../wire/clock.js";
import { isError } from "../../wire/realm.js";
import { badRequest, EngineError } from "../engine-error.js";
import { EngineRequest } from "./engine-request.js";
import { EngineResponse } from "./engine-response.js";
import { Exchange, type Upgrade } from "./exchange.js";
import type { Router } from "./router.js";
import { answersText, type ServedVersions, splitVersion } from "./versions.js";

/** What a server reports to its engine. */
export interface ServerHooks {
  /**
   * Called for each request. The request is served only if it calls `serve`; otherwise it has responded itself.
   *
   * @param call - the request and its response.
   * @param serve - serves the request. Never rejects.
   */
  onCall?(call: Call, serve: () => Promise<void>): Promise<void>;
  /** Called with errors that are no answer to a wrong request: faults of the engine. */
  onFault?(error: unknown, exchange: Exchange | undefined): void;
}

/** A request before anything of it has been read but its headers, and its response. */
export interface Call {
  readonly request: EngineRequest;
  readonly response: EngineResponse;
  /** The connection, if the request asks for an upgrade. */
  readonly upgrade: Upgrade | undefined;
}

/** A server whose requests and responses can be observed. */
type EngineServer = Server<typeof EngineRequest, typeof EngineResponse>;

/** The HTTP server of an engine: versions, headers, errors and upgrades, which are the same for all routes. */
export class HttpServer {
  readonly #servers: EngineServer[] = [];
  readonly #sockets = new Set<Socket>();
  /** The connections with a request that has no response yet, or that have been hijacked. */
  readonly #busy = new Set<Socket>();
  #router: Router;
  readonly #versions: ServedVersions;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #hooks: ServerHooks;

  constructor(router: Router, versions: ServedVersions, headers: Readonly<Record<string, string>>, hooks: ServerHooks = {}) {
    this.#router = router;
    this.#versions = versions;
    this.#headers = headers;
    this.#hooks = hooks;
  }

  /**
   * Starts to listen. A Unix socket gets mode 0600; one that nobody listens on any more is replaced.
   *
   * @returns the endpoint, such as `unix:///tmp/engine.sock` or `tcp://127.0.0.1:2375`.
   */
  async listen(at: ListenAddress): Promise<string> {
    const server = createHttpServer("tls" in at ? at.tls : undefined);
    server.on("request", (request, response) => void this.#receive({ request, response, upgrade: undefined }));
    server.on("upgrade", (request: EngineRequest, socket: Socket, head: Buffer) => this.#upgrade(request, socket, head));
    // with TLS, each connection has two sockets
    for (const event of ["connection", "secureConnection"]) server.on(event, (socket: Socket) => this.#hold(socket));
    const endpoint = await bind(server, at);
    this.#servers.push(server);
    return endpoint;
  }

  /** Serves other routes from now on. */
  serve(router: Router): void {
    this.#router = router;
  }

  /** Closes the connections with requests that are being served, streams and hijacked ones. Others may be used again. */
  interrupt(): void {
    for (const socket of this.#busy) socket.destroy();
  }

  /** Closes all connections. Requests that are being served are cut off. */
  disconnect(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Stops to listen and closes all connections. Requests that are being served are cut off. */
  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    this.disconnect();
    await Promise.all(closed);
    this.#servers.length = 0;
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    // a client may vanish at any time; reads and writes of its route report that
    socket.on("error", () => socket.destroy());
  }

  #upgrade(request: EngineRequest, socket: Socket, head: Buffer): void {
    const response = new EngineResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once("finish", () => {
      response.detachSocket(socket);
      socket.destroySoon();
    });
    if (head.length > 0) socket.unshift(head);
    void this.#receive({ request, response, upgrade: { socket, protocol: (request.headers.upgrade ?? "").toLowerCase() } });
  }

  async #receive(call: Call): Promise<void> {
    const { socket } = call.request;
    const done = (): void => void this.#busy.delete(socket);
    this.#busy.add(socket);
    call.response.once("finish", done).once("close", done);
    for (const [name, value] of Object.entries(this.#headers)) call.response.setHeader(name, value);
    const serve = (): Promise<void> => this.#serve(call);
    if (!this.#hooks.onCall) return serve();
    await this.#hooks.onCall(call, serve).catch((error: unknown) => this.#fail(error, call.request, call.response, undefined));
  }

  async #serve({ request, response, upgrade }: Call): Promise<void> {
    let exchange: Exchange | undefined;
    try {
      const target = request.url ?? "/";
      // two slashes at the beginning would make a host of what follows
      const address = target.startsWith("/") ? `http://engine${target}` : target;
      if (!URL.canParse(address)) throw badRequest(`malformed request target ${JSON.stringify(target)}`);
      const url = new URL(address);
      const { path, version } = splitVersion(normalized(url.pathname), this.#versions);
      const { route, params } = this.#router.find(request.method ?? "GET", path, version);
      exchange = new Exchange(request, response, { version, params, query: url.searchParams, upgrade });
      await route.handle(exchange);
    } catch (error) {
      this.#fail(error, request, response, exchange);
    }
  }

  #fail(error: unknown, request: EngineRequest, response: EngineResponse, exchange: Exchange | undefined): void {
    if (response.destroyed || request.socket.destroyed) return;
    const status = error instanceof EngineError ? error.status : 500;
    if (isFault(error)) this.#hooks.onFault?.(error, exchange);
    if (response.headersSent || exchange?.isHijacked) {
      request.socket.destroy();
      return;
    }
    const message = isError(error) ? error.message : String(error);
    const isText = answersText(request.url ?? "");
    const body = isText ? `${message}\n` : `${JSON.stringify({ message })}\n`;
    const type = isText ? "text/plain; charset=utf-8" : "application/json";
    const headers = { "content-type": type, "content-length": Buffer.byteLength(body) };
    // what is left of the request's body is not worth reading
    response.shouldKeepAlive &&= request.complete;
    response.writeHead(status, headers);
    if (request.method !== "HEAD") response.write(body);
    if (request.complete) response.end();
    else void discardRest(request).then(() => response.end().once("finish", () => request.socket.destroySoon()));
  }
}

/** How long a client may continue to send the body of a request that has been refused, in milliseconds: as long as with Docker. */
const DISCARD_TIME = 500;

/**
 * Takes the rest of a body until it ends, but not for long: a client that cannot send it would report that in place of the response,
 * which it has by then.
 */
async function discardRest(request: EngineRequest): Promise<void> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), DISCARD_TIME);
  request.resume();
  const { signal } = limit;
  // when the time is over, or the client is gone, there is nothing left to take
  await Promise.race([once(request, "end", { signal }), once(request, "close", { signal })]).catch(() => undefined);
  clearTimeout(timer);
  limit.abort();
}

/** How long a client of a TLS endpoint may send nothing, in milliseconds: as long as Node.js gives its handshake. */
const SILENCE = 120_000;

/** Creates a server that waits for bodies as long as builds take, over TLS if it has a certificate. */
function createHttpServer(tls: ServerTls | undefined): EngineServer {
  const options = {
    // of Docker: a request can name thousands of images in its query
    maxHeaderSize: 1024 * 1024,
    keepAliveTimeout: 75_000,
    requestTimeout: 0,
    noDelay: true,
    IncomingMessage: EngineRequest,
    ServerResponse: EngineResponse,
  };
  if (!tls) return createServer(options);
  // the end of standard input must not end the output of an attached process
  const server = createTlsServer({ ...options, ...tls, requestCert: tls.ca !== undefined, allowHalfOpen: true });
  answerPlainHttp(server, SILENCE);
  return server;
}

/** Whether an error is a fault of the engine rather than an answer to a request. */
function isFault(error: unknown): boolean {
  if (!(error instanceof EngineError)) return true;
  return error.status === 500 && error.cause !== undefined && !(error.cause instanceof EngineError);
}

/** Removes the slashes that Docker ignores: doubled ones. */
function normalized(path: string): string {
  return path.replace(/\/{2,}/g, "/");
}
