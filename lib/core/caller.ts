import { DockerError } from "../errors/docker-error.js";
import type { CallOptions } from "./call-options.js";

/** Marks the settings of the calls that a method makes with the name of the method that the user called. */
const called = Symbol("called");

type NamedCall = CallOptions & { readonly [called]?: string };

/** Returns the name of the method that the user called; undefined if the settings are the user's own. */
export const callerOf = (call: NamedCall | undefined): string | undefined => call?.[called];

/** Returns settings for the calls that a method makes, so that their errors name the method. */
export const calledAs = (name: string, call?: CallOptions): CallOptions => {
  const named: NamedCall = { ...call, [called]: name };
  return named;
};

/** Errors that have been reported to the user: a callback may pass one on, which must not change it. */
const reported = new WeakSet<DockerError>();

/** Returns the frames of a stack, as lines. */
const framesOf = (stack: unknown): string[] =>
  typeof stack === "string" ? stack.split("\n").filter((line) => /^ {4}at /.test(line)) : [];

/** Adds the frames of whoever awaits the call: an error of a socket or a timer has only frames of Node.js. */
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
 * @param outcome - what the method returned.
 */
export async function reportTo<T>(name: string, outcome: Promise<T>): Promise<T> {
  try {
    return await outcome;
  } catch (error) {
    if (error instanceof DockerError && !reported.has(error)) {
      reported.add(error);
      error.renameOperation(name);
      // V8 finds the callers that await this function; costs nothing unless a call fails
      const place: { stack?: unknown } = {};
      Error.captureStackTrace(place, reportTo);
      addFrames(error, framesOf(place.stack));
    }
    throw error;
  }
}
