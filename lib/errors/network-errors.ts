import { type ApiErrorDetails, ConflictError, NotFoundError, withReason } from "./api-error.js";

/** The network does not exist. For an empty ID, this error is thrown before anything is sent. @category Errors */
export class NoSuchNetworkError extends NotFoundError {
  override name = "NoSuchNetworkError";
  override readonly code = "ERR_NO_SUCH_NETWORK";
  /** The requested ID or name. */
  readonly id: string;

  /**
   * @param id - the requested ID or name.
   * @param details - the engine's response.
   */
  constructor(id: string, details: ApiErrorDetails) {
    super(details, withReason(`no such network: ${id}`, details));
    this.id = id;
  }
}

/**
 * The network or the container does not exist, and the engine does not say which. If the engine names the missing object, the
 * error is a {@link NoSuchNetworkError} or a {@link NoSuchContainerError}.
 *
 * @category Errors
 */
export class NoSuchNetworkOrContainerError extends NotFoundError {
  override name = "NoSuchNetworkOrContainerError";
  override readonly code = "ERR_NO_SUCH_NETWORK_OR_CONTAINER";
  /** ID or name of the requested network. */
  readonly networkId: string;
  /** ID or name of the requested container. */
  readonly containerId: string;

  /**
   * @param networkId - ID or name of the requested network.
   * @param containerId - ID or name of the requested container.
   * @param details - the engine's response.
   */
  constructor(networkId: string, containerId: string, details: ApiErrorDetails) {
    super(details, withReason(`no such network: ${networkId}, or no such container: ${containerId}`, details));
    this.networkId = networkId;
    this.containerId = containerId;
  }
}

/** Another network already has the name. @category Errors */
export class NetworkAlreadyExistsError extends ConflictError {
  override name = "NetworkAlreadyExistsError";
  override readonly code = "ERR_NETWORK_ALREADY_EXISTS";
  /** The name in use. */
  readonly networkName: string;

  /**
   * @param networkName - the name in use.
   * @param details - the engine's response.
   */
  constructor(networkName: string, details: ApiErrorDetails) {
    super(details, withReason(`network already exists: ${networkName}`, details));
    this.networkName = networkName;
  }
}

/** Containers or services use the network. @category Errors */
export class NetworkInUseError extends ConflictError {
  override name = "NetworkInUseError";
  override readonly code = "ERR_NETWORK_IN_USE";
  /** The requested ID or name. */
  readonly id: string;

  /**
   * @param id - the requested ID or name.
   * @param details - the engine's response.
   */
  constructor(id: string, details: ApiErrorDetails) {
    super(details, withReason(`network is in use: ${id}`, details));
    this.id = id;
  }
}

/** The container is already connected to the network. @category Errors */
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
   * @param details - the engine's response.
   */
  constructor(networkId: string, containerId: string, details: ApiErrorDetails) {
    super(details, withReason(`container ${containerId} is already connected to network ${networkId}`, details));
    this.networkId = networkId;
    this.containerId = containerId;
  }
}

/** The container is not connected to the network. @category Errors */
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
   * @param details - the engine's response.
   */
  constructor(networkId: string, containerId: string, details: ApiErrorDetails) {
    super(details, withReason(`container ${containerId} is not connected to network ${networkId}`, details));
    this.networkId = networkId;
    this.containerId = containerId;
  }
}
