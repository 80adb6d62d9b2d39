import { type ApiErrorFactory, apiErrorOf, type ApiErrors } from "../../errors/api-error.js";
import { PortInUseError } from "../../errors/container-errors.js";
import { classifier, type Wording } from "../wordings.js";

type PortSubject = [id: string, otherwise: ApiErrorFactory];

/** Creates the error for a port that is in use, from a pattern whose first group is the port. */
const portIn =
  (pattern: RegExp): Wording<PortSubject>[2] =>
  (details, id) =>
    new PortInUseError(id, Number(pattern.exec(details.message)?.[1]), details);

const allocated = /\bBind for \S*:(\d+) failed: port is already allocated/;
const bound = /\bbind host port for \S+?:(\d+):\S+ address already in use/;
const listening = /\blisten (?:tcp|udp|sctp)[46]? \S*:(\d+): bind: address already in use/;
const ofService = /\bport '(\d+)' is already in use by service /;

/** Wordings for ports in use: 500 when a container starts, 409 when Podman 4 attaches to a container, 400 for a service. */
export const portWordings: readonly Wording<PortSubject>[] = [
  [allocated, "Docker 20+: another container's", portIn(allocated)],
  [bound, "Docker 28: another program's", portIn(bound)],
  [listening, "Docker 20, Podman 4+", portIn(listening)],
  [ofService, "Docker 20+: another service's", portIn(ofService)],
];

const portInUse = classifier(portWordings, (details, _id, otherwise) => otherwise(details));

/**
 * Adds the error for a port that is in use to the errors of an operation that publishes ports.
 *
 * @param id - ID or name of the container or service.
 * @param errors - the errors for everything else.
 */
export function orPortInUse(id: string, errors: ApiErrors): ApiErrors {
  const failed = (status: number): ApiErrorFactory => portInUse(id, errors[status] ?? apiErrorOf);
  return { ...errors, 400: failed(400), 409: failed(409), 500: failed(500) };
}
