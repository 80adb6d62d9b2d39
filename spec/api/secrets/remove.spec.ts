import { describe, expect, it } from "vitest";
import { NoSuchSecretError, SwarmObjectInUseError } from "../../../lib/errors/swarm-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itMapsErrors, itMapsRoleErrors } from "../../support/swarm-refusals.js";

describe("Client.removeSecret", () => {
  it("sends the ID", async () => {
    const { client, lines } = await recordingDaemon({ status: 204 });
    await client.removeSecret({ id: "a b" });
    expect(lines()).toEqual(["DELETE /v1.51/secrets/a%20b"]);
  });

  it("is rejected in API 1.24", async () => {
    const { client } = await recordingDaemon({}, { apiVersion: "1.24" });
    await expect(client.removeSecret({ id: "x" })).rejects.toThrow(UnsupportedVersionError);
  });

  itMapsRoleErrors((client) => client.removeSecret({ id: "x" }));
  const inUse = "rpc error: code = InvalidArgument desc = secret 'x' is in use by the following service: svc";
  itMapsErrors(
    (client) => client.removeSecret({ id: "x" }),
    [
      [404, "secret x not found", NoSuchSecretError, { id: "x" }],
      [400, inUse, SwarmObjectInUseError, { id: "x", kind: "secret" }],
    ],
  );
});
