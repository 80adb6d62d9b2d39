import { swarmRoleErrors } from "../../core/errors/swarm.js";
import { classifier, type Wording } from "../../core/wordings.js";
import type { ApiErrors } from "../../errors/api-error.js";
import { InvalidJoinTokenError, InvalidUnlockKeyError, SwarmNotLockedError } from "../../errors/swarm-membership-errors.js";

/** Messages for an invalid join token: 400 from the manager, 500 from the joining engine. */
export const joinWordings: readonly Wording[] = [
  [/invalid join token/i, "Docker 20+", (details) => new InvalidJoinTokenError(details)],
  [/a valid join token is necessary/i, "Docker 20+", (details) => new InvalidJoinTokenError(details)],
  [/does not match fingerprint/i, "Docker 20+", (details) => new InvalidJoinTokenError(details)],
];

const invalidToken = classifier(joinWordings)();

/** The errors that joining a swarm can cause. */
export const swarmJoinErrors: ApiErrors = { ...swarmRoleErrors, 400: invalidToken, 500: invalidToken };

/** The errors that unlocking a swarm can cause. */
export const swarmUnlockErrors: ApiErrors = {
  ...swarmRoleErrors,
  400: (details) => new InvalidUnlockKeyError(details),
  401: (details) => new InvalidUnlockKeyError(details),
  409: (details) => new SwarmNotLockedError(details),
};
