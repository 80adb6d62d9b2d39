import { describe } from "vitest";
import type { UpdateNodeOptions } from "../../../lib/api/nodes/update.js";
import { BadRequestError, ConflictError } from "../../../lib/errors/api-error.js";
import { NoSuchNodeError } from "../../../lib/errors/swarm-errors.js";
import { itMapsErrors, itMapsRoleErrors, itUpdates } from "../../support/swarm-refusals.js";

describe("Client.updateNode", () => {
  itUpdates("/nodes/a%20b", "node", (client, wanted) => client.updateNode({ id: "a b", ...wanted } as UpdateNodeOptions));

  const update: UpdateNodeOptions = { id: "vm", version: 9, spec: { Role: "worker", Availability: "active" } };
  itMapsRoleErrors((client) => client.updateNode(update));
  itMapsErrors(
    (client) => client.updateNode(update),
    [
      [404, "node vm not found", NoSuchNodeError, { id: "vm" }],
      [400, "rpc error: code = FailedPrecondition desc = attempting to demote the last manager of the swarm", ConflictError],
      [
        400,
        "rpc error: code = FailedPrecondition desc = can't remove member from the raft: this would result in a loss of quorum",
        ConflictError,
      ],
      [400, 'invalid Role: "x"', BadRequestError],
    ],
  );
});
