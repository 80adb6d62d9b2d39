import { describe, expect, it } from "vitest";
import type { ListVolumesOptions } from "../../../lib/api/volumes/list.js";
import { BadRequestError } from "../../../lib/errors/api-error.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.listVolumes", () => {
  it.each<[ListVolumesOptions | undefined, string]>([
    [undefined, ""],
    [{}, ""],
    [
      { filters: { dangling: false, driver: "local", label: ["a=b", "c"], name: "data" } },
      "?filters=%7B%22dangling%22%3A%5B%22false%22%5D%2C%22driver%22%3A%5B%22local%22%5D%2C%22label%22%3A%5B%22a%3Db%22%2C%22c%22%5D%2C%22name%22%3A%5B%22data%22%5D%7D",
    ],
  ])("sends %j", async (options, query) => {
    const body = { Volumes: [{ Name: "data", Labels: null }], Warnings: null };
    const { client, lines } = await recordingDaemon({ body });
    expect(await client.listVolumes(options)).toEqual({ Volumes: [{ Name: "data", Labels: {} }], Warnings: [] });
    expect(lines()).toEqual([`GET /v1.51/volumes${query}`]);
  });

  it("rejects the filter label in API 1.26", async () => {
    const { client, lines } = await recordingDaemon({}, { apiVersion: "1.26" });
    await expect(client.listVolumes({ filters: { label: "a" } })).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it("rejects an invalid filter value", async () => {
    const { client } = await recordingDaemon({ status: 400, body: { message: "invalid filter 'dangling=[maybe]'" } });
    await expect(client.listVolumes({ filters: { dangling: "maybe" } })).rejects.toBeInstanceOf(BadRequestError);
  });
});
