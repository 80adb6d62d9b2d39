/**
 * An `error` listener that does nothing. Without a listener, a stream that fails ends the process; a stream that nobody
 * reads yet reports its failure to its later reader, through `errored`.
 */
export const ignoreErrors = (): void => undefined;

/**
 * Marks a promise as handled: its rejection is no unhandled one, and still reaches everybody who awaits it.
 *
 * @param promise - the promise.
 * @returns the same promise.
 */
export function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(ignoreErrors);
  return promise;
}
