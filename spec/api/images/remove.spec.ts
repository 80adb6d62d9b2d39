import { describe, expect, it } from "vitest";
import type { RemoveImageOptions } from "../../../lib/api/images/remove.js";
import { ImageInUseError, NoSuchImageError } from "../../../lib/errors/image-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const amd = "%7B%22os%22%3A%22linux%22%2C%22architecture%22%3A%22amd64%22%7D";
const arm = "%7B%22os%22%3A%22linux%22%2C%22architecture%22%3A%22arm64%22%7D";

describe("Client.removeImage", () => {
  it.each<[RemoveImageOptions, string]>([
    [{ name: "a/b:1" }, ""],
    [{ name: "a/b:1", force: true }, "?force=1"],
    [{ name: "a/b:1", force: false, noPrune: true }, "?force=0&noprune=1"],
    [{ name: "a/b:1", platforms: "linux/amd64" }, `?platforms=${amd}`],
    [{ name: "a/b:1", platforms: ["linux/amd64", "linux/arm64"] }, `?platforms=${amd}&platforms=${arm}`],
  ])("sends %j", async (options, query) => {
    const body = [{ Untagged: "a/b:1" }, { Deleted: "sha256:1" }];
    const { client, lines } = await recordingDaemon({ body });
    expect(await client.removeImage(options)).toEqual(body);
    expect(lines()).toEqual([`DELETE /v1.51/images/a/b:1${query}`]);
  });

  it("rejects platforms before API 1.50", async () => {
    const { client, lines } = await recordingDaemon({}, { apiVersion: "1.49" });
    const removed = client.removeImage({ name: "x", platforms: ["linux/amd64"] });
    await expect(removed).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it.each([
    [404, "No such image: x:latest", NoSuchImageError, "no such image: x"],
    [409, "conflict: unable to remove", ImageInUseError, "image is in use: x (conflict: unable to remove)"],
  ])("maps %i to a typed error", async (status, reason, expected, message) => {
    const { client } = await recordingDaemon({ status, body: { message: reason } });
    const error = await client.removeImage({ name: "x" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, image: "x", reason, message, operation: "removeImage" });
  });

  it("reports an empty name as a missing image", async () => {
    const { client, lines } = await recordingDaemon();
    await expect(client.removeImage({ name: "" })).rejects.toBeInstanceOf(NoSuchImageError);
    expect(lines()).toEqual([]);
  });
});
