import { containerErrors } from "../../core/errors/container.js";
import { orMissingNetwork } from "../../core/errors/network.js";
import { orPortInUse } from "../../core/errors/port.js";
import { orNotStarted } from "../../core/errors/start.js";
import { classifier, type Wording } from "../../core/wordings.js";
import { type ApiErrors, BadRequestError, ConflictError, ForbiddenError } from "../../errors/api-error.js";
import {
  ContainerAlreadyExistsError,
  ContainerAlreadyRunningError,
  ContainerNotRunningError,
  ContainerPausedError,
  NoSuchContainerError,
  NoSuchPathError,
} from "../../errors/container-errors.js";
import { StreamError } from "../../errors/stream-errors.js";

/** Messages for a container name that is already in use: 409 in Docker, 500 in Podman. */
export const nameWordings: readonly Wording<[name: string]>[] = [
  [/\bname \S+ already in use/i, "Podman 4", (details, name) => new ContainerAlreadyExistsError(name, details)],
  [/\bname .* is already in use/i, "Docker 20+, Podman 4+", (details, name) => new ContainerAlreadyExistsError(name, details)],
  [
    /UNIQUE constraint failed: ContainerConfig\.Name/i,
    "Podman 5",
    (details, name) => new ContainerAlreadyExistsError(name, details),
  ],
];

/** Converts a 409 or 500 to a {@link ContainerAlreadyExistsError} if the name is already in use. */
export const nameInUse = classifier(nameWordings);

/**
 * The errors that an operation can cause if it starts a container or prepares it to start.
 *
 * @param id - ID or name of the container.
 */
export const startErrors = (id: string): ApiErrors => orNotStarted(id, orPortInUse(id, orMissingNetwork(containerErrors(id))));

/** Messages for container states that prevent removal. */
export const removalWordings: readonly Wording<[id: string]>[] = [
  [/\bis paused\b/i, "Docker 25+, Podman 4+", (details, id) => new ContainerPausedError(id, details)],
  [/\bremove a paused container\b/i, "Docker 20–24", (details, id) => new ContainerPausedError(id, details)],
  [/\bis running\b/i, "Docker 25+, Podman 4+", (details, id) => new ContainerAlreadyRunningError(id, details)],
  [/\bremove a running container\b/i, "Docker 20–24", (details, id) => new ContainerAlreadyRunningError(id, details)],
];

/** Converts a 409 to the error for the container state that prevents removal. */
export const containerInUse = classifier(removalWordings, (details) => new ConflictError(details));

/** Messages for a missing container. Any other message of a 404 means that the path is missing. */
export const missingPathWordings: readonly Wording<[id: string, path: string]>[] = [
  [/no such container/i, "Docker 20+, Podman 4+", (details, id) => new NoSuchContainerError(id, details)],
  [/^$/, "a response without a message", (details, id) => new NoSuchContainerError(id, details)],
];

/** Converts a 404 to a {@link NoSuchContainerError} or a {@link NoSuchPathError}. */
export const noSuchPath = classifier(missingPathWordings, (details, id, path) => new NoSuchPathError(id, path, details));

/** Messages for a rejected archive. The status differs between engines. */
export const archiveWordings: readonly Wording[] = [
  [/read-only/i, "Docker 20+", (details) => new ForbiddenError(details)],
  [/not a directory/i, "Docker 20+", (details) => new BadRequestError(details)],
  [/cannot overwrite/i, "Docker 20+", (details) => new BadRequestError(details)],
  [/file exists/i, "Podman 4+", (details) => new BadRequestError(details)],
];

/** Converts a 400 or 500 to the error that the message describes. */
const archiveRefusal = classifier(archiveWordings)();

/** The errors that reading or writing a path in a container can cause. */
export const archiveErrors = (container: string, path: string): ApiErrors => ({
  400: archiveRefusal,
  404: noSuchPath(container, path),
  500: archiveRefusal,
});

/** Messages for a missing container in the filter `since` or `before`. */
export const neighbourWordings: readonly Wording[] = [
  [
    /no such container:?\s+\S/i,
    "Docker 20+",
    (details) => new NoSuchContainerError(/container:?\s+(\S+)/i.exec(details.message)?.[1] ?? "", details),
  ],
  [
    /no container with name or ID "/i,
    "Podman 4+",
    (details) => new NoSuchContainerError(/ID "([^"]+)"/.exec(details.message)?.[1] ?? "", details),
  ],
];

/** Converts a 404 or 500 to a {@link NoSuchContainerError} for the container in the filter. */
export const noSuchNeighbour = classifier(neighbourWordings)();

/** Messages for a container that is not running when a checkpoint is created: 500. */
export const checkpointWordings: readonly Wording<[id: string]>[] = [
  [/ not running$/i, "Docker 20+", (details, id) => new ContainerNotRunningError(id, details)],
];

/** Converts a 500 to a {@link ContainerNotRunningError} if the container is not running. */
export const checkpointFailure = classifier(checkpointWordings);

/** Messages for failures that Podman reports instead of a sample, with status 200. */
export const sampleWordings: readonly Wording<[id: string]>[] = [
  [/is stopped/i, "Podman 5", (details, id) => new ContainerNotRunningError(id, details)],
];

/** Converts a failure that was sent instead of a sample to an error. */
export const sampleFailure = classifier(sampleWordings, (details) => new StreamError(details));
