import { performance } from "node:perf_hooks";
import timers from "node:timers";
import timerPromises from "node:timers/promises";

/*
 * Test frameworks replace the global timers, `queueMicrotask`, `process.nextTick` and `performance` with functions for which time stands still. Connections to an engine run in real time, so this package measures real time and never waits for a replaced function. Bundled packages use these functions too: see `.config/real-clock.js`.
 */

export const { clearTimeout, setImmediate, setTimeout } = timers;

/** Waits, like `setTimeout` of `node:timers/promises`. */
export const sleep = timerPromises.setTimeout;

/** Returns the time since the process started, in milliseconds. */
export const monotonicTime = (): number => performance.now();

function rethrow(error: unknown): never {
  throw error;
}

/**
 * Calls a function after the current one has returned, like `queueMicrotask`. An error that it throws is an uncaught exception.
 *
 * @param task - the function.
 * @param args - its arguments.
 */
export function soon<A extends unknown[]>(task: (...args: A) => unknown, ...args: A): void {
  Promise.resolve()
    .then(() => void task(...args))
    .catch((error: unknown) => setImmediate(rethrow, error));
}
