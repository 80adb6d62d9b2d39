import { Agent, type ClientRequest, type IncomingMessage, request as httpRequest, type RequestOptions } from "node:http";
import type { Socket } from "node:net";
import { type Duplex, Readable } from "node:stream";
import { ClientClosedError, TimeoutError } from "../errors/connection-errors.js";
import { DockerError } from "../errors/docker-error.js";
import { InputStreamError } from "../errors/usage-errors.js";
import { createDialer, type Dialer } from "./dialer.js";
import type { Endpoint } from "./endpoint.js";
import type { Exchange, Payload, RawResponse } from "./exchange.js";
import type { TlsOptions } from "./tls.js";

/** The half of a request that interceptors see. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the request gets a connection of its own instead of one from the pool. */
  readonly alone: boolean;
}

interface DialOptions {
  connectTimeout: number;
}

/** Connections to an engine that are kept for further requests. An ssh channel is a process, so there are few of those. */
const MAX_CONNECTIONS = 100;
const MAX_SSH_CHANNELS = 8;

/** `node:http`'s keeper of connections, over whatever the dialer opens. */
class EngineAgent extends Agent {
  readonly #dial: (timeout: number) => Duplex;

  constructor(dial: (timeout: number) => Duplex, keepAlive: boolean, maxSockets: number) {
    super({ keepAlive, maxSockets, scheduling: "lifo" });
    this.#dial = dial;
  }

  // every connection of an agent goes to the same engine
  override getName(): string {
    return "";
  }

  override createConnection(options: RequestOptions & Partial<DialOptions>): Duplex {
    return this.#dial(options.connectTimeout ?? 0);
  }

  /** Ends the connections that wait for a request. */
  dropIdle(): void {
    for (const sockets of Object.values(this.freeSockets)) for (const socket of sockets ?? []) socket.destroy();
  }
}

/** Requests that may be sent twice without harm. */
const repeatable = new Set(["GET", "HEAD"]);

/** Sends a request's stream, and ends the exchange when the stream fails. */
function upload(body: Readable, request: ClientRequest, exchange: Exchange): void {
  const fail = (cause: unknown) => {
    const { operation, endpoint } = exchange;
    const text = `the input stream of ${operation} failed before it ended`;
    // an archive in the making says better what is wrong with it
    exchange.fail(cause instanceof DockerError ? cause : new InputStreamError(text, { cause, operation, endpoint }));
  };
  if (body.errored || (body.destroyed && !body.readableEnded)) {
    fail(body.errored ?? undefined);
    return;
  }
  body.on("error", fail);
  body.on("close", () => {
    if (!body.readableEnded && !request.destroyed) fail(undefined);
  });
  // pipe, and not pipeline, because an answer may come, and count, before the upload ends
  body.pipe(request);
  request.on("close", () => {
    if (!body.readableEnded) body.destroy();
  });
}

/** Watches for silence on a connection while somebody wants to read from it. */
function watchInactivity(socket: Socket, body: Readable, exchange: Exchange): void {
  const limit = exchange.limits.inactivity;
  if (limit <= 0) return;
  const onTimeout = () => {
    // a reader who holds the stream back must not be told that the engine is silent; one who iterates is always paused
    const held = body.readableLength > 0 || (body.isPaused() && body.listenerCount("readable") === 0);
    if (held) socket.setTimeout(limit);
    else exchange.fail(new TimeoutError("inactivity", limit, exchange));
  };
  socket.setTimeout(limit);
  socket.on("timeout", onTimeout);
  body.once("close", () => {
    socket.off("timeout", onTimeout);
    socket.setTimeout(0);
  });
}

/** The connections to one engine. */
export class Transport {
  readonly #sockets = new Set<Duplex>();
  readonly #dialer: Dialer;
  readonly #pool: EngineAgent;
  readonly #streams: EngineAgent;

  private constructor(dialer: Dialer, maxConnections: number) {
    this.#dialer = dialer;
    const dial = (timeout: number) => this.#dial(timeout);
    this.#pool = new EngineAgent(dial, true, maxConnections);
    this.#streams = new EngineAgent(dial, false, Infinity);
  }

  /** Makes the transport of an endpoint. Nothing is connected yet. */
  static async create(endpoint: Endpoint, tls: TlsOptions): Promise<Transport> {
    return new Transport(await createDialer(endpoint, tls), endpoint.kind === "ssh" ? MAX_SSH_CHANNELS : MAX_CONNECTIONS);
  }

  /** Whether the far end can be told that no more input follows while its output goes on. */
  get supportsHalfClose(): boolean {
    return this.#dialer.supportsHalfClose;
  }

  /** How many connections are open, idle ones included. */
  get connections(): number {
    return this.#sockets.size;
  }

  #dial(timeout: number): Duplex {
    const socket = this.#dialer.dial(timeout);
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    return socket;
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    const closed = [...this.#sockets].map((socket) => new Promise((resolve) => socket.once("close", resolve)));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
    await this.#dialer.close();
  }

  /**
   * Sends a request and waits for the head of the answer.
   *
   * A request that finds its pooled connection closed by the engine is sent again, once, over a new connection, when it
   * only reads and nothing of an answer has arrived: an engine that was restarted leaves such connections behind.
   */
  transmit(exchange: Exchange, head: RequestHead, payload: Payload): Promise<RawResponse> {
    return new Promise((resolve, reject) => {
      const { body } = payload;
      const streamed = body instanceof Readable;
      const again = repeatable.has(head.method) && !streamed;
      const attempt = (mayRepeat: boolean): void => {
        if (exchange.failure) {
          if (streamed) body.destroy();
          reject(exchange.failure);
          return;
        }
        const options: RequestOptions & DialOptions = {
          agent: head.alone ? this.#streams : this.#pool,
          method: head.method,
          path: head.path,
          headers: { ...head.headers, ...payload.headers },
          connectTimeout: exchange.limits.connect,
        };
        const request = httpRequest(options);
        exchange.onFailure((error) => request.destroy(error));
        const settle = watchHeaders(request, exchange);
        request.on("response", (answer) => {
          settle();
          this.#receive(exchange, answer, answer);
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer, socket: undefined });
        });
        request.on("upgrade", (answer, socket, early) => {
          settle();
          if (early.length > 0) socket.unshift(early);
          this.#receive(exchange, answer, socket);
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer, socket });
        });
        request.on("error", (error: NodeJS.ErrnoException) => {
          settle();
          const stale = error.code === "ECONNRESET" || error.code === "EPIPE";
          if (mayRepeat && stale && request.reusedSocket && !exchange.failure) {
            this.#pool.dropIdle();
            attempt(false);
          } else {
            reject(exchange.errorOf(error));
          }
        });
        if (streamed) upload(body, request, exchange);
        else request.end(body);
      };
      attempt(again);
    });
  }

  /** Lets the exchange end what carries the answer, and end with it. */
  #receive(exchange: Exchange, answer: IncomingMessage, carrier: IncomingMessage | Duplex): void {
    exchange.onFailure((error) => carrier.destroy(error));
    carrier.once("close", () => exchange.finish());
    watchInactivity(answer.socket, carrier, exchange);
  }
}

/** Bounds the time between the end of the upload and the answer. Returns what to call when the answer has come. */
function watchHeaders(request: ClientRequest, exchange: Exchange): () => void {
  const limit = exchange.limits.headers;
  if (limit <= 0) return () => undefined;
  let timer: NodeJS.Timeout | undefined;
  request.once("finish", () => {
    timer = setTimeout(() => exchange.fail(new TimeoutError("headers", limit, exchange)), limit);
  });
  return () => clearTimeout(timer);
}

/** The error of calls that a closing client ends. */
export function closedError(operation: string, endpoint: string): ClientClosedError {
  return new ClientClosedError(`${operation} failed: the client is closed`, { operation, endpoint });
}
