import { AbortError } from "../errors/connection-errors.js";

/** Makes the error for a caller whose signal is aborted while credentials are looked for. */
export function abortErrorOf(signal: AbortSignal): AbortError {
  return new AbortError("the search for credentials was aborted", { cause: signal.reason });
}
