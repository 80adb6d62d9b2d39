import { describe, expect, it } from "vitest";
import { NoSuchSecretError } from "../../../lib/errors/swarm-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itMapsErrors, itMapsRoleErrors } from "../../support/swarm-refusals.js";

describe("Client.inspectSecret", () => {
  it("returns the response unchanged", async () => {
    const secret = { ID: "sg5v", Version: { Index: 11 }, Spec: { Name: "x", Labels: {} } };
    const { client, lines } = await recordingDaemon({ body: secret });
    expect(await client.inspectSecret({ id: "a b" })).toEqual(secret);
    expect(lines()).toEqual(["GET /v1.51/secrets/a%20b"]);
  });

  it("rejects an empty ID before anything is sent", async () => {
    const { client, requests } = await recordingDaemon();
    await expect(client.inspectSecret({ id: "" })).rejects.toThrow(NoSuchSecretError);
    expect(requests).toEqual([]);
  });

  it("is rejected in API 1.24", async () => {
    const { client } = await recordingDaemon({}, { apiVersion: "1.24" });
    await expect(client.inspectSecret({ id: "x" })).rejects.toThrow(UnsupportedVersionError);
  });

  itMapsRoleErrors((client) => client.inspectSecret({ id: "x" }));
  itMapsErrors(
    (client) => client.inspectSecret({ id: "x" }),
    [[404, "secret x not found", NoSuchSecretError, { id: "x", kind: "secret", operation: "inspectSecret" }]],
  );
});
