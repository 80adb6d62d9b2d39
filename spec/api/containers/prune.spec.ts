import { describe, expect, it } from "vitest";
import { BadRequestError, ConflictError } from "../../../lib/errors/api-error.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const pruned = { body: { ContainersDeleted: null, SpaceReclaimed: 0 } };

describe("Client.pruneContainers", () => {
  it.each([
    [undefined, ""],
    [{ filters: {} }, "?filters=%7B%7D"],
    [{ filters: { until: "10m" } }, `?filters=${encodeURIComponent('{"until":["10m"]}')}`],
    [
      { filters: { label: ["a", "b=c"], "label!": "d" } },
      `?filters=${encodeURIComponent('{"label":["a","b=c"],"label!":["d"]}').replace("!", "%21")}`,
    ],
  ])("sends %j as %s", async (options, query) => {
    const { client, lines } = await recordingDaemon(pruned);
    expect(await client.pruneContainers(options)).toEqual({ ContainersDeleted: [], SpaceReclaimed: 0 });
    expect(lines()).toEqual([`POST /v1.51/containers/prune${query}`]);
  });

  it.each([
    [{}, "1.24"],
    [{ filters: { until: "10m" } }, "1.27"],
    [{ filters: { label: "a" } }, "1.29"],
    [{ filters: { "label!": "a" } }, "1.29"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, requests } = await recordingDaemon(pruned, { apiVersion });
    await expect(client.pruneContainers(options)).rejects.toThrow(UnsupportedVersionError);
    expect(requests).toEqual([]);
  });

  it.each([
    [400, "Invalid filter 'colour'", BadRequestError],
    [409, "a prune operation is already running", ConflictError],
  ])("maps %i to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    await expect(client.pruneContainers()).rejects.toThrow(expected);
  });
});
