import { describe, expect, it } from "vitest";
import type { ListServicesOptions } from "../../../lib/api/services/list.js";
import { BadRequestError } from "../../../lib/errors/api-error.js";
import { NodeNotInSwarmError, NotASwarmManagerError, SwarmLockedError } from "../../../lib/errors/swarm-membership-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.listServices", () => {
  it.each<[ListServicesOptions | undefined, string]>([
    [undefined, ""],
    [{}, ""],
    [{ status: true }, "?status=1"],
    [{ status: false }, "?status=0"],
    [{ filters: { name: "web", mode: ["global", "replicated"] } }, '?filters={"name":["web"],"mode":["global","replicated"]}'],
    [
      { filters: { id: "s1", label: ["a", "b=c"], runtime: "plugin" } },
      '?filters={"id":["s1"],"label":["a","b=c"],"runtime":["plugin"]}',
    ],
  ])("sends %j", async (options, query) => {
    const { client, lines } = await recordingDaemon({ body: [{ ID: "s1" }] });
    expect(await client.listServices(options)).toEqual([{ ID: "s1" }]);
    expect(lines().map(decodeURIComponent)).toEqual([`GET /v1.51/services${query}`]);
  });

  it("returns an empty list when the engine responds with null", async () => {
    const { client } = await recordingDaemon({ body: "null" });
    expect(await client.listServices()).toEqual([]);
  });

  it.each<[ListServicesOptions, string]>([
    [{ status: true }, "1.40"],
    [{ filters: { mode: "global" } }, "1.28"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, requests } = await recordingDaemon({ body: [] }, { apiVersion });
    await expect(client.listServices(options)).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  it("rejects an invalid filter value", async () => {
    const { client } = await recordingDaemon();
    const filters = { name: { web: true } } as unknown as ListServicesOptions["filters"];
    await expect(client.listServices({ filters })).rejects.toThrow(InvalidOptionError);
  });

  it.each([
    [400, "Invalid filter 'x'", BadRequestError],
    [503, 'This node is not a swarm manager. Use "docker swarm init"', NodeNotInSwarmError],
    [406, "This node is not part of a swarm", NodeNotInSwarmError],
    [503, "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state.", NotASwarmManagerError],
    [503, "Swarm is encrypted and needs to be unlocked before it can be used.", SwarmLockedError],
  ])("maps %i %s to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    await expect(client.listServices()).rejects.toThrow(expected);
  });
});
