import { type ApiErrors, BadRequestError, ConflictError } from "../../errors/api-error.js";
import {
  NodeIsManagerError,
  NodeNotDownError,
  NoSuchConfigError,
  NoSuchNodeError,
  NoSuchSecretError,
  NoSuchServiceError,
  NoSuchSwarmObjectError,
  NoSuchTaskError,
  SwarmObjectAlreadyExistsError,
  SwarmObjectInUseError,
  type SwarmObjectKind,
  VersionConflictError,
} from "../../errors/swarm-errors.js";
import {
  NodeAlreadyInSwarmError,
  NodeNotInSwarmError,
  NotASwarmManagerError,
  SwarmJoinTimeoutError,
  SwarmLockedError,
} from "../../errors/swarm-membership-errors.js";
import { classifier, type Wording } from "../wordings.js";

/** The kind, and the ID or name, of the object that an error mentions. */
type Subject = [kind: SwarmObjectKind, id: string];

/** Wordings for operations that the engine's role in a swarm rules out: 503, or 406 before API 1.27. */
export const roleWordings: readonly Wording[] = [
  [/swarm is encrypted/i, "Docker 20+", (details) => new SwarmLockedError(details)],
  [/already part of a swarm/i, "Docker 20+", (details) => new NodeAlreadyInSwarmError(details)],
  [/timeout was reached before node joined/i, "Docker 20+", (details) => new SwarmJoinTimeoutError(details)],
  [/participating as a manager/i, "Docker 20+", (details) => new NodeIsManagerError(undefined, details)],
  [/worker nodes can't/i, "Docker 20+", (details) => new NotASwarmManagerError(details)],
  [/not part of a swarm/i, "Docker 20+", (details) => new NodeNotInSwarmError(details)],
  [/not a swarm manager/i, "Docker 20+", (details) => new NodeNotInSwarmError(details)],
];

/** Wordings for objects in a state that rules the operation out: 400, as for invalid input. */
export const stateWordings: readonly Wording<Subject>[] = [
  [/is in use by/i, "Docker 20+", (details, kind, id) => new SwarmObjectInUseError(kind, id, details)],
  [/must be demoted/i, "Docker 20+", (details, _kind, id) => new NodeIsManagerError(id, details)],
  [/is not down/i, "Docker 20+", (details, _kind, id) => new NodeNotDownError(id, details)],
  [/demote the last manager/i, "Docker 20+", (details) => new ConflictError(details)],
  [/loss of quorum/i, "Docker 20+", (details) => new ConflictError(details)],
];

/** Wordings for outdated versions and invalid input that Docker reports with 500. */
export const failureWordings: readonly Wording<Subject>[] = [
  [/update out of sequence/i, "Docker 20+", (details, kind, id) => new VersionConflictError(kind, id, details)],
  [/^invalid role filter/i, "Docker 20+", (details) => new BadRequestError(details)],
  [/^invalid membership filter/i, "Docker 20+", (details) => new BadRequestError(details)],
  [/^invalid base pool/i, "Docker 20+", (details) => new BadRequestError(details)],
  [/is not in valid range/i, "Docker 20+", (details) => new BadRequestError(details)],
];

/** Wordings for names that another object of the same kind already has: 409. */
export const nameWordings: readonly Wording<Subject>[] = [
  [/already exists/i, "Docker 20+", (details, kind, name) => new SwarmObjectAlreadyExistsError(kind, name, details)],
  [/name in use/i, "Podman 4+", (details, kind, name) => new SwarmObjectAlreadyExistsError(kind, name, details)],
];

const missing: Partial<Record<SwarmObjectKind, typeof NoSuchSwarmObjectError>> = {
  node: NoSuchNodeError,
  service: NoSuchServiceError,
  task: NoSuchTaskError,
  secret: NoSuchSecretError,
  config: NoSuchConfigError,
};

/**
 * Wordings for a missing object of one kind: 404, as for a missing network or driver that the operation needs.
 *
 * @param kind - kind of the object.
 */
export function missingWordings(kind: SwarmObjectKind): readonly Wording<[id: string]>[] {
  const Missing = missing[kind] ?? NoSuchSwarmObjectError;
  const make: Wording<[id: string]>[2] = (details, id) => new Missing(kind, id, details);
  return [
    [new RegExp(`\\b${kind}\\b.* not found`, "i"), "Docker 20+", make],
    [new RegExp(`no such ${kind}`, "i"), "Podman 4+", make],
    [/^(?:status 404)?$/, "responses without a message", make],
  ];
}

const role = classifier(roleWordings)();
const refusedState = classifier(stateWordings);
const failure = classifier(failureWordings);
const nameTaken = classifier(nameWordings);

/** The errors of an operation that the engine's role in a swarm may rule out. */
export const swarmRoleErrors: ApiErrors = { 406: role, 503: role };

/**
 * The errors of an operation on one object of a swarm.
 *
 * @param kind - kind of the object.
 * @param id - the requested ID or name.
 */
export const swarmObjectErrors = (kind: SwarmObjectKind, id: string): ApiErrors => ({
  ...swarmRoleErrors,
  400: refusedState(kind, id),
  404: classifier(missingWordings(kind))(id),
  409: nameTaken(kind, id),
  500: failure(kind, id),
});

/**
 * The errors of an operation that creates an object of a swarm.
 *
 * @param kind - kind of the object.
 * @param name - its name.
 */
export const swarmCreationErrors = (kind: SwarmObjectKind, name: string): ApiErrors => ({
  ...swarmRoleErrors,
  409: nameTaken(kind, name),
});

/** The errors of an operation on the swarm itself. */
export const swarmErrors: ApiErrors = { ...swarmRoleErrors, 404: role, 500: failure("swarm", "") };
