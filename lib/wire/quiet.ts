import type { EventEmitter } from "node:events";
import type { Readable, Writable } from "node:stream";
import { setImmediate } from "./clock.js";

/**
 * An `error` listener that does nothing. A stream that fails without a listener crashes the process. With this listener, a later
 * reader of the stream finds the failure in `errored`.
 */
export const ignoreErrors = (): void => undefined;

/** Ignores the errors of a stream that nobody listens to yet: its later reader finds them in `errored`. */
export function ignoreUnheardErrors(stream: EventEmitter): void {
  if (stream.listenerCount("error") === 0) stream.on("error", ignoreErrors);
}

/** Changes the maximum number of listeners: Node.js warns about more than ten, but any number of calls may share a stream. */
export function allowListeners(stream: NodeJS.EventEmitter, more: number): void {
  const most = stream.getMaxListeners();
  if (most > 0) stream.setMaxListeners(most + more);
}

/**
 * Ignores the error of a caller's stream that is being opened or closed, or has not accepted all writes: the stream may emit the
 * error after the call has ended, which would crash the process. Other streams are left untouched.
 *
 * @param whenIdle - calls a function when the stream has accepted all writes of the call, or a write has failed.
 */
export function ignoreLateError(stream: Readable | Writable, whenIdle?: (callback: () => void) => void): void {
  const isOpening = "pending" in stream && stream.pending === true; // only files and sockets have `pending`
  const isFailing = () => stream.destroyed || Boolean(stream.errored);
  // Node.js sets `closed` before it emits the error, one tick later
  const isEmitting = stream.closed && Boolean(stream.errored);
  if (!isEmitting && (stream.closed || !(isOpening || isFailing() || whenIdle))) return;
  allowListeners(stream, 1);
  let isOver = false;
  const done = () => {
    if (isOver) return;
    isOver = true;
    stream.off("error", done).off("ready", done).off("close", done);
    allowListeners(stream, -1);
  };
  stream.on("error", done).on("close", done);
  if (isEmitting) setImmediate(done);
  if (!whenIdle) stream.on("ready", done);
  whenIdle?.(() => {
    if (!isFailing()) done();
  });
}

/**
 * Returns the error that a stream emits when it is destroyed: none if nobody listens, as in `http.IncomingMessage`. A later
 * reader still finds the error in `errored`.
 *
 * @param stream - the stream that is being destroyed.
 * @param error - the reason.
 */
export function heardError(stream: EventEmitter, error: Error | null): Error | null {
  return stream.listenerCount("error") > 0 ? error : null;
}

/**
 * Marks a promise as handled. A rejection then causes no `unhandledRejection`, but still reaches all code that awaits the
 * promise.
 *
 * @param promise - the promise.
 * @returns the same promise.
 */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(ignoreErrors);
  return promise;
}
