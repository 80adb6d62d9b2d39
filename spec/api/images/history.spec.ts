import { describe, expect, it } from "vitest";
import { NoSuchImageError } from "../../../lib/errors/image-errors.js";
import { UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

describe("Client.imageHistory", () => {
  it.each([
    [{ name: "a/b" }, ""],
    [
      { name: "a/b", platform: { os: "linux", architecture: "arm", variant: "v7" } },
      "?platform=%7B%22os%22%3A%22linux%22%2C%22architecture%22%3A%22arm%22%2C%22variant%22%3A%22v7%22%7D",
    ],
  ])("sends %j", async (options, query) => {
    const body = [{ Id: "<missing>", Created: 1, CreatedBy: "CMD", Tags: null, Size: 0, Comment: "" }];
    const { client, lines } = await recordingDaemon({ body });
    expect(await client.imageHistory(options)).toEqual([{ ...body[0], Tags: [] }]);
    expect(lines()).toEqual([`GET /v1.51/images/a/b/history${query}`]);
  });

  it("rejects a platform before API 1.48", async () => {
    const { client, lines } = await recordingDaemon({}, { apiVersion: "1.47" });
    await expect(client.imageHistory({ name: "x", platform: "linux/arm64" })).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it.each(["nosuch", ""])("rejects the missing image %j", async (name) => {
    const { client } = await recordingDaemon({ status: 404, body: { message: "No such image: nosuch:latest" } });
    const error = await client.imageHistory({ name }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchImageError);
    expect(error).toMatchObject({ image: name, operation: "imageHistory" });
  });
});
