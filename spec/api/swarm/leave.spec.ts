import { describe, expect, it } from "vitest";
import { NodeIsManagerError } from "../../../lib/errors/swarm-errors.js";
import { NodeNotInSwarmError, SwarmLockedError } from "../../../lib/errors/swarm-membership-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itMapsErrors, itMapsRoleErrors } from "../../support/swarm-refusals.js";

describe("Client.leaveSwarm", () => {
  it.each([
    [undefined, ""],
    [{}, ""],
    [{ force: undefined }, ""],
    [{ force: true }, "?force=1"],
    [{ force: false }, "?force=0"],
  ])("sends %j as %j", async (options, query) => {
    const { client, lines } = await recordingDaemon();
    await client.leaveSwarm(options);
    expect(lines()).toEqual([`POST /v1.51/swarm/leave${query}`]);
  });

  itMapsRoleErrors((client) => client.leaveSwarm());
  const manager = "You are attempting to leave the swarm on a node that is participating as a manager.";
  itMapsErrors(
    (client) => client.leaveSwarm(),
    [
      [503, "This node is not part of a swarm", NodeNotInSwarmError],
      [503, `${manager} Removing the last manager erases all current state of the swarm.`, NodeIsManagerError, { id: undefined }],
      [503, "Swarm is encrypted and locked. Please unlock it first or use `--force` to ignore this message.", SwarmLockedError],
    ],
  );
});
