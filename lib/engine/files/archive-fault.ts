import { errorMessage } from "../../wire/realm.js";
import { EngineError } from "../engine-error.js";

/**
 * Converts the error of reading an archive into what the server answers: a truncated one has the words of Docker.
 *
 * @param status - the status of the response.
 * @param kind - what is invalid, such as `invalid layer`; empty for an error that says so.
 * @param error - what was thrown.
 */
export function archiveFault(status: number, kind: string, error: unknown): EngineError {
  const message = errorMessage(error);
  const isTruncated = message.startsWith("the archive is truncated");
  const text = isTruncated ? "unexpected EOF" : kind === "" ? message : `${kind}: ${message}`;
  return new EngineError(status, text, { cause: error });
}
