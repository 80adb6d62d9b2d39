import { describe, expect, it } from "vitest";
import type { ListSecretsFilters } from "../../../lib/api/secrets/list.js";
import { BadRequestError } from "../../../lib/errors/api-error.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itMapsErrors, itMapsRoleErrors } from "../../support/swarm-refusals.js";

describe("Client.listSecrets", () => {
  it.each<[ListSecretsFilters | undefined, object | undefined]>([
    [undefined, undefined],
    [{ id: "sg5v" }, { id: ["sg5v"] }],
    [{ label: ["a=b", "c"] }, { label: ["a=b", "c"] }],
    [{ name: "x" }, { name: ["x"] }],
    [{ names: ["x", "y"] }, { names: ["x", "y"] }],
  ])("sends filters %j", async (filters, expected) => {
    const secrets = [{ ID: "sg5v", Version: { Index: 11 }, Spec: { Name: "x", Labels: {} } }];
    const { client, lines } = await recordingDaemon({ body: secrets });
    expect(await client.listSecrets(filters && { filters })).toEqual(secrets);
    const query = expected ? `?filters=${encodeURIComponent(JSON.stringify(expected))}` : "";
    expect(lines()).toEqual([`GET /v1.51/secrets${query}`]);
  });

  it.each(["id", "label", "name"])("rejects the filter %s in API 1.28", async (filter) => {
    const { client, requests } = await recordingDaemon({}, { apiVersion: "1.28" });
    await expect(client.listSecrets({ filters: { [filter]: "x" } })).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  it("is rejected in API 1.24", async () => {
    const { client } = await recordingDaemon({}, { apiVersion: "1.24" });
    await expect(client.listSecrets()).rejects.toThrow(UnsupportedVersionError);
  });

  itMapsRoleErrors((client) => client.listSecrets());
  itMapsErrors((client) => client.listSecrets(), [[400, "Invalid filter 'x'", BadRequestError]]);
});
