import { describe, expect, it } from "vitest";
import type { PruneImagesOptions } from "../../../lib/api/images/prune.js";
import { ConflictError } from "../../../lib/errors/api-error.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.pruneImages", () => {
  it.each<[PruneImagesOptions | undefined, string]>([
    [undefined, ""],
    [{}, ""],
    [{ filters: { dangling: false } }, "?filters=%7B%22dangling%22%3A%5B%22false%22%5D%7D"],
    [
      { filters: { until: "24h", label: ["a=b", "c"], "label!": "keep" } },
      "?filters=%7B%22until%22%3A%5B%2224h%22%5D%2C%22label%22%3A%5B%22a%3Db%22%2C%22c%22%5D%2C%22label%21%22%3A%5B%22keep%22%5D%7D",
    ],
  ])("sends %j", async (options, query) => {
    const body = { ImagesDeleted: null, SpaceReclaimed: 0 };
    const { client, lines } = await recordingDaemon({ body });
    expect(await client.pruneImages(options)).toEqual({ ImagesDeleted: [], SpaceReclaimed: 0 });
    expect(lines()).toEqual([`POST /v1.51/images/prune${query}`]);
  });

  it.each<[PruneImagesOptions, string]>([
    [{}, "1.24"],
    [{ filters: { until: "1h" } }, "1.27"],
    [{ filters: { label: "a" } }, "1.29"],
    [{ filters: { "label!": "a" } }, "1.29"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, lines } = await recordingDaemon({}, { apiVersion });
    await expect(client.pruneImages(options)).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it("rejects while another prune is running", async () => {
    const { client } = await recordingDaemon({ status: 409, body: { message: "a prune operation is already running" } });
    await expect(client.pruneImages()).rejects.toBeInstanceOf(ConflictError);
  });
});
