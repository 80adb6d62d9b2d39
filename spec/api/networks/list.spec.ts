import { describe, expect, it } from "vitest";
import type { ListNetworksOptions } from "../../../lib/api/networks/list.js";
import { BadRequestError } from "../../../lib/errors/api-error.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { NetworkDriver, NetworkScope } from "../../../lib/types/network.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const filtersOf = (line: string | undefined): unknown =>
  JSON.parse(new URLSearchParams((line ?? "").split("?")[1]).get("filters") ?? "null");

describe("Client.listNetworks", () => {
  it("sends no query by default", async () => {
    const body = [{ Name: "bridge", Id: "b1", Containers: null, Labels: null }];
    const { client, lines } = await recordingDaemon({ body });
    expect(await client.listNetworks()).toEqual([{ Name: "bridge", Id: "b1", Containers: {}, Labels: {} }]);
    await client.listNetworks({});
    expect(lines()).toEqual(["GET /v1.51/networks", "GET /v1.51/networks"]);
  });

  it("sends every filter", async () => {
    const { client, lines } = await recordingDaemon({ body: [] });
    await client.listNetworks({
      filters: {
        dangling: true,
        driver: [NetworkDriver.Bridge, "weave"],
        id: "4f",
        label: ["a=b", "c"],
        name: "shop",
        scope: NetworkScope.Local,
        type: "custom",
      },
    });
    expect(filtersOf(lines()[0])).toEqual({
      dangling: ["true"],
      driver: ["bridge", "weave"],
      id: ["4f"],
      label: ["a=b", "c"],
      name: ["shop"],
      scope: ["local"],
      type: ["custom"],
    });
  });

  it("has the alias filteredListNetworks", async () => {
    const { client, lines } = await recordingDaemon({ body: [] });
    expect(await client.filteredListNetworks({ filters: { name: "a" } })).toEqual([]);
    expect(lines()).toEqual(["GET /v1.51/networks?filters=%7B%22name%22%3A%5B%22a%22%5D%7D"]);
  });

  it.each<[ListNetworksOptions, string]>([
    [{ filters: { dangling: false } }, "1.39"],
    [{ filters: { scope: "swarm" } }, "1.28"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, lines } = await recordingDaemon({}, { apiVersion });
    await expect(client.listNetworks(options)).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it("rejects an invalid filter value", async () => {
    const { client } = await recordingDaemon({ status: 400, body: { message: "invalid value for filter 'dangling'" } });
    await expect(client.listNetworks({ filters: { dangling: "maybe" } })).rejects.toBeInstanceOf(BadRequestError);
  });
});
