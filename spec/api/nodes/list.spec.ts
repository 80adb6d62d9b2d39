import { describe, expect, it } from "vitest";
import type { ListNodesFilters } from "../../../lib/api/nodes/list.js";
import { BadRequestError } from "../../../lib/errors/api-error.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";
import { itMapsErrors, itMapsRoleErrors } from "../../support/swarm-refusals.js";

describe("Client.listNodes", () => {
  it.each<[ListNodesFilters | undefined, object | undefined]>([
    [undefined, undefined],
    [{ id: "2e4z" }, { id: ["2e4z"] }],
    [{ label: ["a=b", "c"] }, { label: ["a=b", "c"] }],
    [{ membership: "pending" }, { membership: ["pending"] }],
    [{ name: "vm" }, { name: ["vm"] }],
    [{ "node.label": "disk=ssd" }, { "node.label": ["disk=ssd"] }],
    [{ role: ["manager", "worker"] }, { role: ["manager", "worker"] }],
  ])("sends filters %j", async (filters, expected) => {
    const nodes = [{ ID: "2e4z", Version: { Index: 9 }, Spec: { Role: "manager", Availability: "active" } }];
    const { client, lines } = await recordingDaemon({ body: nodes });
    expect(await client.listNodes(filters && { filters })).toEqual(nodes);
    const query = expected ? `?filters=${encodeURIComponent(JSON.stringify(expected))}` : "";
    expect(lines()).toEqual([`GET /v1.51/nodes${query}`]);
  });

  it("rejects the filter node.label in API 1.39", async () => {
    const { client, requests } = await recordingDaemon({}, { apiVersion: "1.39" });
    await expect(client.listNodes({ filters: { "node.label": "a" } })).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  itMapsRoleErrors((client) => client.listNodes());
  itMapsErrors(
    (client) => client.listNodes(),
    [
      [400, "Invalid filter 'x'", BadRequestError],
      [500, "Invalid role filter: 'y'", BadRequestError],
      [500, "Invalid membership filter: 'y'", BadRequestError],
    ],
  );
});
