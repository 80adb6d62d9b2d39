import { describe, expect, it } from "vitest";
import { NoSuchConfigError, SwarmObjectInUseError } from "../../../lib/errors/swarm-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itMapsErrors, itMapsRoleErrors } from "../../support/swarm-refusals.js";

describe("Client.removeConfig", () => {
  it("sends the ID", async () => {
    const { client, lines } = await recordingDaemon({ status: 204 });
    await client.removeConfig({ id: "a b" });
    expect(lines()).toEqual(["DELETE /v1.51/configs/a%20b"]);
  });

  it("is rejected in API 1.29", async () => {
    const { client } = await recordingDaemon({}, { apiVersion: "1.29" });
    await expect(client.removeConfig({ id: "x" })).rejects.toThrow(UnsupportedVersionError);
  });

  itMapsRoleErrors((client) => client.removeConfig({ id: "x" }));
  const inUse = "rpc error: code = InvalidArgument desc = config 'x' is in use by the following service: svc";
  itMapsErrors(
    (client) => client.removeConfig({ id: "x" }),
    [
      [404, "config x not found", NoSuchConfigError, { id: "x" }],
      [400, inUse, SwarmObjectInUseError, { id: "x", kind: "config" }],
    ],
  );
});
