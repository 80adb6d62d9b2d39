import { type ApiErrorDetails, ConflictError, UnauthorizedError, UnavailableError, withReason } from "./api-error.js";

/** The operation requires a swarm, and the engine is not in one. @category Errors */
export class NodeNotInSwarmError extends UnavailableError {
  override name = "NodeNotInSwarmError";
  override readonly code = "ERR_NODE_NOT_IN_SWARM";

  /** @param details - the engine's response. */
  constructor(details: ApiErrorDetails) {
    super(details, withReason(`the engine is not in a swarm`, details));
  }
}

/** The engine is already in a swarm, or is joining one. @category Errors */
export class NodeAlreadyInSwarmError extends UnavailableError {
  override name = "NodeAlreadyInSwarmError";
  override readonly code = "ERR_NODE_ALREADY_IN_SWARM";

  /** @param details - the engine's response. */
  constructor(details: ApiErrorDetails) {
    super(details, withReason(`the engine is already in a swarm`, details));
  }
}

/** The operation requires a manager, and the engine is a worker. @category Errors */
export class NotASwarmManagerError extends UnavailableError {
  override name = "NotASwarmManagerError";
  override readonly code = "ERR_NOT_A_SWARM_MANAGER";

  /** @param details - the engine's response. */
  constructor(details: ApiErrorDetails) {
    super(details, withReason(`the engine is not a manager of its swarm`, details));
  }
}

/** The engine is a locked manager: unlock it with {@link Client.unlockSwarm}. @category Errors */
export class SwarmLockedError extends UnavailableError {
  override name = "SwarmLockedError";
  override readonly code = "ERR_SWARM_LOCKED";

  /** @param details - the engine's response. */
  constructor(details: ApiErrorDetails) {
    super(details, withReason(`the swarm is locked`, details));
  }
}

/** The swarm is not locked, so there is nothing to unlock. @category Errors */
export class SwarmNotLockedError extends ConflictError {
  override name = "SwarmNotLockedError";
  override readonly code = "ERR_SWARM_NOT_LOCKED";

  /** @param details - the engine's response. */
  constructor(details: ApiErrorDetails) {
    super(details, withReason("the swarm is not locked", details));
  }
}

/** The unlock key is wrong or malformed. @category Errors */
export class InvalidUnlockKeyError extends UnauthorizedError {
  override name = "InvalidUnlockKeyError";
  override readonly code = "ERR_INVALID_UNLOCK_KEY";

  /** @param details - the engine's response. */
  constructor(details: ApiErrorDetails) {
    super(details, withReason("cannot unlock the swarm: invalid key", details));
  }
}

/** The join token is wrong or malformed. @category Errors */
export class InvalidJoinTokenError extends UnauthorizedError {
  override name = "InvalidJoinTokenError";
  override readonly code = "ERR_INVALID_JOIN_TOKEN";

  /** @param details - the engine's response. */
  constructor(details: ApiErrorDetails) {
    super(details, withReason(`cannot join the swarm: invalid join token`, details));
  }
}

/**
 * No manager accepted the engine in time. The engine keeps trying: {@link Client.info} reports its state.
 *
 * @category Errors
 */
export class SwarmJoinTimeoutError extends UnavailableError {
  override name = "SwarmJoinTimeoutError";
  override readonly code = "ERR_SWARM_JOIN_TIMEOUT";

  /** @param details - the engine's response. */
  constructor(details: ApiErrorDetails) {
    super(details, withReason("timed out joining the swarm; the engine keeps trying", details));
  }
}
