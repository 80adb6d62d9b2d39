import type { Readable } from "node:stream";
import { AbortError, TimeoutError } from "../errors/connection-errors.js";
import { DockerError } from "../errors/docker-error.js";
import { connectionErrorOf } from "./dial/socket-errors.js";

/** The bounds of one exchange, in milliseconds; 0 for none. */
export interface Limits {
  readonly connect: number;
  readonly headers: number;
  readonly inactivity: number;
  readonly total: number;
}

/** The secret and bulky half of a request, which interceptors do not get to see. */
export interface Payload {
  /** Headers that carry credentials. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The body. */
  readonly body?: string | Buffer | Readable | undefined;
}

/** One listener for each signal, whatever number of exchanges it may end: Node.js warns of more than ten. */
const listeners = new WeakMap<AbortSignal, { readonly cleanup: Set<() => void>; readonly tell: () => void }>();

function listen(signal: AbortSignal, abort: () => void): void {
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

function forget(signal: AbortSignal, abort: () => void): void {
  const known = listeners.get(signal);
  if (!known?.cleanup.delete(abort) || known.cleanup.size > 0) return;
  listeners.delete(signal);
  signal.removeEventListener("abort", known.tell);
}

/**
 * One request and its answer while they are under way. Whatever ends them early, be it an abort, a timeout, the client's
 * close or a failing stream, goes through `fail`, once; whatever was set up for them is gone after `finish`.
 */
export class Exchange {
  readonly operation: string;
  readonly endpoint: string;
  readonly limits: Limits;
  #failure: DockerError | undefined;
  #finished = false;
  #cancel: ((error: DockerError) => void) | undefined;
  #cleanup: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #signal: AbortSignal | undefined;

  constructor(operation: string, endpoint: string, limits: Limits, signal: AbortSignal | undefined) {
    this.operation = operation;
    this.endpoint = endpoint;
    this.limits = limits;
    if (limits.total > 0) {
      this.#timer = setTimeout(() => this.fail(new TimeoutError("total", limits.total, this)), limits.total);
    }
    if (signal) {
      this.#signal = signal;
      if (signal.aborted) this.#abort();
      else listen(signal, this.#abort);
    }
  }

  /** What ended the exchange early. */
  get failure(): DockerError | undefined {
    return this.#failure;
  }

  /** Whether everything set up for the exchange is gone. */
  get finished(): boolean {
    return this.#finished;
  }

  /** Ends the exchange early. The first failure counts. */
  fail(error: DockerError): void {
    if (this.#finished || this.#failure) return;
    this.#failure = error;
    this.#cancel?.(error);
  }

  /** Sets the function that cancels the exchange when it fails, in place of an earlier one. */
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

  /** Ends the exchange's timers and listeners. */
  finish(): void {
    if (this.#finished) return;
    this.#finished = true;
    clearTimeout(this.#timer);
    if (this.#signal) forget(this.#signal, this.#abort);
    this.#cancel = undefined;
    this.#cleanup?.();
  }

  /** Turns whatever a socket or stream failed with into an error of this package: the reason it was made to fail, if it was. */
  errorOf(error: unknown): DockerError {
    if (this.#failure) return this.#failure;
    return error instanceof DockerError ? error : connectionErrorOf(error, this);
  }

  readonly #abort = (): void => {
    this.fail(
      new AbortError(`${this.operation} was aborted`, {
        cause: this.#signal?.reason,
        operation: this.operation,
        endpoint: this.endpoint,
      }),
    );
  };
}
