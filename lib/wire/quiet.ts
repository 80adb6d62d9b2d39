import type { EventEmitter } from "node:events";
import type { Readable, Writable } from "node:stream";
import { setImmediate } from "./clock.js";

/**
 * An `error` listener that does nothing. A stream that fails without a listener ends the process; with this one, the
 * failure waits in `errored` for the stream's later reader.
 */
export const ignoreErrors = (): void => undefined;

/** Ignores the errors of a stream that nobody listens to yet: its later reader finds them in `errored`. */
export function ignoreUnheardErrors(stream: EventEmitter): void {
  if (stream.listenerCount("error") === 0) stream.on("error", ignoreErrors);
}

/** Raises the limit of listeners: Node.js warns of more than ten, and any number of calls may share a stream. */
export function allowListeners(stream: NodeJS.EventEmitter, more: number): void {
  const most = stream.getMaxListeners();
  if (most > 0) stream.setMaxListeners(most + more);
}

/**
 * Ignores the error of a stream of the caller that is being opened or closed, or has not accepted all writes: it may be emitted when the
 * call is already over, and would then end the process. Other streams are left as they are.
 *
 * @param whenIdle - calls a function once the stream has accepted all writes of the call, or one has failed.
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
 * Returns the error that a stream emits when it is destroyed: none if nobody listens, as with `http.IncomingMessage`. A later
 * reader still receives it, because it stays in `errored`.
 *
 * @param stream - the stream that is being destroyed.
 * @param error - the reason.
 */
export function heardError(stream: EventEmitter, error: Error | null): Error | null {
  return stream.listenerCount("error") > 0 ? error : null;
}

/**
 * Marks a promise as handled. A rejection then raises no `unhandledRejection`, and still reaches everyone who awaits it.
 *
 * @param promise - the promise.
 * @returns the same promise.
 */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(ignoreErrors);
  return promise;
}
