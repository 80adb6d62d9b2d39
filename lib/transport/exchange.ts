import type { EventEmitter } from "node:events";
import type { Readable } from "node:stream";
import { AbortError, ProtocolError, QueueTimeoutError, TimeoutError } from "../errors/connection-errors.js";
import { DockerError } from "../errors/docker-error.js";
import { clearTimeout, setTimeout } from "../wire/clock.js";
import type { Secrets } from "../wire/secrets.js";
import { connectionErrorOf } from "./dial/socket-errors.js";

/** The timeouts of one exchange, in milliseconds; 0 disables a timeout. */
export interface Limits {
  readonly connect: number;
  readonly headers: number;
  readonly inactivity: number;
  readonly total: number;
}

/** The credentials and the body of a request, which are hidden from interceptors. */
export interface Payload {
  /** Headers that carry credentials. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The body. */
  readonly body?: string | Buffer | Readable | undefined;
}

/** The streams that the caller passed to a call. Their errors are caught on behalf of the call's exchanges. */
export interface HeardStreams {
  /** Stops catching errors of a stream: from now on, its reader or writer handles them. */
  handOver(stream: EventEmitter): void;
}

/** One listener per signal, however many exchanges share it: Node.js warns about more than ten. */
const listeners = new WeakMap<AbortSignal, { readonly cleanup: Set<() => void>; readonly tell: () => void }>();

/** Registers a function that is called when a signal is aborted. {@link forget} removes it. */
export function listen(signal: AbortSignal, abort: () => void): void {
  const known = listeners.get(signal);
  if (known) {
    known.cleanup.add(abort);
    return;
  }
  const cleanup = new Set([abort]);
  const tell = () => {
    for (const each of cleanup) each();
  };
  listeners.set(signal, { cleanup, tell });
  signal.addEventListener("abort", tell);
}

/** Removes a function that {@link listen} registered. */
export function forget(signal: AbortSignal, abort: () => void): void {
  const known = listeners.get(signal);
  if (!known?.cleanup.delete(abort) || known.cleanup.size > 0) return;
  listeners.delete(signal);
  signal.removeEventListener("abort", known.tell);
}

/**
 * One request and its response, in progress. An abort, a timeout, a closed client or a failed stream ends it through `fail`, at
 * most once. `finish` removes all timers and listeners.
 */
export class Exchange {
  readonly operation: string;
  readonly endpoint: string;
  readonly limits: Limits;
  /** The caller's streams, whose errors end this exchange until it reads or writes them. */
  streams: HeardStreams | undefined;
  /** The secrets of the request, which errors must not show; undefined before the request is known. */
  secrets: Secrets | undefined;
  #failure: DockerError | undefined;
  #finished = false;
  #holds = 0;
  #isOver = false;
  #cancel: ((error: DockerError) => void) | undefined;
  #cleanup: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #signal: AbortSignal | undefined;
  /** Returns the number of calls that use the connections; undefined while this exchange does not wait for one. */
  #busy: (() => number) | undefined;

  constructor(operation: string, endpoint: string, limits: Limits, signal: AbortSignal | undefined) {
    this.operation = operation;
    this.endpoint = endpoint;
    this.limits = limits;
    if (limits.total > 0) {
      this.#timer = setTimeout(() => this.fail(this.#totalTimeout()), limits.total);
    }
    if (signal) {
      this.#signal = signal;
      if (signal.aborted) this.#abort();
      else listen(signal, this.#abort);
    }
  }

  /** The error that ended the exchange early. */
  get failure(): DockerError | undefined {
    return this.#failure;
  }

  /** Whether the timers and listeners of the exchange have been removed. */
  get finished(): boolean {
    return this.#finished;
  }

  /**
   * Records that the exchange waits for a free connection, or no longer waits.
   *
   * @param busy - returns the number of calls that use the connections; undefined if the exchange no longer waits.
   */
  queue(busy: (() => number) | undefined): void {
    this.#busy = busy;
  }

  /** Fails the exchange. Only the first failure counts. */
  fail(error: DockerError): void {
    if (this.#finished || this.#failure) return;
    const shown = this.hide(error);
    this.#failure = shown;
    this.#cancel?.(shown);
  }

  /** Sets the function that cancels the work of the exchange when it fails, in place of an earlier one. */
  setCanceller(cancel: (error: DockerError) => void): void {
    this.#cancel = cancel;
    if (this.#failure) cancel(this.#failure);
  }

  /** Adds a function that runs when the exchange is over. */
  addCleanup(cleanup: () => void): void {
    const before = this.#cleanup;
    this.#cleanup = before
      ? () => {
          before();
          cleanup();
        }
      : cleanup;
  }

  /**
   * Keeps the exchange open, so that it can still fail: output may remain to be written after the response has ended.
   *
   * @returns a function that ends the hold.
   */
  hold(): () => void {
    let isHeld = true;
    this.#holds += 1;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holds -= 1;
      if (this.#isOver) this.finish();
    };
  }

  /** Removes the timers and listeners as soon as no {@link hold} is active. */
  finish(): void {
    this.#isOver = true;
    if (this.#finished || this.#holds > 0) return;
    this.#finished = true;
    clearTimeout(this.#timer);
    if (this.#signal) forget(this.#signal, this.#abort);
    this.#cancel = undefined;
    this.#cleanup?.();
  }

  /**
   * Converts an error from a socket or stream into one of this package's errors. An earlier failure of the exchange takes
   * precedence.
   */
  errorOf(error: unknown): DockerError {
    if (this.#failure) return this.#failure;
    return error instanceof DockerError ? this.hide(error) : connectionErrorOf(error, this);
  }

  /** Returns the error, without anything that may show secrets of the request. */
  hide<E>(error: E): E | ProtocolError {
    return this.secrets ? this.secrets.hide(error) : error;
  }

  /** Creates the error for a connection that ended before the body of its response. */
  cutOff(cause: unknown): ProtocolError {
    const { operation, endpoint } = this;
    return new ProtocolError(`the response to ${operation} was cut off by ${endpoint}`, { cause, operation, endpoint });
  }

  #totalTimeout(): TimeoutError {
    const { total } = this.limits;
    return this.#busy ? new QueueTimeoutError(this.#busy(), total, this) : new TimeoutError("total", total, this);
  }

  readonly #abort = (): void => {
    const where = this.#busy ? ` while it waited for a free connection (${this.#busy()} in use)` : "";
    this.fail(
      new AbortError(`${this.operation} was aborted${where}`, {
        cause: this.#signal?.reason,
        operation: this.operation,
        endpoint: this.endpoint,
      }),
    );
  };
}
