import { describe, expect, it } from "vitest";
import type { PruneVolumesOptions } from "../../../lib/api/volumes/prune.js";
import { ConflictError } from "../../../lib/errors/api-error.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.pruneVolumes", () => {
  it.each<[PruneVolumesOptions | undefined, string]>([
    [undefined, ""],
    [{}, ""],
    [
      { filters: { all: true, label: ["a=b", "c"], "label!": "keep" } },
      "?filters=%7B%22all%22%3A%5B%22true%22%5D%2C%22label%22%3A%5B%22a%3Db%22%2C%22c%22%5D%2C%22label%21%22%3A%5B%22keep%22%5D%7D",
    ],
  ])("sends %j", async (options, query) => {
    const body = { VolumesDeleted: null, SpaceReclaimed: 0 };
    const { client, lines } = await recordingDaemon({ body });
    expect(await client.pruneVolumes(options)).toEqual({ VolumesDeleted: [], SpaceReclaimed: 0 });
    expect(lines()).toEqual([`POST /v1.51/volumes/prune${query}`]);
  });

  it.each<[PruneVolumesOptions, string]>([
    [{}, "1.24"],
    [{ filters: { all: true } }, "1.41"],
    [{ filters: { label: "a" } }, "1.29"],
    [{ filters: { "label!": "a" } }, "1.29"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, lines } = await recordingDaemon({}, { apiVersion });
    await expect(client.pruneVolumes(options)).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it("rejects while another prune is running", async () => {
    const { client } = await recordingDaemon({ status: 409, body: { message: "a prune operation is already running" } });
    await expect(client.pruneVolumes()).rejects.toBeInstanceOf(ConflictError);
  });
});
