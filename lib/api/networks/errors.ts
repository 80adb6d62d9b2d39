import { swarmRoleErrors } from "../../core/errors/swarm.js";
import { classifier, type Wording } from "../../core/wordings.js";
import { type ApiErrorFactory, type ApiErrors, ForbiddenError } from "../../errors/api-error.js";
import { NoSuchContainerError } from "../../errors/container-errors.js";
import {
  ContainerAlreadyConnectedError,
  ContainerNotConnectedError,
  NetworkAlreadyExistsError,
  NetworkInUseError,
  NoSuchNetworkError,
  NoSuchNetworkOrContainerError,
} from "../../errors/network-errors.js";
import { NodeNotInSwarmError } from "../../errors/swarm-membership-errors.js";

/** Messages for a network that cannot be created: 403, 404 or 409 in Docker, 500 in Podman. */
export const creationWordings: readonly Wording<[name: string, configFrom: string]>[] = [
  [/\bnetwork with name .* already exists/i, "Docker 20+", (details, name) => new NetworkAlreadyExistsError(name, details)],
  [/\bnetwork name .* already used/i, "Podman 4+", (details, name) => new NetworkAlreadyExistsError(name, details)],
  [
    /configuration network .* does not exist/i,
    "Docker 20+",
    (details, _name, configFrom) => new NoSuchNetworkError(configFrom, details),
  ],
  [/not a swarm manager/i, "Docker 20+", (details) => new NodeNotInSwarmError(details)],
];

/** Messages for a network that cannot be removed: 403 in Docker, 400 in a swarm, 500 in Podman. */
export const removalWordings: readonly Wording<[id: string]>[] = [
  [/has active endpoints/i, "Docker 20+", (details, id) => new NetworkInUseError(id, details)],
  [/is in use by/i, "Docker 20+", (details, id) => new NetworkInUseError(id, details)],
  [/is being used/i, "Podman 4+", (details, id) => new NetworkInUseError(id, details)],
  [/cannot be removed/i, "Docker 20+, Podman 4+", (details) => new ForbiddenError(details)],
];

/** Messages for a missing network or a missing container, which both have status 404. */
export const missingWordings: readonly Wording<[networkId: string, containerId: string]>[] = [
  [
    /no such container/i,
    "Docker 20+, Podman 4+",
    (details, _networkId, containerId) => new NoSuchContainerError(containerId, details),
  ],
  [/\bnetwork \S+ not found/i, "Docker 20+", (details, networkId) => new NoSuchNetworkError(networkId, details)],
  [/: network not found/i, "Podman 4+", (details, networkId) => new NoSuchNetworkError(networkId, details)],
  [/^$/, "empty ID, not sent", (details, networkId) => new NoSuchNetworkError(networkId, details)],
];

/** Messages for a container that cannot be connected or disconnected: 403 in Docker, 500 in Podman. */
export const membershipWordings: readonly Wording<[networkId: string, containerId: string]>[] = [
  [
    /endpoint with name .* already exists/i,
    "Docker 20+",
    (details, networkId, containerId) => new ContainerAlreadyConnectedError(networkId, containerId, details),
  ],
  [
    /is already connected to/i,
    "Podman 4+",
    (details, networkId, containerId) => new ContainerAlreadyConnectedError(networkId, containerId, details),
  ],
  [
    /is not connected to/i,
    "Docker 20+, Podman 4+",
    (details, networkId, containerId) => new ContainerNotConnectedError(networkId, containerId, details),
  ],
  [/not manually attachable/i, "Docker 20+", (details) => new ForbiddenError(details)],
];

const creationFailure = classifier(creationWordings);
const removalFailure = classifier(removalWordings);
const membershipFailure = classifier(membershipWordings);
const missingObject = classifier(
  missingWordings,
  (details, networkId, containerId) => new NoSuchNetworkOrContainerError(networkId, containerId, details),
);

/** Converts a 404 to a {@link NoSuchNetworkError}. */
export const noSuchNetwork =
  (id: string): ApiErrorFactory =>
  (details) =>
    new NoSuchNetworkError(id, details);

/**
 * The errors that creating a network can cause.
 *
 * @param name - name of the new network.
 * @param configFrom - the network that provides the settings of the new network, if any.
 */
export function networkCreationErrors(name: string, configFrom = ""): ApiErrors {
  const failed = creationFailure(name, configFrom);
  return { ...swarmRoleErrors, 403: failed, 404: failed, 409: failed, 500: failed };
}

/**
 * The errors that removing a network can cause.
 *
 * @param id - the requested ID or name.
 */
export function networkRemovalErrors(id: string): ApiErrors {
  const failed = removalFailure(id);
  return { ...swarmRoleErrors, 400: failed, 403: failed, 404: noSuchNetwork(id), 500: failed };
}

/**
 * The errors that connecting a container to a network, or disconnecting it, can cause.
 *
 * @param networkId - the requested network.
 * @param containerId - the requested container.
 */
export function networkMemberErrors(networkId: string, containerId: string): ApiErrors {
  const failed = membershipFailure(networkId, containerId);
  return { ...swarmRoleErrors, 403: failed, 404: missingObject(networkId, containerId), 409: failed, 500: failed };
}
