import { type ApiErrorDetails, ConflictError, NotFoundError, withReason } from "./api-error.js";

/** Kinds of objects in a swarm. @category Errors */
export type SwarmObjectKind = "node" | "service" | "task" | "secret" | "config" | "volume" | "swarm";

/** The node is a manager: demote it first, or use `force` to leave the swarm. @category Errors */
export class NodeIsManagerError extends ConflictError {
  override name = "NodeIsManagerError";
  override readonly code = "ERR_NODE_IS_MANAGER";
  /** ID or name of the node; undefined for the engine's own node. */
  readonly id: string | undefined;

  /**
   * @param id - ID or name of the node; undefined for the engine's own node.
   * @param details - the engine's response.
   */
  constructor(id: string | undefined, details: ApiErrorDetails) {
    super(details, withReason(`${id === undefined ? "the engine" : `node ${id}`} is a manager of the swarm`, details));
    this.id = id;
  }
}

/** The node is not down: it must leave the swarm first, or be removed with `force`. @category Errors */
export class NodeNotDownError extends ConflictError {
  override name = "NodeNotDownError";
  override readonly code = "ERR_NODE_NOT_DOWN";
  /** ID or name of the node. */
  readonly id: string;

  /**
   * @param id - ID or name of the node.
   * @param details - the engine's response.
   */
  constructor(id: string, details: ApiErrorDetails) {
    super(details, withReason(`node is not down: ${id}`, details));
    this.id = id;
  }
}

/** The object has changed since the version that the update is based on. @category Errors */
export class VersionConflictError extends ConflictError {
  override name = "VersionConflictError";
  override readonly code = "ERR_VERSION_CONFLICT";
  /** Kind of the object. */
  readonly kind: SwarmObjectKind;
  /** ID or name of the object; empty for the swarm itself. */
  readonly id: string;

  /**
   * @param kind - kind of the object.
   * @param id - ID or name of the object.
   * @param details - the engine's response.
   */
  constructor(kind: SwarmObjectKind, id: string, details: ApiErrorDetails) {
    super(
      details,
      withReason(
        `${[kind, id].filter(Boolean).join(" ")} has changed since the version that the update is based on: inspect it and repeat the update`,
        details,
      ),
    );
    this.kind = kind;
    this.id = id;
  }
}

/** Another object of the same kind already has the name. @category Errors */
export class SwarmObjectAlreadyExistsError extends ConflictError {
  override name = "SwarmObjectAlreadyExistsError";
  override readonly code = "ERR_SWARM_OBJECT_ALREADY_EXISTS";
  /** Kind of the object. */
  readonly kind: SwarmObjectKind;
  /** The name in use. */
  readonly objectName: string;

  /**
   * @param kind - kind of the object.
   * @param objectName - the name in use.
   * @param details - the engine's response.
   */
  constructor(kind: SwarmObjectKind, objectName: string, details: ApiErrorDetails) {
    super(details, withReason(`${kind} already exists: ${objectName}`, details));
    this.kind = kind;
    this.objectName = objectName;
  }
}

/** A service uses the object. @category Errors */
export class SwarmObjectInUseError extends ConflictError {
  override name = "SwarmObjectInUseError";
  override readonly code = "ERR_SWARM_OBJECT_IN_USE";
  /** Kind of the object. */
  readonly kind: SwarmObjectKind;
  /** ID or name of the object. */
  readonly id: string;

  /**
   * @param kind - kind of the object.
   * @param id - ID or name of the object.
   * @param details - the engine's response.
   */
  constructor(kind: SwarmObjectKind, id: string, details: ApiErrorDetails) {
    super(details, withReason(`${kind} is in use: ${id}`, details));
    this.kind = kind;
    this.id = id;
  }
}

/** The swarm has no such object. For an empty ID, this error is thrown before anything is sent. @category Errors */
export class NoSuchSwarmObjectError extends NotFoundError {
  override name = "NoSuchSwarmObjectError";
  override readonly code: string = "ERR_NO_SUCH_SWARM_OBJECT";
  /** Kind of the object. */
  readonly kind: SwarmObjectKind;
  /** The requested ID or name. */
  readonly id: string;

  /**
   * @param kind - kind of the object.
   * @param id - the requested ID or name.
   * @param details - the engine's response.
   */
  constructor(kind: SwarmObjectKind, id: string, details: ApiErrorDetails) {
    super(details, withReason(`no such ${kind}: ${id}`, details));
    this.kind = kind;
    this.id = id;
  }
}

/** The swarm has no such node. @category Errors */
export class NoSuchNodeError extends NoSuchSwarmObjectError {
  override name = "NoSuchNodeError";
  override readonly code = "ERR_NO_SUCH_NODE";
}

/** The swarm has no such service. @category Errors */
export class NoSuchServiceError extends NoSuchSwarmObjectError {
  override name = "NoSuchServiceError";
  override readonly code = "ERR_NO_SUCH_SERVICE";
}

/** The swarm has no such task. @category Errors */
export class NoSuchTaskError extends NoSuchSwarmObjectError {
  override name = "NoSuchTaskError";
  override readonly code = "ERR_NO_SUCH_TASK";
}

/** The swarm has no such secret. @category Errors */
export class NoSuchSecretError extends NoSuchSwarmObjectError {
  override name = "NoSuchSecretError";
  override readonly code = "ERR_NO_SUCH_SECRET";
}

/** The swarm has no such config. @category Errors */
export class NoSuchConfigError extends NoSuchSwarmObjectError {
  override name = "NoSuchConfigError";
  override readonly code = "ERR_NO_SUCH_CONFIG";
}
