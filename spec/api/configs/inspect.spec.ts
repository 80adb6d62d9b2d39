import { describe, expect, it } from "vitest";
import { NoSuchConfigError } from "../../../lib/errors/swarm-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itMapsErrors, itMapsRoleErrors } from "../../support/swarm-refusals.js";

describe("Client.inspectConfig", () => {
  it("returns the response unchanged", async () => {
    const config = { ID: "sg5v", Version: { Index: 11 }, Spec: { Name: "x", Labels: {} } };
    const { client, lines } = await recordingDaemon({ body: config });
    expect(await client.inspectConfig({ id: "a b" })).toEqual(config);
    expect(lines()).toEqual(["GET /v1.51/configs/a%20b"]);
  });

  it("rejects an empty ID before anything is sent", async () => {
    const { client, requests } = await recordingDaemon();
    await expect(client.inspectConfig({ id: "" })).rejects.toThrow(NoSuchConfigError);
    expect(requests).toEqual([]);
  });

  it("is rejected in API 1.29", async () => {
    const { client } = await recordingDaemon({}, { apiVersion: "1.29" });
    await expect(client.inspectConfig({ id: "x" })).rejects.toThrow(UnsupportedVersionError);
  });

  itMapsRoleErrors((client) => client.inspectConfig({ id: "x" }));
  itMapsErrors(
    (client) => client.inspectConfig({ id: "x" }),
    [[404, "config x not found", NoSuchConfigError, { id: "x", kind: "config", operation: "inspectConfig" }]],
  );
});
