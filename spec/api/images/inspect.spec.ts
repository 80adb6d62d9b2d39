import { describe, expect, it } from "vitest";
import type { InspectImageOptions } from "../../../lib/api/images/inspect.js";
import { NoSuchImageError } from "../../../lib/errors/image-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const digest = `sha256:${"12".repeat(32)}`;
const arm = "%7B%22os%22%3A%22linux%22%2C%22architecture%22%3A%22arm64%22%7D";

describe("Client.inspectImage", () => {
  it.each<[InspectImageOptions, string]>([
    [{ name: "busybox" }, "busybox/json"],
    [{ name: "registry:5000/a/b:1" }, "registry:5000/a/b:1/json"],
    [{ name: `x@${digest}` }, `x%40${digest}/json`],
    [{ name: "x", manifests: true }, "x/json?manifests=1"],
    [{ name: "x", platform: "linux/arm64" }, `x/json?platform=${arm}`],
    [{ name: "x", platform: { os: "linux", architecture: "arm64" } }, `x/json?platform=${arm}`],
  ])("sends %j", async (options, path) => {
    const { client, lines } = await recordingDaemon({ body: { Id: "sha256:1" } });
    expect(await client.inspectImage(options)).toEqual({ Id: "sha256:1" });
    expect(lines()).toEqual([`GET /v1.51/images/${path}`]);
  });

  it.each<[InspectImageOptions, string]>([
    [{ name: "x", manifests: true }, "1.47"],
    [{ name: "x", platform: "linux/arm64" }, "1.48"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, lines } = await recordingDaemon({ body: {} }, { apiVersion });
    await expect(client.inspectImage(options)).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it("rejects a platform without an architecture", async () => {
    const { client, lines } = await recordingDaemon();
    await expect(client.inspectImage({ name: "x", platform: "linux" })).rejects.toBeInstanceOf(InvalidOptionError);
    expect(lines()).toEqual([]);
  });

  it.each([
    ["No such image: nosuch:latest", "no such image: nosuch"],
    [
      "image with reference nosuch was found but does not provide the specified platform",
      "no such image: nosuch (image with reference nosuch was found but does not provide the specified platform)",
    ],
  ])("maps 404 %s to a typed error", async (reason, message) => {
    const { client } = await recordingDaemon({ status: 404, body: { message: reason } });
    const error = await client.inspectImage({ name: "nosuch" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchImageError);
    expect(error).toMatchObject({ status: 404, image: "nosuch", reason, message, operation: "inspectImage" });
  });

  it("reports an empty name as a missing image", async () => {
    const { client, lines } = await recordingDaemon();
    await expect(client.inspectImage({ name: "" })).rejects.toBeInstanceOf(NoSuchImageError);
    expect(lines()).toEqual([]);
  });
});
