import { type Duplex, Readable } from "node:stream";
import { ClientClosedError } from "../errors/connection-errors.js";
import { ignoreErrors } from "../wire/quiet.js";
import { ConnectionPool, type PoolLimits } from "./connection-pool.js";
import { createDialer } from "./dial/create-dialer.js";
import type { Dialer } from "./dial/dialer.js";
import type { Endpoint } from "./dial/endpoint.js";
import type { TlsOptions } from "./dial/tls.js";
import type { Exchange, Payload } from "./exchange.js";
import { HttpConnection, type Job } from "./http-connection.js";
import { type RequestHead, requestHead } from "./request-writer.js";
import type { RawResponse } from "./response-body.js";

/**
 * The default number of quick calls that may use connections at the same time. For ssh it is low, because each channel is a
 * process.
 */
const MAX_CONNECTIONS = 100;
const MAX_SSH_CHANNELS = 8;

/** Returns the limits of the connection pool for an endpoint. Over ssh, slow calls have a separate limit of the same size. */
function poolLimits({ kind }: Endpoint, maxConnections: number | undefined): PoolLimits {
  const isSsh = kind === "ssh";
  const quick = maxConnections ?? (isSsh ? MAX_SSH_CHANNELS : MAX_CONNECTIONS);
  return { quick, slow: isSsh ? quick : Infinity };
}

/** The connections to one engine. */
export class Transport {
  readonly #sockets = new Set<Duplex>();
  readonly #dialer: Dialer;
  readonly #pool: ConnectionPool;

  private constructor(dialer: Dialer, limits: PoolLimits) {
    this.#dialer = dialer;
    this.#pool = new ConnectionPool((exchange) => this.#dial(exchange), limits);
  }

  /**
   * Creates the transport of an endpoint without connecting.
   *
   * @param maxConnections - the number of quick calls that may use connections at the same time. The default depends on the
   * endpoint.
   */
  static async create(endpoint: Endpoint, tls: TlsOptions, maxConnections?: number): Promise<Transport> {
    return new Transport(await createDialer(endpoint, tls), poolLimits(endpoint, maxConnections));
  }

  /** Whether the client can end its input while it still receives output. */
  get supportsHalfClose(): boolean {
    return this.#dialer.supportsHalfClose;
  }

  /** The number of open connections, including idle ones. */
  get connections(): number {
    return this.#sockets.size;
  }

  #dial(exchange: Exchange): Duplex {
    const socket = this.#dialer.dial(exchange);
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    return socket;
  }

  /** Closes all connections. */
  async close(): Promise<void> {
    const closed = [...this.#sockets].map((socket) => new Promise((resolve) => socket.once("close", resolve)));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(closed);
    await this.#dialer.close();
  }

  /**
   * Sends a request and waits for the head of the response.
   *
   * If the engine has closed the pooled connection, as when it is restarted, a `GET` or `HEAD` request is retried once on a new
   * connection, unless part of the response has arrived.
   */
  transmit(exchange: Exchange, head: RequestHead, payload: Payload): Promise<RawResponse> {
    return new Promise((resolve, reject) => {
      const fail = (error: unknown) => {
        if (payload.body instanceof Readable) payload.body.destroy();
        reject(exchange.errorOf(error));
      };
      if (exchange.failure) {
        fail(exchange.failure);
        return;
      }
      exchange.setCanceller(fail);
      let text: string;
      try {
        text = requestHead(head, payload, exchange);
      } catch (error) {
        fail(error);
        return;
      }
      const repeatable = head.method === "GET" || head.method === "HEAD";
      const send = (connection: HttpConnection, mayRepeat: boolean) => {
        const job: Job = {
          exchange,
          head,
          payload,
          text,
          answered: (response) => {
            // a socket can fail before its reader listens for errors; the reader checks `errored`
            response.socket?.on("error", ignoreErrors);
            resolve(response);
          },
          failed: (error, untouched) => {
            if (!mayRepeat || !untouched || !connection.reused || exchange.failure) {
              fail(error);
              return;
            }
            this.#pool.dropIdle();
            this.#pool.acquire(exchange, (another) => send(another, false), head.slow);
          },
        };
        connection.send(job);
      };
      if (head.ownConnection) send(new HttpConnection(this.#dial(exchange), () => undefined), false);
      else
        this.#pool.acquire(
          exchange,
          (connection) => send(connection, repeatable && !(payload.body instanceof Readable)),
          head.slow,
        );
    });
  }
}

/** Returns the error for calls on a closed client. */
export function closedError(operation: string, endpoint: string): ClientClosedError {
  return new ClientClosedError(`${operation} failed: the client is closed`, { operation, endpoint });
}
