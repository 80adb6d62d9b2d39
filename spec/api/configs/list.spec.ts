import { describe, expect, it } from "vitest";
import type { ListConfigsFilters } from "../../../lib/api/configs/list.js";
import { BadRequestError } from "../../../lib/errors/api-error.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itMapsErrors, itMapsRoleErrors } from "../../support/swarm-refusals.js";

describe("Client.listConfigs", () => {
  it.each<[ListConfigsFilters | undefined, object | undefined]>([
    [undefined, undefined],
    [{ id: "sg5v" }, { id: ["sg5v"] }],
    [{ label: ["a=b", "c"] }, { label: ["a=b", "c"] }],
    [{ name: "x" }, { name: ["x"] }],
    [{ names: ["x", "y"] }, { names: ["x", "y"] }],
  ])("sends filters %j", async (filters, expected) => {
    const configs = [{ ID: "sg5v", Version: { Index: 11 }, Spec: { Name: "x", Labels: {} } }];
    const { client, lines } = await recordingDaemon({ body: configs });
    expect(await client.listConfigs(filters && { filters })).toEqual(configs);
    const query = expected ? `?filters=${encodeURIComponent(JSON.stringify(expected))}` : "";
    expect(lines()).toEqual([`GET /v1.51/configs${query}`]);
  });

  it("is rejected in API 1.29", async () => {
    const { client } = await recordingDaemon({}, { apiVersion: "1.29" });
    await expect(client.listConfigs()).rejects.toThrow(UnsupportedVersionError);
  });

  itMapsRoleErrors((client) => client.listConfigs());
  itMapsErrors((client) => client.listConfigs(), [[400, "Invalid filter 'x'", BadRequestError]]);
});
