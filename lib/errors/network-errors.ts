import {
  type ApiErrorDetails,
  type ApiErrorFactory,
  type ApiErrors,
  apiErrorOf,
  ConflictError,
  ForbiddenError,
  NotFoundError,
} from "./api-error.js";
import { NoSuchContainerError } from "./container-errors.js";
import { swarmPartErrors } from "./swarm-errors.js";
import { NodeNotInSwarmError } from "./swarm-membership-errors.js";

/** There is no such network. Thrown before anything is sent when the id is empty. @category Errors */
export class NoSuchNetworkError extends NotFoundError {
  override name = "NoSuchNetworkError";
  override readonly code = "ERR_NO_SUCH_NETWORK";
  /** The ID or name that was asked for. */
  readonly id: string;

  /**
   * @param id - the ID or name that was asked for.
   * @param details - the engine's answer.
   */
  constructor(id: string, details: ApiErrorDetails) {
    super(details, `no such network: ${id}`);
    this.id = id;
  }
}

/**
 * There is no such network or no such container, and the engine does not tell which. Where it does, the error is a
 * {@link NoSuchNetworkError} or a {@link NoSuchContainerError}.
 *
 * @category Errors
 */
export class NoSuchNetworkOrContainerError extends NotFoundError {
  override name = "NoSuchNetworkOrContainerError";
  override readonly code = "ERR_NO_SUCH_NETWORK_OR_CONTAINER";
  /** ID or name of the network that was asked for. */
  readonly networkId: string;
  /** ID or name of the container that was asked for. */
  readonly containerId: string;

  /**
   * @param networkId - ID or name of the network that was asked for.
   * @param containerId - ID or name of the container that was asked for.
   * @param details - the engine's answer.
   */
  constructor(networkId: string, containerId: string, details: ApiErrorDetails) {
    super(details, `no such network (${networkId}) or container (${containerId})`);
    this.networkId = networkId;
    this.containerId = containerId;
  }
}

/** Another network has that name. @category Errors */
export class NetworkAlreadyExistsError extends ConflictError {
  override name = "NetworkAlreadyExistsError";
  override readonly code = "ERR_NETWORK_ALREADY_EXISTS";
  /** The name that is taken. */
  readonly networkName: string;

  /**
   * @param networkName - the name that is taken.
   * @param details - the engine's answer.
   */
  constructor(networkName: string, details: ApiErrorDetails) {
    super(details, `network already exists: ${networkName}`);
    this.networkName = networkName;
  }
}

/** Containers are in the network. @category Errors */
export class NetworkInUseError extends ConflictError {
  override name = "NetworkInUseError";
  override readonly code = "ERR_NETWORK_IN_USE";
  /** The ID or name that was asked for. */
  readonly id: string;

  /**
   * @param id - the ID or name that was asked for.
   * @param details - the engine's answer.
   */
  constructor(id: string, details: ApiErrorDetails) {
    super(details, `network is in use: ${id} (${details.message})`);
    this.id = id;
  }
}

/** The container is in the network already. @category Errors */
export class ContainerAlreadyConnectedError extends ConflictError {
  override name = "ContainerAlreadyConnectedError";
  override readonly code = "ERR_CONTAINER_ALREADY_CONNECTED";
  /** ID or name of the network. */
  readonly networkId: string;
  /** ID or name of the container. */
  readonly containerId: string;

  /**
   * @param networkId - ID or name of the network.
   * @param containerId - ID or name of the container.
   * @param details - the engine's answer.
   */
  constructor(networkId: string, containerId: string, details: ApiErrorDetails) {
    super(details, `container ${containerId} is in network ${networkId} already`);
    this.networkId = networkId;
    this.containerId = containerId;
  }
}

/** The container is not in the network. @category Errors */
export class ContainerNotConnectedError extends ConflictError {
  override name = "ContainerNotConnectedError";
  override readonly code = "ERR_CONTAINER_NOT_CONNECTED";
  /** ID or name of the network. */
  readonly networkId: string;
  /** ID or name of the container. */
  readonly containerId: string;

  /**
   * @param networkId - ID or name of the network.
   * @param containerId - ID or name of the container.
   * @param details - the engine's answer.
   */
  constructor(networkId: string, containerId: string, details: ApiErrorDetails) {
    super(details, `container ${containerId} is not in network ${networkId}`);
    this.networkId = networkId;
    this.containerId = containerId;
  }
}

/** Makes a {@link NoSuchNetworkError} of a 404. */
export const noSuchNetwork =
  (id: string): ApiErrorFactory =>
  (details) =>
    new NoSuchNetworkError(id, details);

/**
 * Adds to an operation's errors that of a network that its options name and that is not there.
 *
 * @param errors - the operation's own, for everything else.
 */
export function orMissingNetwork(errors: ApiErrors): ApiErrors {
  const missing =
    (status: number): ApiErrorFactory =>
    (details) => {
      const [, docker, podman] =
        /\bnetwork (\S+) not found|network with name or ID (\S+): network not found/.exec(details.message) ?? [];
      const network = docker ?? podman;
      if (network !== undefined) return new NoSuchNetworkError(network, details);
      return errors[status]?.(details) ?? apiErrorOf(details);
    };
  return { ...errors, 404: missing(404), 500: missing(500) };
}

/**
 * The errors of making a network.
 *
 * @param name - the name that it is to have.
 * @param configFrom - the network that it takes its settings from, if any.
 */
export function networkCreationErrors(name: string, configFrom = ""): ApiErrors {
  const failed: ApiErrorFactory = (details) => {
    const { message } = details;
    if (/\bnetwork (?:with )?name .* already (?:exists|used)/i.test(message)) return new NetworkAlreadyExistsError(name, details);
    if (/configuration network .* does not exist/i.test(message)) return new NoSuchNetworkError(configFrom, details);
    if (/not a swarm manager/i.test(message)) return new NodeNotInSwarmError(details);
    return apiErrorOf(details);
  };
  return { ...swarmPartErrors, 403: failed, 404: failed, 409: failed, 500: failed };
}

/**
 * The errors of removing a network. Podman has 500 for what Docker has 403 for, and so has a swarm for its services.
 *
 * @param id - the network that was asked for.
 */
export function networkRemovalErrors(id: string): ApiErrors {
  const failed: ApiErrorFactory = (details) => {
    if (/has active endpoints|is being used|is in use/i.test(details.message)) return new NetworkInUseError(id, details);
    if (/cannot be removed/i.test(details.message)) return new ForbiddenError(details);
    return apiErrorOf(details);
  };
  return { ...swarmPartErrors, 400: failed, 403: failed, 404: noSuchNetwork(id), 500: failed };
}

/**
 * The errors of joining a container to a network, and of taking it out again.
 *
 * @param networkId - the network that was asked for.
 * @param containerId - the container that was asked for.
 */
export function networkMemberErrors(networkId: string, containerId: string): ApiErrors {
  const missing: ApiErrorFactory = (details) => {
    const { message } = details;
    if (/no such container|no container with/i.test(message)) return new NoSuchContainerError(containerId, details);
    if (message === "" || /network .*not found/i.test(message)) return new NoSuchNetworkError(networkId, details);
    return new NoSuchNetworkOrContainerError(networkId, containerId, details);
  };
  const failed: ApiErrorFactory = (details) => {
    const { message } = details;
    if (/endpoint with name .* already exists|is already connected/i.test(message)) {
      return new ContainerAlreadyConnectedError(networkId, containerId, details);
    }
    if (/is not connected to/i.test(message)) return new ContainerNotConnectedError(networkId, containerId, details);
    if (/not manually attachable/i.test(message)) return new ForbiddenError(details);
    return apiErrorOf(details);
  };
  return { ...swarmPartErrors, 403: failed, 404: missing, 409: failed, 500: failed };
}
