import { type Duplex, Readable } from "node:stream";
import { ClientClosedError } from "../errors/connection-errors.js";
import type { RawResponse } from "./response-body.js";
import { ConnectionPool } from "./connection-pool.js";
import { createDialer } from "./dial/create-dialer.js";
import type { Dialer } from "./dial/dialer.js";
import type { Endpoint } from "./dial/endpoint.js";
import type { Exchange, Payload } from "./exchange.js";
import { ignoreErrors } from "../wire/quiet.js";
import { HttpConnection, type Job } from "./http-connection.js";
import { type RequestHead, requestHead } from "./request-writer.js";
import type { TlsOptions } from "./dial/tls.js";

/** Connections to an engine that are kept for further requests. An ssh channel is a process, so there are few of those. */
const MAX_CONNECTIONS = 100;
const MAX_SSH_CHANNELS = 8;

/** The connections to one engine. */
export class Transport {
  readonly #sockets = new Set<Duplex>();
  readonly #dialer: Dialer;
  readonly #pool: ConnectionPool;

  private constructor(dialer: Dialer, maxConnections: number) {
    this.#dialer = dialer;
    this.#pool = new ConnectionPool((exchange) => this.#dial(exchange), maxConnections);
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

  #dial(exchange: Exchange): Duplex {
    const socket = this.#dialer.dial(exchange);
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
            (response.socket ?? response.body).on("error", ignoreErrors);
            resolve(response);
          },
          failed: (error, untouched) => {
            if (!mayRepeat || !untouched || !connection.reused || exchange.failure) {
              fail(error);
              return;
            }
            this.#pool.dropIdle();
            this.#pool.acquire(exchange, (another) => send(another, false));
          },
        };
        connection.send(job);
      };
      if (head.ownConnection) send(new HttpConnection(this.#dial(exchange), () => undefined), false);
      else this.#pool.acquire(exchange, (connection) => send(connection, repeatable && !(payload.body instanceof Readable)));
    });
  }
}

/** The error of calls that a closing client ends. */
export function closedError(operation: string, endpoint: string): ClientClosedError {
  return new ClientClosedError(`${operation} failed: the client is closed`, { operation, endpoint });
}
