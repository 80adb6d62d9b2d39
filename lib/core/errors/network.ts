import { type ApiErrorFactory, apiErrorOf, type ApiErrors } from "../../errors/api-error.js";
import { NoSuchNetworkError } from "../../errors/network-errors.js";
import { classifier, type Wording } from "../wordings.js";

const docker = /\bnetwork (\S+) not found/;
const podman = /\bnetwork with name or ID (\S+): network not found/;

/** Wordings for a missing network in responses to operations on other objects. There, 404 and 500 can also mean other errors. */
export const missingNetworkWordings: readonly Wording[] = [
  [docker, "Docker 20+", (details) => new NoSuchNetworkError(docker.exec(details.message)?.[1] ?? "", details)],
  [podman, "Podman 4+", (details) => new NoSuchNetworkError(podman.exec(details.message)?.[1] ?? "", details)],
];

/**
 * Adds the error for a missing network to the errors of an operation whose options name networks.
 *
 * @param errors - the errors for everything else.
 */
export function orMissingNetwork(errors: ApiErrors): ApiErrors {
  const missing = (status: number): ApiErrorFactory =>
    classifier(missingNetworkWordings, (details) => errors[status]?.(details) ?? apiErrorOf(details))();
  return { ...errors, 404: missing(404), 500: missing(500) };
}
