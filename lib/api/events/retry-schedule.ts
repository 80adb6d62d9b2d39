import { ApiError } from "../../errors/api-error.js";
import { ClientClosedError, ConnectionError, ProtocolError, TimeoutError } from "../../errors/connection-errors.js";

/**
 * Shortest and longest wait between attempts to resume a stream, in milliseconds. Each wait is twice as long as the previous
 * one.
 */
const FIRST_WAIT = 10;
const LONGEST_WAIT = 5_000;

/** How long a connection must last before the waits start over, in milliseconds. */
const STEADY = 1_000;

/** Maximum number of attempts to open a stream for the first time. Attempts to reopen it are unlimited. */
const FIRST_ATTEMPTS = 5;

/** Whether another attempt may succeed. */
function isTransient(error: unknown): boolean {
  if (error instanceof ApiError) return error.status >= 500;
  if (error instanceof ClientClosedError) return false;
  return error instanceof ConnectionError || error instanceof TimeoutError || error instanceof ProtocolError;
}

/** Decides whether and when to reopen a stream. */
export class RetrySchedule {
  #failures = 0;
  /** When the current connection was opened; infinity if it is not open. */
  #openedAt = Infinity;
  #hasOpened = false;

  /** Whether an attempt has ever succeeded. */
  get hasOpened(): boolean {
    return this.#hasOpened;
  }

  /** Records the start of an attempt. */
  attempt(): void {
    this.#openedAt = Infinity;
  }

  /** Records that the attempt succeeded. */
  opened(): void {
    this.#hasOpened = true;
    this.#openedAt = Date.now();
  }

  /** Whether to try again after an error. */
  allows(error: unknown): boolean {
    const isLast = !this.#hasOpened && this.#failures + 1 >= FIRST_ATTEMPTS;
    return !isLast && isTransient(error);
  }

  /** Counts a failure and returns the wait before the next attempt, in milliseconds. */
  nextWait(): number {
    if (Date.now() - this.#openedAt > STEADY) this.#failures = 0;
    const wait = Math.min(FIRST_WAIT * 2 ** this.#failures, LONGEST_WAIT);
    this.#failures += 1;
    return wait;
  }
}
