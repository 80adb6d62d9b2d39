/**
 * An `error` listener that does nothing. A stream that fails without a listener ends the process; with this one, the
 * failure waits in `errored` for the stream's later reader.
 */
export const ignoreErrors = (): void => undefined;

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
