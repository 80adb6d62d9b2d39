import { type ApiErrorFactory, type ApiErrors, apiErrorOf } from "../errors/api-error.js";
import { NoSuchNetworkError } from "../errors/network-errors.js";

/**
 * Adds to an operation's errors that of a network that the spec names and that is not there.
 *
 * @param errors - the operation's own, for everything else.
 */
export function orMissingNetwork(errors: ApiErrors): ApiErrors {
  const missing =
    (status: number): ApiErrorFactory =>
    (details) => {
      const network = /\bnetwork (\S+) not found/.exec(details.message)?.[1];
      return network === undefined
        ? (errors[status]?.(details) ?? apiErrorOf(details))
        : new NoSuchNetworkError(network, details);
    };
  return { ...errors, 404: missing(404), 500: missing(500) };
}
