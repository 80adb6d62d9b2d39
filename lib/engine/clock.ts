import { monotonicTime, sleep } from "../wire/clock.js";
import { LONGEST_TIMEOUT } from "../wire/limits.js";

/**
 * The time of an engine: timestamps, health checks, restart delays, stop timeouts and the `sleep` of programs.
 *
 * Network timeouts of the server do not use it.
 */
export interface Clock {
  /** Returns the time in nanoseconds since 1970. */
  now(): bigint;
  /**
   * Waits.
   *
   * @param milliseconds - how long; `Infinity` waits until the signal.
   * @param signal - ends the wait early: the promise rejects with its reason.
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The real time, with microseconds. It follows corrections of the system's clock. */
export class SystemClock implements Clock {
  #second = 0;
  #offset = 0;

  now(): bigint {
    const elapsed = monotonicTime();
    const milliseconds = Date.now();
    // the fraction comes from the monotonic clock, which is read against the other one once a second
    if (Math.abs(this.#offset + elapsed - milliseconds) > 1 || elapsed - this.#second > 1000) {
      this.#second = elapsed;
      this.#offset = milliseconds - elapsed;
    }
    return BigInt(Math.round((this.#offset + elapsed) * 1000)) * 1000n;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    let left = milliseconds;
    do {
      const part = Math.min(left, LONGEST_TIMEOUT);
      left -= part;
      try {
        await sleep(part, undefined, signal ? { signal } : {});
      } catch (error) {
        throw (signal?.reason ?? error) as Error;
      }
    } while (left > 0);
  }
}
