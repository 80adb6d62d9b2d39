import { describe } from "vitest";
import { failureWordings, missingWordings, nameWordings, roleWordings, stateWordings } from "../../../lib/core/errors/swarm.js";
import { provesEveryWording } from "../../support/wordings.js";

const manager = "You are attempting to leave the swarm on a node that is participating as a manager.";

describe("wordings for an engine's role", () => {
  provesEveryWording(
    roleWordings,
    [
      ["Docker 28", "Swarm is encrypted and needs to be unlocked before it can be used.", "SwarmLockedError"],
      [
        "Docker 28",
        "Swarm is encrypted and locked. Please unlock it first or use `--force` to ignore this message.",
        "SwarmLockedError",
      ],
      [
        "Docker 28",
        'This node is already part of a swarm. Use "docker swarm leave" to leave this swarm and join another one.',
        "NodeAlreadyInSwarmError",
      ],
      [
        "Docker 28",
        "Timeout was reached before node joined. The attempt to join the swarm will continue in the background.",
        "SwarmJoinTimeoutError",
      ],
      ["Docker 28", `${manager} Removing the last manager erases all current state of the swarm.`, "NodeIsManagerError"],
      [
        "Docker 28",
        "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state.",
        "NotASwarmManagerError",
      ],
      ["Docker 28", "This node is not part of a swarm", "NodeNotInSwarmError"],
      [
        "Docker 28",
        'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this',
        "NodeNotInSwarmError",
      ],
      ["Docker 28", "rpc error: code = Unavailable desc = all SubConns are in TransientFailure", "UnavailableError"],
    ],
    [],
    "UnavailableError",
  );
});

describe("wordings for an object's state", () => {
  const failed = "rpc error: code = FailedPrecondition desc =";
  provesEveryWording(
    stateWordings,
    [
      [
        "Docker 28",
        "rpc error: code = InvalidArgument desc = secret 'x' is in use by the following service: svc",
        "SwarmObjectInUseError",
      ],
      [
        "Docker 28",
        `${failed} node 2e4z is a cluster manager and must be demoted to worker before removal`,
        "NodeIsManagerError",
      ],
      ["Docker 28", `${failed} node 2e4z is not down and can't be removed`, "NodeNotDownError"],
      ["Docker 28", `${failed} attempting to demote the last manager of the swarm`, "ConflictError"],
      ["Docker 28", `${failed} can't remove member from the raft: this would result in a loss of quorum`, "ConflictError"],
      ["Docker 28", 'invalid Role: "x"', "BadRequestError"],
      ["Docker 28", "rpc error: code = InvalidArgument desc = only updates to Labels are allowed", "BadRequestError"],
    ],
    ["node", "2e4z"],
    "BadRequestError",
  );
});

describe("wordings for a failure", () => {
  provesEveryWording(
    failureWordings,
    [
      ["Docker 28", "rpc error: code = Unknown desc = update out of sequence", "VersionConflictError"],
      ["Docker 28", "Invalid role filter: 'y'", "BadRequestError"],
      ["Docker 28", "Invalid membership filter: 'y'", "BadRequestError"],
      ["Docker 28", "invalid base pool nonsense: invalid CIDR address: nonsense", "BadRequestError"],
      ["Docker 28", "Datapath port number is not in valid range (1024-49151) : 10", "BadRequestError"],
      ["Docker 28", "manager stopped: failed to listen on remote API address", "ServerError"],
    ],
    ["swarm", ""],
    "ServerError",
  );
});

describe("wordings for a name in use", () => {
  provesEveryWording(
    nameWordings,
    [
      ["Docker 28", "rpc error: code = AlreadyExists desc = secret x already exists", "SwarmObjectAlreadyExistsError"],
      ["Podman 5", "x: secret name in use", "SwarmObjectAlreadyExistsError"],
    ],
    ["secret", "x"],
    "ConflictError",
  );
});

describe("wordings for a missing object", () => {
  provesEveryWording(
    missingWordings("secret"),
    [
      ["Docker 28", "secret x not found", "NoSuchSecretError"],
      ["Podman 5", 'no secret with name or id "x": no such secret', "NoSuchSecretError"],
      ["no engine", "", "NoSuchSecretError"],
      ["Docker 28", "network x not found", "NotFoundError"],
    ],
    ["x"],
    "NotFoundError",
  );
});
