import { DockerError } from "../errors/docker-error.js";
import type { CallOptions } from "./call-options.js";

/** In the settings of a method's inner calls, this key holds the name of the method that the user called. */
const called = Symbol("called");

type NamedCall = CallOptions & { readonly [called]?: string };

/** Returns the name of the method that the user called; undefined if the settings come from the user. */
export const callerOf = (call: NamedCall | undefined): string | undefined => call?.[called];

/** Returns settings for the inner calls of a method, so that their errors name that method. */
export const calledAs = (name: string, call?: CallOptions): CallOptions => {
  const named: NamedCall = { ...call, [called]: name };
  return named;
};

/** Errors that have already been reported to the user. If a callback throws one again, it must not be renamed. */
const reported = new WeakSet<DockerError>();

/** Returns the frames of a stack, as lines. */
const framesOf = (stack: unknown): string[] =>
  typeof stack === "string" ? stack.split("\n").filter((line) => /^ {4}at /.test(line)) : [];

/** Adds the stack frames of the code that awaits the call: an error from a socket or a timer has only frames of Node.js. */
function addFrames(error: DockerError, frames: readonly string[]): void {
  const own = framesOf(error.stack);
  const missing = frames.filter((frame) => !own.includes(frame));
  const value = [`${error.name}: ${error.message}`, ...own, ...missing].join("\n");
  Object.defineProperty(error, "stack", { value, writable: true, configurable: true });
}

/**
 * Waits for the outcome of a method that the user called. An error names that method, and its stack includes the caller's line.
 *
 * @param name - name of the method.
 * @param outcome - the promise that the method returned.
 */
export async function reportTo<T>(name: string, outcome: Promise<T>): Promise<T> {
  try {
    return await outcome;
  } catch (error) {
    if (error instanceof DockerError && !reported.has(error)) {
      reported.add(error);
      error.renameOperation(name);
      // V8 adds the callers that await this function; this costs nothing unless a call fails
      const place: { stack?: unknown } = {};
      Error.captureStackTrace(place, reportTo);
      addFrames(error, framesOf(place.stack));
    }
    throw error;
  }
}
