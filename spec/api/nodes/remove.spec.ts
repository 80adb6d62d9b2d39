import { describe, expect, it } from "vitest";
import { NodeIsManagerError, NodeNotDownError, NoSuchNodeError } from "../../../lib/errors/swarm-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itMapsErrors, itMapsRoleErrors } from "../../support/swarm-refusals.js";

describe("Client.removeNode", () => {
  it.each([
    [undefined, ""],
    [true, "?force=1"],
    [false, "?force=0"],
  ])("sends force: %s as %j", async (force, query) => {
    const { client, lines } = await recordingDaemon();
    await client.removeNode({ id: "vm/1", force });
    expect(lines()).toEqual([`DELETE /v1.51/nodes/vm%2F1${query}`]);
  });

  itMapsRoleErrors((client) => client.removeNode({ id: "vm" }));
  const precondition = "rpc error: code = FailedPrecondition desc = node 2e4z";
  itMapsErrors(
    (client) => client.removeNode({ id: "vm" }),
    [
      [404, "node vm not found", NoSuchNodeError, { id: "vm" }],
      [
        400,
        `${precondition} is a cluster manager and must be demoted to worker before removal`,
        NodeIsManagerError,
        { id: "vm" },
      ],
      [400, `${precondition} is not down and can't be removed`, NodeNotDownError, { id: "vm" }],
    ],
  );
});
