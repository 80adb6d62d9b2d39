import { ProtocolError } from "../../errors/connection-errors.js";

/**
 * Reads members of an engine's answer, which nothing has validated.
 *
 * @param operation - the operation that it answers.
 * @param endpoint - the engine's address.
 * @param read - returns the members. It only reads: the rest of a method has other reasons to fail.
 * @throws {@link ProtocolError} when the answer lacks the object or list that they are in.
 */
export function readAnswer<T>(operation: string, endpoint: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const message = `the response to ${operation} lacks members that it is documented to have`;
    throw new ProtocolError(message, { cause, operation, endpoint });
  }
}
