import { type ApiErrorDetails, ConflictError, NotFoundError, withReason } from "./api-error.js";
import { endOf } from "./wait-errors.js";

/** The container does not exist. For an empty ID, this error is thrown before anything is sent. @category Errors */
export class NoSuchContainerError extends NotFoundError {
  override name = "NoSuchContainerError";
  override readonly code = "ERR_NO_SUCH_CONTAINER";
  /** ID or name of the container, as the caller passed it. */
  readonly id: string;

  /**
   * @param id - ID or name of the container, as the caller passed it.
   * @param details - the request and the engine's response.
   */
  constructor(id: string, details: ApiErrorDetails) {
    super(details, withReason(`no such container: ${id}`, details));
    this.id = id;
  }
}

/** The operation needs a running container, and this one is not running. @category Errors */
export class ContainerNotRunningError extends ConflictError {
  override name = "ContainerNotRunningError";
  override readonly code = "ERR_CONTAINER_NOT_RUNNING";
  /** ID or name of the container, as the caller passed it. */
  readonly id: string;
  /** The container's exit code, if the method waited for the container and it has exited. */
  readonly exitCode: number | undefined;
  /** The last lines of the container's log, at most 20, if the method waited for the container. */
  readonly lines: readonly string[];

  /**
   * @param id - ID or name of the container, as the caller passed it.
   * @param details - the request and the engine's response.
   * @param exitCode - its exit code, if known.
   * @param lines - the last lines of its log, if known.
   */
  constructor(id: string, details: ApiErrorDetails, exitCode?: number, lines: readonly string[] = []) {
    super(details, `${withReason(`container not running: ${id}`, details)}${endOf(exitCode, lines)}`);
    this.id = id;
    this.exitCode = exitCode;
    this.lines = lines;
  }
}

/** The operation needs a stopped container, and this one is running. @category Errors */
export class ContainerAlreadyRunningError extends ConflictError {
  override name = "ContainerAlreadyRunningError";
  override readonly code = "ERR_CONTAINER_ALREADY_RUNNING";
  /** ID or name of the container, as the caller passed it. */
  readonly id: string;

  /**
   * @param id - ID or name of the container, as the caller passed it.
   * @param details - the request and the engine's response.
   */
  constructor(id: string, details: ApiErrorDetails) {
    super(details, withReason(`container already running: ${id}`, details));
    this.id = id;
  }
}

/** The operation does not work on a paused container. @category Errors */
export class ContainerPausedError extends ConflictError {
  override name = "ContainerPausedError";
  override readonly code = "ERR_CONTAINER_PAUSED";
  /** ID or name of the container, as the caller passed it. */
  readonly id: string;

  /**
   * @param id - ID or name of the container, as the caller passed it.
   * @param details - the request and the engine's response.
   */
  constructor(id: string, details: ApiErrorDetails) {
    super(details, withReason(`container is paused: ${id}`, details));
    this.id = id;
  }
}

/** Another container already uses the name. @category Errors */
export class ContainerAlreadyExistsError extends ConflictError {
  override name = "ContainerAlreadyExistsError";
  override readonly code = "ERR_CONTAINER_ALREADY_EXISTS";
  /** Name that is already in use. */
  readonly containerName: string;

  /**
   * @param containerName - name that is already in use.
   * @param details - the request and the engine's response.
   */
  constructor(containerName: string, details: ApiErrorDetails) {
    super(details, withReason(`container already exists: ${containerName}`, details));
    this.containerName = containerName;
  }
}

/**
 * A port that the container or service publishes is already in use by another container, service or program.
 *
 * @category Errors
 */
export class PortInUseError extends ConflictError {
  override name = "PortInUseError";
  override readonly code = "ERR_PORT_IN_USE";
  /** ID or name of the container, or name of the service, as the caller passed it. */
  readonly id: string;
  /** The port. */
  readonly port: number;

  /**
   * @param id - ID or name of the container or service, as the caller passed it.
   * @param port - the port.
   * @param details - the request and the engine's response.
   */
  constructor(id: string, port: number, details: ApiErrorDetails) {
    super(details, withReason(`cannot publish port ${port} of ${id || "the container"}: it is in use`, details));
    this.id = id;
    this.port = port;
  }
}

/** The path does not exist in the container's file system. @category Errors */
export class NoSuchPathError extends NotFoundError {
  override name = "NoSuchPathError";
  override readonly code = "ERR_NO_SUCH_PATH";
  /** ID or name of the container. */
  readonly id: string;
  /** Path in the container. */
  readonly containerPath: string;

  /**
   * @param id - ID or name of the container.
   * @param containerPath - path in the container.
   * @param details - the request and the engine's response.
   */
  constructor(id: string, containerPath: string, details: ApiErrorDetails) {
    super(details, withReason(`no such path in container ${id}: ${containerPath}`, details));
    this.id = id;
    this.containerPath = containerPath;
  }
}

/** The exec instance does not exist. @category Errors */
export class NoSuchExecError extends NotFoundError {
  override name = "NoSuchExecError";
  override readonly code = "ERR_NO_SUCH_EXEC";
  /** ID of the exec instance. */
  readonly id: string;

  /**
   * @param id - ID of the exec instance.
   * @param details - the request and the engine's response.
   */
  constructor(id: string, details: ApiErrorDetails) {
    super(details, withReason(`no such exec instance: ${id}`, details));
    this.id = id;
  }
}
