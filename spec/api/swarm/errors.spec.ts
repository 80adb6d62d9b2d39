import { describe } from "vitest";
import { joinWordings } from "../../../lib/api/swarm/errors.js";
import { provesEveryWording } from "../../support/wordings.js";

describe("wordings for a rejected join token", () => {
  provesEveryWording(
    joinWordings,
    [
      ["Docker 28", "invalid join token", "InvalidJoinTokenError"],
      [
        "Docker 28",
        "rpc error: code = InvalidArgument desc = A valid join token is necessary to join this cluster",
        "InvalidJoinTokenError",
      ],
      ["Docker 28", "remote CA does not match fingerprint. Expected: 64d27e20", "InvalidJoinTokenError"],
      ["Docker 28", "manager stopped", "ServerError"],
    ],
    [],
    "ServerError",
  );
});
