import type { Duplex } from "node:stream";
import type { Exchange } from "./exchange.js";
import { HttpConnection } from "./http-connection.js";

/** A connection that can be unreferenced while idle, as sockets can. */
type Referenced = Duplex & { ref?(): void; unref?(): void };

/** Waits for a connection of the pool. */
interface Waiter {
  readonly exchange: Exchange;
  take(connection: HttpConnection): void;
}

/** Keeps a limited number of connections for reuse, most recently used first. */
export class ConnectionPool {
  readonly #open: (exchange: Exchange) => Duplex;
  readonly #limit: number;
  readonly #connections = new Map<HttpConnection, Referenced>();
  readonly #idle: HttpConnection[] = [];
  readonly #waiters = new Set<Waiter>();

  /**
   * @param open - opens a connection for an exchange.
   * @param limit - the maximum number of connections.
   */
  constructor(open: (exchange: Exchange) => Duplex, limit: number) {
    this.#open = open;
    this.#limit = limit;
  }

  /**
   * Acquires a connection for a request: an idle one, or a new one, or the next one to become idle.
   *
   * @param take - receives the connection. Not called if the exchange ends first.
   */
  acquire(exchange: Exchange, take: (connection: HttpConnection) => void): void {
    let idle = this.#idle.pop();
    // a closing connection stays listed until its close event
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

  /** Closes all idle connections. */
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
