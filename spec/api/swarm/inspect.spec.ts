import { describe, expect, it } from "vitest";
import { NodeNotInSwarmError } from "../../../lib/errors/swarm-membership-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itMapsErrors, itMapsRoleErrors } from "../../support/swarm-refusals.js";

describe("Client.inspectSwarm", () => {
  it("returns the response unchanged", async () => {
    const answer = { ID: "dxxc", Version: { Index: 10 }, Spec: { Name: "default" }, JoinTokens: { Worker: "w", Manager: "m" } };
    const { client, lines } = await recordingDaemon({ body: answer });
    expect(await client.inspectSwarm()).toEqual(answer);
    expect(lines()).toEqual(["GET /v1.51/swarm"]);
  });

  itMapsRoleErrors((client) => client.inspectSwarm());
  itMapsErrors((client) => client.inspectSwarm(), [[404, "This node is not part of a swarm", NodeNotInSwarmError]]);
});
