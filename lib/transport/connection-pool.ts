import type { Duplex } from "node:stream";
import type { Exchange } from "./exchange.js";
import { HttpConnection } from "./http-connection.js";

/** A connection that can let the process end while it is idle, as sockets can. */
type Referenced = Duplex & { ref?(): void; unref?(): void };

/** Waits for a connection of the pool. */
interface Waiter {
  readonly exchange: Exchange;
  take(connection: HttpConnection): void;
}

/** Keeps connections for further requests, up to so many. The one that was used last is used next. */
export class ConnectionPool {
  readonly #open: (exchange: Exchange) => Duplex;
  readonly #limit: number;
  readonly #connections = new Map<HttpConnection, Referenced>();
  readonly #idle: HttpConnection[] = [];
  readonly #waiters = new Set<Waiter>();

  /**
   * @param open - begins a connection for an exchange.
   * @param limit - how many connections there may be.
   */
  constructor(open: (exchange: Exchange) => Duplex, limit: number) {
    this.#open = open;
    this.#limit = limit;
  }

  /**
   * Finds a connection for a request: an idle one, else a new one, else the next that becomes idle.
   *
   * @param take - is given the connection. Not called any more when the exchange has ended before.
   */
  acquire(exchange: Exchange, take: (connection: HttpConnection) => void): void {
    let idle = this.#idle.pop();
    // one that is being closed is still here for a moment
    while (idle?.socket.destroyed) idle = this.#idle.pop();
    if (idle) {
      this.#connections.get(idle)?.ref?.();
      take(idle);
    } else if (this.#connections.size < this.#limit) {
      take(this.#connect(exchange));
    } else {
      const waiter = { exchange, take };
      this.#waiters.add(waiter);
      exchange.addCleanup(() => this.#waiters.delete(waiter));
    }
  }

  /** Ends the connections that wait for a request. */
  dropIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.socket.destroy();
  }

  #connect(exchange: Exchange): HttpConnection {
    const socket: Referenced = this.#open(exchange);
    const connection = new HttpConnection(socket, (idle) => this.#release(idle));
    this.#connections.set(connection, socket);
    socket.once("close", () => {
      this.#connections.delete(connection);
      const at = this.#idle.indexOf(connection);
      if (at >= 0) this.#idle.splice(at, 1);
      const next = this.#nextWaiter();
      if (next) next.take(this.#connect(next.exchange));
    });
    return connection;
  }

  #release(connection: HttpConnection): void {
    const next = this.#nextWaiter();
    if (next) {
      next.take(connection);
      return;
    }
    this.#idle.push(connection);
    this.#connections.get(connection)?.unref?.();
  }

  #nextWaiter(): Waiter | undefined {
    for (const waiter of this.#waiters) {
      this.#waiters.delete(waiter);
      if (!waiter.exchange.failure) return waiter;
    }
    return undefined;
  }
}
