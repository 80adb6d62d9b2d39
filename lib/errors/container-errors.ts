import {
  type ApiError,
  type ApiErrorDetails,
  type ApiErrorFactory,
  type ApiErrors,
  apiErrorOf,
  BadRequestError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
} from "./api-error.js";

/** There is no such container. Thrown before anything is sent when the id is empty. @category Errors */
export class NoSuchContainerError extends NotFoundError {
  override name = "NoSuchContainerError";
  override readonly code = "ERR_NO_SUCH_CONTAINER";
  /** The ID or name that was asked for. */
  readonly id: string;

  /**
   * @param id - the ID or name that was asked for.
   * @param details - the engine's answer.
   */
  constructor(id: string, details: ApiErrorDetails) {
    super(details, `no such container: ${id}`);
    this.id = id;
  }
}

/** The container does not run, and the operation needs it to. @category Errors */
export class ContainerNotRunningError extends ConflictError {
  override name = "ContainerNotRunningError";
  override readonly code = "ERR_CONTAINER_NOT_RUNNING";
  /** The ID or name that was asked for. */
  readonly id: string;

  /**
   * @param id - the ID or name that was asked for.
   * @param details - the engine's answer.
   */
  constructor(id: string, details: ApiErrorDetails) {
    super(details, `container not running: ${id}`);
    this.id = id;
  }
}

/** The container runs, and the operation needs it not to. @category Errors */
export class ContainerAlreadyRunningError extends ConflictError {
  override name = "ContainerAlreadyRunningError";
  override readonly code = "ERR_CONTAINER_ALREADY_RUNNING";
  /** The ID or name that was asked for. */
  readonly id: string;

  /**
   * @param id - the ID or name that was asked for.
   * @param details - the engine's answer.
   */
  constructor(id: string, details: ApiErrorDetails) {
    super(details, `container already running: ${id}`);
    this.id = id;
  }
}

/** The container is paused, and the operation needs it not to be. @category Errors */
export class ContainerPausedError extends ConflictError {
  override name = "ContainerPausedError";
  override readonly code = "ERR_CONTAINER_PAUSED";
  /** The ID or name that was asked for. */
  readonly id: string;

  /**
   * @param id - the ID or name that was asked for.
   * @param details - the engine's answer.
   */
  constructor(id: string, details: ApiErrorDetails) {
    super(details, `container is paused: ${id}`);
    this.id = id;
  }
}

/** Another container has that name. @category Errors */
export class ContainerAlreadyExistsError extends ConflictError {
  override name = "ContainerAlreadyExistsError";
  override readonly code = "ERR_CONTAINER_ALREADY_EXISTS";
  /** The name that is taken. */
  readonly containerName: string;

  /**
   * @param containerName - the name that is taken.
   * @param details - the engine's answer.
   */
  constructor(containerName: string, details: ApiErrorDetails) {
    super(details, `container already exists: ${containerName}`);
    this.containerName = containerName;
  }
}

/** There is no such path in the container's file system. @category Errors */
export class NoSuchPathError extends NotFoundError {
  override name = "NoSuchPathError";
  override readonly code = "ERR_NO_SUCH_PATH";
  /** The container that was asked. */
  readonly id: string;
  /** The path that was asked for. */
  readonly containerPath: string;

  /**
   * @param id - the container that was asked.
   * @param containerPath - the path that was asked for.
   * @param details - the engine's answer.
   */
  constructor(id: string, containerPath: string, details: ApiErrorDetails) {
    super(details, `no such path in container ${id}: ${containerPath}`);
    this.id = id;
    this.containerPath = containerPath;
  }
}

/** There is no such exec instance. @category Errors */
export class NoSuchExecError extends NotFoundError {
  override name = "NoSuchExecError";
  override readonly code = "ERR_NO_SUCH_EXEC";
  /** The ID that was asked for. */
  readonly id: string;

  /**
   * @param id - the ID that was asked for.
   * @param details - the engine's answer.
   */
  constructor(id: string, details: ApiErrorDetails) {
    super(details, `no such exec instance: ${id}`);
    this.id = id;
  }
}

/** Makes a {@link NoSuchContainerError} of a 404. */
export const noSuchContainer =
  (id: string): ApiErrorFactory =>
  (details) =>
    new NoSuchContainerError(id, details);

/**
 * Whether an engine's message says that there is no such container, and not that another one is missing. A 404 without a
 * message says so, too.
 */
function isMissing(id: string, message: string): boolean {
  if (message === "" || message === "status 404") return true;
  const named = /no such container: (\S+)$/i.exec(message)?.[1] ?? id;
  return named === id && /no such container|no container with|layer not known/i.test(message);
}

/** Tells a missing container from something else that the operation needs and that is missing, which share 404. */
const noSuchContainerOrOther =
  (id: string): ApiErrorFactory =>
  (details) =>
    isMissing(id, details.message) ? new NoSuchContainerError(id, details) : apiErrorOf(details);

/** Makes a {@link NoSuchExecError} of a 404. */
export const noSuchExec =
  (id: string): ApiErrorFactory =>
  (details) =>
    new NoSuchExecError(id, details);

/** Tells a missing path from a missing container, which share 404. */
export const noSuchPath =
  (id: string, path: string): ApiErrorFactory =>
  (details) =>
    /no such container/i.test(details.message) || details.message === ""
      ? new NoSuchContainerError(id, details)
      : new NoSuchPathError(id, path, details);

/** Tells by the engine's words why a container's files were refused, which every engine says with a status of its own. */
export const archiveRefusal: ApiErrorFactory = (details) => {
  if (/read-only/i.test(details.message)) return new ForbiddenError(details);
  if (/not a directory|cannot overwrite|file exists/i.test(details.message)) return new BadRequestError(details);
  return apiErrorOf(details);
};

/** Makes of a 409 the error of the state that the engine's message speaks of. */
const containerState =
  (id: string): ApiErrorFactory =>
  (details) => {
    const { message } = details;
    if (/already running/i.test(message)) return new ContainerAlreadyRunningError(id, details);
    if (/\b(is|already|a|state) paused\b/i.test(message)) return new ContainerPausedError(id, details);
    if (/must be in created or stopped state/i.test(message)) return new ConflictError(details);
    if (/is not running|is stopped|isn't running|not in running state|can only .* running|state improper/i.test(message)) {
      return new ContainerNotRunningError(id, details);
    }
    return new ConflictError(details);
  };

/** Makes of a 409 on the way to starting an exec instance the error of its own state, or of its container's. */
export const execState: ApiErrorFactory = (details) => {
  if (/already run|exec session state/i.test(details.message)) return new ConflictError(details);
  const container = /container (\S+) is/i.exec(details.message)?.[1] ?? "";
  return containerState(container)(details);
};

/** Makes of a 500 of Podman, which says so much with it, the error that a 409 is made of, where it is one of state. */
export const improperState =
  (state: ApiErrorFactory): ApiErrorFactory =>
  (details) =>
    /state improper|only .* on running/i.test(details.message) ? state(details) : apiErrorOf(details);

/** Makes of a 409 the error of the state that keeps a container from being removed. */
export const containerInUse =
  (id: string): ApiErrorFactory =>
  (details) => {
    if (/\b(is|a) paused\b/i.test(details.message)) return new ContainerPausedError(id, details);
    if (/\b(is|a) running\b/i.test(details.message)) return new ContainerAlreadyRunningError(id, details);
    return new ConflictError(details);
  };

/**
 * The errors of an operation on one container.
 *
 * Podman has 500 for a container that is missing, or in the wrong state, where Docker has statuses of their own.
 *
 * @param id - the container that was asked for.
 * @param state - makes the error of a state that does not allow the operation.
 */
export const containerErrors = (id: string, state: ApiErrorFactory = containerState(id)): ApiErrors => ({
  404: noSuchContainerOrOther(id),
  409: state,
  500: (details) => (isMissing(id, details.message) ? new NoSuchContainerError(id, details) : improperState(state)(details)),
});

/** Makes a {@link ContainerAlreadyExistsError} of a 409. */
export const containerAlreadyExists =
  (name: string): ApiErrorFactory =>
  (details): ApiError =>
    /already in use|already exists|conflict/i.test(details.message)
      ? new ContainerAlreadyExistsError(name, details)
      : apiErrorOf(details);

/** Tells a name that is taken from other failures, which share 500 in Podman. */
export const nameInUse =
  (name: string): ApiErrorFactory =>
  (details) =>
    /\bname .* is already in use|UNIQUE constraint failed: ContainerConfig\.Name/i.test(details.message)
      ? new ContainerAlreadyExistsError(name, details)
      : apiErrorOf(details);
