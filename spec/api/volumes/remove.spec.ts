import { describe, expect, it } from "vitest";
import type { RemoveVolumeOptions } from "../../../lib/api/volumes/remove.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { NoSuchVolumeError, VolumeInUseError } from "../../../lib/errors/volume-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.removeVolume", () => {
  it.each<[RemoveVolumeOptions, string]>([
    [{ name: "a b" }, "a%20b"],
    [{ name: "data", force: true }, "data?force=1"],
    [{ name: "data", force: false }, "data?force=0"],
  ])("sends %j", async (options, path) => {
    const { client, lines } = await recordingDaemon({ status: 204 });
    await client.removeVolume(options);
    expect(lines()).toEqual([`DELETE /v1.51/volumes/${path}`]);
  });

  it("rejects force in API 1.24", async () => {
    const { client, lines } = await recordingDaemon({}, { apiVersion: "1.24" });
    await expect(client.removeVolume({ name: "data", force: true })).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it.each([
    [404, "get data: no such volume", NoSuchVolumeError],
    [409, "remove data: volume is in use - [4f]", VolumeInUseError],
    [409, "volume data is being used by the following container(s): 4f: volume is being used", VolumeInUseError],
  ])("maps %i %s to a typed error", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const error = await client.removeVolume({ name: "data" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, volume: "data", reason: message, operation: "removeVolume" });
  });

  it("rejects an empty name before anything is sent", async () => {
    const { client, lines } = await recordingDaemon();
    await expect(client.removeVolume({ name: "" })).rejects.toBeInstanceOf(NoSuchVolumeError);
    expect(lines()).toEqual([]);
  });
});
