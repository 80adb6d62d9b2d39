import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import { clearTimeout, monotonicTime, setTimeout } from "../wire/clock.js";
import { type Access } from "./access.js";
import { bind } from "./bind.js";
import type { ListenAddress, ServerTls } from "./listen-address.js";
import { answerPlainHttp } from "./tls-server.js";

/** How long work that is aborted may take to clean up and to answer, in milliseconds. */
const CLEANUP = 1_000;

/** How a service limits its connections. */
export interface ConnectionLimits {
  /** The most connections; others are closed at once. */
  readonly connections: number;
  /** How long the headers of a request may take, in milliseconds. */
  readonly headers: number;
}

/** A request that may be served. */
export interface ServiceCall {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Aborted when the caller closes the connection before the end of the response. */
  readonly signal: AbortSignal;
}

/** What a service does. */
export interface Service {
  /** Decides about requests. Paths in `open` are served without it. */
  access(): Access;
  /** Paths that everybody may read. */
  readonly open: ReadonlySet<string>;
  /** Serves a request. Never rejects. */
  serve(call: ServiceCall): Promise<void>;
  /** Called with each request when its response has ended. */
  onEnd(request: IncomingMessage, outcome: RequestOutcome): void;
}

/** What became of a request. */
export interface RequestOutcome {
  /** The HTTP status; 0 if the caller left before there was one. */
  readonly status: number;
  /** The bytes of the response, its headers included, that were given to the connection. */
  readonly bytes: number;
  /** How long it took. */
  readonly milliseconds: number;
}

/** An HTTP server that checks callers before it serves them, and that can end in order. */
export class ServiceServer {
  readonly #service: Service;
  readonly #limits: ConnectionLimits;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #running = new Set<AbortController>();
  #idle: (() => void) | undefined;

  constructor(service: Service, limits: ConnectionLimits) {
    this.#service = service;
    this.#limits = limits;
  }

  /** The number of requests that are being served. */
  get running(): number {
    return this.#running.size;
  }

  /** Listens on an address as well. Returns the endpoint, such as `tcp://127.0.0.1:30001`. */
  async listen(address: ListenAddress): Promise<string> {
    const server = this.#create("tls" in address ? address.tls : undefined);
    server.maxConnections = this.#limits.connections;
    server.on("request", (request, response) => void this.#receive(request, response));
    for (const event of ["connection", "secureConnection"]) server.on(event, (socket: Socket) => this.#hold(socket));
    this.#servers.push(server);
    return bind(server, address);
  }

  /**
   * Waits for the requests that are being served. New ones are still served meanwhile, so that callers hear why they are refused.
   *
   * @param grace - how long requests may take to end, in milliseconds. After it their work is aborted.
   */
  async drain(grace: number): Promise<void> {
    if (await this.#drained(grace)) return;
    for (const controller of this.#running) controller.abort();
    await this.#drained(CLEANUP);
  }

  /** Stops to listen, and closes all connections. */
  async close(): Promise<void> {
    const closed = this.#servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
  }

  /** Replaces the certificates of servers that listen. */
  renewTls(tls: ServerTls): void {
    for (const server of this.#servers) if ("setSecureContext" in server) (server as TlsServer).setSecureContext(tls);
  }

  #create(tls: ServerTls | undefined): Server {
    const options = {
      headersTimeout: this.#limits.headers,
      connectionsCheckingInterval: Math.min(1_000, this.#limits.headers),
      requestTimeout: 0, // the body has a limit of its own
      keepAliveTimeout: 75_000,
      noDelay: true,
    };
    if (!tls) return createServer(options);
    const server = createTlsServer({
      ...options,
      ...tls,
      handshakeTimeout: this.#limits.headers,
      requestCert: tls.ca !== undefined,
      rejectUnauthorized: tls.ca !== undefined,
    });
    answerPlainHttp(server, this.#limits.headers);
    return server;
  }

  #hold(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = monotonicTime();
    const { socket } = request;
    const writtenBefore = socket.bytesWritten;
    const controller = new AbortController();
    this.#running.add(controller);
    response.once("close", () => {
      if (!response.writableFinished) controller.abort();
      this.#running.delete(controller);
      this.#service.onEnd(request, {
        status: response.headersSent ? response.statusCode : 0,
        bytes: socket.bytesWritten - writtenBefore,
        milliseconds: monotonicTime() - began,
      });
      if (this.#running.size === 0) this.#idle?.();
    });
    const path = pathOf(request);
    const refusal = this.#service.open.has(path) ? undefined : this.#service.access().refuse(request);
    if (refusal) {
      if (refusal.status === 401) response.setHeader("WWW-Authenticate", "Bearer");
      sendText(response, refusal.status, refusal.reason);
    } else await this.#service.serve({ request, response, signal: controller.signal });
    if (!request.complete) {
      // a body that nobody reads must neither hold the connection nor be taken for the next request
      if (response.writableFinished) request.socket.destroySoon();
      else response.once("finish", () => request.socket.destroySoon());
      request.resume();
    }
  }

  async #drained(within: number): Promise<boolean> {
    if (this.#running.size === 0) return true;
    let timer: NodeJS.Timeout | undefined;
    const isDrained = await new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), within);
      this.#idle = () => resolve(true);
    });
    clearTimeout(timer);
    return isDrained;
  }
}

/** The part of a TLS server that replaces its certificates. */
interface TlsServer {
  setSecureContext(tls: ServerTls): void;
}

/** Returns the path of a request, without its query. */
export function pathOf({ url = "/" }: IncomingMessage): string {
  const end = url.indexOf("?");
  return end === -1 ? url : url.slice(0, end);
}

/** Sends a text as the whole response. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  send(response, status, "text/plain; charset=utf-8", text);
}

/** Sends a value as the whole response, as JSON. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, status, "application/json; charset=utf-8", `${JSON.stringify(value)}\n`);
}

/** Sends a whole response. */
export function send(response: ServerResponse, status: number, contentType: string, body: string): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    "Content-Type": contentType,
    "Content-Length": Buffer.byteLength(body),
    "X-Content-Type-Options": "nosniff",
  });
  response.end(body);
}
