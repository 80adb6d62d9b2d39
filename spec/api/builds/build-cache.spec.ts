import { describe, expect, it } from "vitest";
import type { PruneBuildsOptions } from "../../../lib/api/builds/build-cache.js";
import { BadRequestError, ConflictError } from "../../../lib/errors/api-error.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.pruneBuilds", () => {
  it.each<[PruneBuildsOptions | undefined, string]>([
    [undefined, ""],
    [{ all: true }, "?all=1"],
    [{ keepStorage: 1000 }, "?keep-storage=1000"],
    [{ reservedSpace: 1, maxUsedSpace: 2, minFreeSpace: 3 }, "?max-used-space=2&min-free-space=3&reserved-space=1"],
    [{ filters: { until: "24h" } }, "?filters=%7B%22until%22%3A%5B%2224h%22%5D%7D"],
    [
      { filters: { id: "a", parent: "b", type: ["regular"], description: "c", inuse: false, shared: true, private: true } },
      `?filters=${encodeURIComponent('{"id":["a"],"parent":["b"],"type":["regular"],"description":["c"],"inuse":["false"],"shared":["true"],"private":["true"]}')}`,
    ],
  ])("sends %j", async (options, query) => {
    const body = { CachesDeleted: null, SpaceReclaimed: 0 };
    const { client, lines } = await recordingDaemon({ body });
    expect(await client.pruneBuilds(options)).toEqual({ CachesDeleted: [], SpaceReclaimed: 0 });
    expect(lines()).toEqual([`POST /v1.51/build/prune${query}`]);
  });

  it.each<[PruneBuildsOptions, string]>([
    [{}, "1.30"],
    [{ all: true }, "1.38"],
    [{ filters: { until: "1h" } }, "1.38"],
    [{ keepStorage: 1 }, "1.38"],
    [{ keepStorage: 1 }, "1.52"],
    [{ reservedSpace: 1 }, "1.47"],
    [{ maxUsedSpace: 1 }, "1.47"],
    [{ minFreeSpace: 1 }, "1.47"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, lines } = await recordingDaemon({}, { apiVersion });
    await expect(client.pruneBuilds(options)).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it.each([
    [409, "a prune operation is already running", ConflictError],
    [400, "invalid filter", BadRequestError],
  ])("maps %i to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    await expect(client.pruneBuilds()).rejects.toBeInstanceOf(expected);
  });
});

describe("Client.cancelBuild", () => {
  it("sends the ID", async () => {
    const { client, lines } = await recordingDaemon();
    await client.cancelBuild({ id: "a b" });
    expect(lines()).toEqual(["POST /v1.51/build/cancel?id=a+b"]);
  });

  it("rejects an empty ID", async () => {
    const { client, lines } = await recordingDaemon();
    const error = await client.cancelBuild({ id: "" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option: "id", operation: "cancelBuild" });
    expect(lines()).toEqual([]);
  });

  it("requires API 1.39", async () => {
    const { client, lines } = await recordingDaemon({}, { apiVersion: "1.38" });
    await expect(client.cancelBuild({ id: "x" })).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });
});
