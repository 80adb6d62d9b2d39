import type { EventEmitter } from "node:events";

/**
 * An `error` listener that does nothing. A stream that fails without a listener ends the process; with this one, the
 * failure waits in `errored` for the stream's later reader.
 */
export const ignoreErrors = (): void => undefined;

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
