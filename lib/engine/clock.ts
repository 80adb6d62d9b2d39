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
   * @param milliseconds - how long.
   * @param signal - ends the wait early: the promise rejects with its reason.
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
