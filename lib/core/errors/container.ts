import { type ApiErrorFactory, apiErrorOf, type ApiErrors, ConflictError } from "../../errors/api-error.js";
import { ContainerNotRunningError, ContainerPausedError, NoSuchContainerError } from "../../errors/container-errors.js";
import { classifier, type Wording } from "../wordings.js";

/** Turns a 404 into a {@link NoSuchContainerError}. */
export const noSuchContainer =
  (id: string): ApiErrorFactory =>
  (details) =>
    new NoSuchContainerError(id, details);

/**
 * Wordings for a missing container. A message that names another container is about something else that the operation needs, such
 * as a linked container.
 */
export const missingContainerWordings: readonly Wording<[id: string]>[] = [
  [
    /no such container: \S+$/i,
    "Docker 20+",
    (details, id) => (/ (\S+)$/.exec(details.message)?.[1] === id ? new NoSuchContainerError(id, details) : apiErrorOf(details)),
  ],
  [/no such container/i, "Podman 4+", (details, id) => new NoSuchContainerError(id, details)],
  [/layer not known/i, "Podman 4+", (details, id) => new NoSuchContainerError(id, details)],
  [/^(status 404)?$/, "a response without a message", (details, id) => new NoSuchContainerError(id, details)],
];

/** Wordings for container states in which an operation is not allowed. */
export const containerStateWordings: readonly Wording<[id: string]>[] = [
  [/\bis paused\b/i, "Docker 20+", (details, id) => new ContainerPausedError(id, details)],
  [/\bstart a paused container\b/i, "Docker 20+", (details, id) => new ContainerPausedError(id, details)],
  [/\balready paused\b/i, "Docker 20+, Podman 4+", (details, id) => new ContainerPausedError(id, details)],
  [/\bin state paused\b/i, "Podman 4+", (details, id) => new ContainerPausedError(id, details)],
  [/must be in created or stopped state/i, "Podman 4+", (details) => new ConflictError(details)],
  [/is not running/i, "Docker 20+", (details, id) => new ContainerNotRunningError(id, details)],
  [/only .* on running containers/i, "Podman 4+", (details, id) => new ContainerNotRunningError(id, details)],
  [/state improper/i, "Podman 4+", (details, id) => new ContainerNotRunningError(id, details)],
];

/** Turns a 409 into the error for the state that the message names. */
export const containerState = classifier(containerStateWordings, (details) => new ConflictError(details));

/** Wordings for states that Podman reports with 500 and Docker with 409. */
export const improperStateWordings: readonly Wording<[state: ApiErrorFactory]>[] = [
  [/state improper/i, "Podman 4+", (details, state) => state(details)],
  [/only .* on running/i, "Podman 4+", (details, state) => state(details)],
];

/** Turns a 500 from Podman into the error that `state` creates for a 409. */
export const improperState = classifier(improperStateWordings);

/**
 * The errors of an operation on one container. For a missing container or a wrong state, Docker answers 404 or 409, and Podman
 * 500.
 *
 * @param id - ID or name of the container.
 * @param state - turns a 409 into an error.
 */
export const containerErrors = (id: string, state: ApiErrorFactory = containerState(id)): ApiErrors => ({
  404: classifier(missingContainerWordings)(id),
  409: state,
  500: classifier(missingContainerWordings, improperState(state))(id),
});
