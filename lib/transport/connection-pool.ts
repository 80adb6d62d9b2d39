import type { Duplex } from "node:stream";
import type { Exchange } from "./exchange.js";
import { HttpConnection } from "./http-connection.js";

/** A connection that may, like a socket, be unreferenced while it is idle. */
type Referenced = Duplex & { ref?(): void; unref?(): void };

/** A call that waits for a connection. */
interface Waiter {
  readonly exchange: Exchange;
  take(connection: HttpConnection): void;
}

/** A group of calls that share a limit. */
interface Lane {
  readonly limit: number;
  readonly waiters: Set<Waiter>;
  busy: number;
}

/** A connection of the pool. */
interface Member {
  readonly socket: Referenced;
  /** The lane of the call that uses it; undefined while it is idle. */
  lane: Lane | undefined;
}

/** How many calls may use connections of a pool at the same time. */
export interface PoolLimits {
  /** Calls that the engine answers immediately. This is also the maximum number of idle connections. */
  readonly quick: number;
  /** Calls that the engine may be slow to answer, and that must not block the others. */
  readonly slow: number;
}

/** Keeps connections for reuse. The most recently used one is reused first. */
export class ConnectionPool {
  readonly #open: (exchange: Exchange) => Duplex;
  readonly #members = new Map<HttpConnection, Member>();
  readonly #idle: HttpConnection[] = [];
  readonly #quick: Lane;
  readonly #slow: Lane;

  /**
   * @param open - opens a connection for an exchange.
   * @param limits - how many calls may use connections at the same time.
   */
  constructor(open: (exchange: Exchange) => Duplex, { quick, slow }: PoolLimits) {
    this.#open = open;
    this.#quick = { limit: quick, waiters: new Set(), busy: 0 };
    this.#slow = { limit: slow, waiters: new Set(), busy: 0 };
  }

  /**
   * Acquires a connection for a request: an idle one, a new one or, at the limit, the next one that another call releases.
   *
   * @param take - receives the connection. Not called if the exchange ends first.
   * @param slow - whether the engine may be slow to answer.
   */
  acquire(exchange: Exchange, take: (connection: HttpConnection) => void, slow = false): void {
    const lane = slow ? this.#slow : this.#quick;
    if (lane.busy < lane.limit) {
      take(this.#lend(lane, exchange));
      return;
    }
    const waiter = { exchange, take };
    lane.waiters.add(waiter);
    exchange.queue(() => lane.busy);
    exchange.addCleanup(() => lane.waiters.delete(waiter));
  }

  /** Closes all idle connections. */
  dropIdle(): void {
    for (const connection of this.#idle.splice(0)) connection.socket.destroy();
  }

  /** Lends a connection to a call of a lane. */
  #lend(lane: Lane, exchange: Exchange): HttpConnection {
    let idle = this.#idle.pop();
    // a destroyed connection remains in the list until its close event
    while (idle?.socket.destroyed) idle = this.#idle.pop();
    const connection = idle ?? this.#connect(exchange);
    const member = this.#members.get(connection);
    if (member) {
      member.lane = lane;
      if (idle) member.socket.ref?.();
    }
    lane.busy += 1;
    return connection;
  }

  #connect(exchange: Exchange): HttpConnection {
    const socket: Referenced = this.#open(exchange);
    const connection = new HttpConnection(socket, (unused) => this.#release(unused));
    const member: Member = { socket, lane: undefined };
    this.#members.set(connection, member);
    socket.once("close", () => {
      this.#members.delete(connection);
      const at = this.#idle.indexOf(connection);
      if (at >= 0) this.#idle.splice(at, 1);
      const { lane } = member;
      const next = lane && this.#leave(lane, member);
      if (lane && next) next.take(this.#lend(lane, next.exchange));
    });
    return connection;
  }

  #release(connection: HttpConnection): void {
    const member = this.#members.get(connection);
    if (!member?.lane) return;
    const { lane } = member;
    const next = this.#leave(lane, member);
    if (next) {
      member.lane = lane;
      lane.busy += 1;
      next.take(connection);
    } else if (this.#idle.length < this.#quick.limit) {
      this.#idle.push(connection);
      member.socket.unref?.();
    } else {
      connection.socket.destroy();
    }
  }

  /** Marks a connection as no longer used, and returns the next waiting call in its lane. */
  #leave(lane: Lane, member: Member): Waiter | undefined {
    member.lane = undefined;
    lane.busy -= 1;
    for (const waiter of lane.waiters) {
      lane.waiters.delete(waiter);
      if (waiter.exchange.failure) continue;
      waiter.exchange.queue(undefined);
      return waiter;
    }
    return undefined;
  }
}
