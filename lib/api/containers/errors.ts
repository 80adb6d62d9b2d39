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

/** Names that another container uses: 409 from Docker, 500 from Podman. */
export const nameWordings: readonly Wording<[name: string]>[] = [
  [/\bname \S+ already in use/i, "Podman 4", (details, name) => new ContainerAlreadyExistsError(name, details)],
  [/\bname .* is already in use/i, "Docker 20+, Podman 4+", (details, name) => new ContainerAlreadyExistsError(name, details)],
  [
    /UNIQUE constraint failed: ContainerConfig\.Name/i,
    "Podman 5",
    (details, name) => new ContainerAlreadyExistsError(name, details),
  ],
];

/** Turns a 409 or 500 into a {@link ContainerAlreadyExistsError} if the name is taken. */
export const nameInUse = classifier(nameWordings);

/**
 * The errors of an operation that starts a container, or prepares its start.
 *
 * @param id - ID or name of the container.
 */
export const startErrors = (id: string): ApiErrors => orNotStarted(id, orPortInUse(id, orMissingNetwork(containerErrors(id))));

/** States that keep a container from being removed. */
export const removalWordings: readonly Wording<[id: string]>[] = [
  [/\bis paused\b/i, "Docker 25+, Podman 4+", (details, id) => new ContainerPausedError(id, details)],
  [/\bremove a paused container\b/i, "Docker 20–24", (details, id) => new ContainerPausedError(id, details)],
  [/\bis running\b/i, "Docker 25+, Podman 4+", (details, id) => new ContainerAlreadyRunningError(id, details)],
  [/\bremove a running container\b/i, "Docker 20–24", (details, id) => new ContainerAlreadyRunningError(id, details)],
];

/** Turns a 409 into the error for the state that keeps a container from being removed. */
export const containerInUse = classifier(removalWordings, (details) => new ConflictError(details));

/** Missing containers: other responses with the same status mean a missing path. */
export const missingPathWordings: readonly Wording<[id: string, path: string]>[] = [
  [/no such container/i, "Docker 20+, Podman 4+", (details, id) => new NoSuchContainerError(id, details)],
  [/^$/, "a response without a message", (details, id) => new NoSuchContainerError(id, details)],
];

/** Turns a 404 into a {@link NoSuchContainerError} or a {@link NoSuchPathError}. */
export const noSuchPath = classifier(missingPathWordings, (details, id, path) => new NoSuchPathError(id, path, details));

/** Rejected archives. The status differs between engines. */
export const archiveWordings: readonly Wording[] = [
  [/read-only/i, "Docker 20+", (details) => new ForbiddenError(details)],
  [/not a directory/i, "Docker 20+", (details) => new BadRequestError(details)],
  [/cannot overwrite/i, "Docker 20+", (details) => new BadRequestError(details)],
  [/file exists/i, "Podman 4+", (details) => new BadRequestError(details)],
];

/** Turns a 400 or 500 into the error that the message describes. */
const archiveRefusal = classifier(archiveWordings)();

/** The errors of reading or writing a path in a container. */
export const archiveErrors = (container: string, path: string): ApiErrors => ({
  400: archiveRefusal,
  404: noSuchPath(container, path),
  500: archiveRefusal,
});

/** Missing containers that the filters `since` and `before` name. */
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

/** Turns a 404 or 500 into a {@link NoSuchContainerError} for the container that the filter names. */
export const noSuchNeighbour = classifier(neighbourWordings)();

/** Containers that are not running, which engines report with 500 when a checkpoint is created. */
export const checkpointWordings: readonly Wording<[id: string]>[] = [
  [/ not running$/i, "Docker 20+", (details, id) => new ContainerNotRunningError(id, details)],
];

/** Turns a 500 into a {@link ContainerNotRunningError} if the container is not running. */
export const checkpointFailure = classifier(checkpointWordings);

/** Failures that Podman reports in place of a sample, with status 200. */
export const sampleWordings: readonly Wording<[id: string]>[] = [
  [/is stopped/i, "Podman 5", (details, id) => new ContainerNotRunningError(id, details)],
];

/** Turns a failure in place of a sample into an error. */
export const sampleFailure = classifier(sampleWordings, (details) => new StreamError(details));
