import { type ApiErrorDetails, ConflictError, UnauthorizedError, UnavailableError } from "./api-error.js";

/** The engine is in no swarm, and the operation needs it to be. @category Errors */
export class NodeNotInSwarmError extends UnavailableError {
  override name = "NodeNotInSwarmError";
  override readonly code = "ERR_NODE_NOT_IN_SWARM";

  /** @param details - the engine's answer. */
  constructor(details: ApiErrorDetails) {
    super(details, `the engine is not in a swarm (${details.message})`);
  }
}

/** The engine is in a swarm already, or on its way into one. @category Errors */
export class NodeAlreadyInSwarmError extends UnavailableError {
  override name = "NodeAlreadyInSwarmError";
  override readonly code = "ERR_NODE_ALREADY_IN_SWARM";

  /** @param details - the engine's answer. */
  constructor(details: ApiErrorDetails) {
    super(details, `the engine is in a swarm already (${details.message})`);
  }
}

/** The engine is a worker of its swarm, and only a manager can do this. @category Errors */
export class NotASwarmManagerError extends UnavailableError {
  override name = "NotASwarmManagerError";
  override readonly code = "ERR_NOT_A_SWARM_MANAGER";

  /** @param details - the engine's answer. */
  constructor(details: ApiErrorDetails) {
    super(details, `the engine is not a manager of its swarm (${details.message})`);
  }
}

/** The engine is a manager that waits to be unlocked with {@link Client.unlockSwarm}. @category Errors */
export class SwarmLockedError extends UnavailableError {
  override name = "SwarmLockedError";
  override readonly code = "ERR_SWARM_LOCKED";

  /** @param details - the engine's answer. */
  constructor(details: ApiErrorDetails) {
    super(details, `the swarm is locked (${details.message})`);
  }
}

/** The engine is a manager that waits for nobody to unlock it. @category Errors */
export class SwarmNotLockedError extends ConflictError {
  override name = "SwarmNotLockedError";
  override readonly code = "ERR_SWARM_NOT_LOCKED";

  /** @param details - the engine's answer. */
  constructor(details: ApiErrorDetails) {
    super(details, "the swarm is not locked");
  }
}

/** The key is not the one that unlocks the swarm, or is none at all. @category Errors */
export class InvalidUnlockKeyError extends UnauthorizedError {
  override name = "InvalidUnlockKeyError";
  override readonly code = "ERR_INVALID_UNLOCK_KEY";

  /** @param details - the engine's answer. */
  constructor(details: ApiErrorDetails) {
    super(details, "the swarm cannot be unlocked: the key is not the right one");
  }
}

/** The token is not one of those that let an engine join the swarm, or is none at all. @category Errors */
export class InvalidJoinTokenError extends UnauthorizedError {
  override name = "InvalidJoinTokenError";
  override readonly code = "ERR_INVALID_JOIN_TOKEN";

  /** @param details - the engine's answer. */
  constructor(details: ApiErrorDetails) {
    super(details, `the swarm cannot be joined: the token is not the right one (${details.message})`);
  }
}

/** No manager has let the engine in for some time. The engine goes on trying: {@link Client.info} tells when it is in. @category Errors */
export class SwarmJoinTimeoutError extends UnavailableError {
  override name = "SwarmJoinTimeoutError";
  override readonly code = "ERR_SWARM_JOIN_TIMEOUT";

  /** @param details - the engine's answer. */
  constructor(details: ApiErrorDetails) {
    super(details, "the swarm has not let the engine in yet");
  }
}
