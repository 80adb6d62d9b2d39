import { ProtocolError } from "../../errors/connection-errors.js";

/**
 * Reads members of an engine's answer, which nothing has validated.
 *
 * @param operation - the operation that the engine answered.
 * @param endpoint - the engine's address.
 * @param read - returns the members. It must do nothing else, because any error that it throws is reported as a malformed answer.
 * @throws {@link ProtocolError} when the answer lacks the object or list that contains the members.
 */
export function readAnswer<T>(operation: string, endpoint: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const message = `the response to ${operation} lacks documented members`;
    throw new ProtocolError(message, { cause, operation, endpoint });
  }
}
