import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import type { ExportImageOptions, ExportImagesOptions } from "../../../lib/api/images/export.js";
import { ServerError } from "../../../lib/errors/api-error.js";
import { ProtocolError } from "../../../lib/errors/connection-errors.js";
import { NoSuchImageError } from "../../../lib/errors/image-errors.js";
import { MustSpecifyNamesError, OutputStreamError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const amd = "%7B%22os%22%3A%22linux%22%2C%22architecture%22%3A%22amd64%22%7D";
const arm = "%7B%22os%22%3A%22linux%22%2C%22architecture%22%3A%22arm64%22%7D";

describe("Client.exportImage", () => {
  it.each<[ExportImageOptions, string, string]>([
    [{ name: "a/b:1" }, "1.51", ""],
    [{ name: "a/b:1", platform: "linux/amd64" }, "1.51", `?platform=${amd}`],
    [{ name: "a/b:1", platform: ["linux/amd64"] }, "1.51", `?platform=${amd}`],
    [{ name: "a/b:1", platform: ["linux/amd64", "linux/arm64"] }, "1.52", `?platform=${amd}&platform=${arm}`],
  ])("sends %j in API %s", async (options, apiVersion, query) => {
    const { client, lines } = await recordingDaemon({ body: "an archive" }, { apiVersion });
    expect(await text(await client.exportImage(options))).toBe("an archive");
    expect(lines()).toEqual([`GET /v${apiVersion}/images/a/b:1/get${query}`]);
  });

  it("writes to a stream and leaves it open", async () => {
    const { client } = await recordingDaemon({ body: "an archive" });
    const outputStream = new PassThrough();
    await client.exportImage({ name: "x", outputStream });
    expect(outputStream.writableEnded).toBe(false);
    outputStream.end();
    expect(await text(outputStream)).toBe("an archive");
  });

  it.each<[ExportImageOptions["platform"], string, string]>([
    ["linux/amd64", "1.47", "1.48"],
    [["linux/amd64", "linux/arm64"], "1.51", "1.52"],
  ])("rejects the platforms %j in API %s", async (platform, apiVersion, since) => {
    const { client, lines } = await recordingDaemon({}, { apiVersion });
    const error = await client.exportImage({ name: "x", platform }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnsupportedVersionError);
    expect(error).toMatchObject({ since, version: apiVersion, operation: "exportImage" });
    expect(lines()).toEqual([]);
  });

  it.each(["nosuch", ""])("rejects the missing image %j", async (name) => {
    const { client } = await recordingDaemon({ status: 404, body: { message: "No such image: nosuch" } });
    const error = await client.exportImage({ name }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchImageError);
    expect(error).toMatchObject({ image: name, operation: "exportImage" });
  });

  it("rejects when the archive is truncated", async () => {
    const { client } = await recordingDaemon({
      handle: (_request, response) => {
        response.writeHead(200, { "Content-Type": "application/x-tar" });
        response.write("half of", () => response.destroy());
      },
    });
    const outputStream = new PassThrough().resume();
    await expect(client.exportImage({ name: "x", outputStream })).rejects.toBeInstanceOf(ProtocolError);
    await expect(text(await client.exportImage({ name: "x" }))).rejects.toBeInstanceOf(ProtocolError);
  });

  it("rejects when the output stream fails", async () => {
    const { client } = await recordingDaemon({ body: "an archive" });
    const outputStream = new PassThrough().resume();
    outputStream.destroy();
    await expect(client.exportImage({ name: "x", outputStream })).rejects.toBeInstanceOf(OutputStreamError);
  });
});

describe("Client.exportImages", () => {
  it.each<[ExportImagesOptions, string, string]>([
    [{ names: ["a:1", "b"] }, "1.51", "names=a%3A1&names=b"],
    [{ names: "a:1" }, "1.51", "names=a%3A1"],
    [{ names: ["a"], platform: { os: "linux", architecture: "arm64" } }, "1.51", `names=a&platform=${arm}`],
    [{ names: ["a"], platform: ["linux/amd64", "linux/arm64"] }, "1.52", `names=a&platform=${amd}&platform=${arm}`],
  ])("sends %j in API %s", async (options, apiVersion, query) => {
    const { client, lines } = await recordingDaemon({ body: "archives" }, { apiVersion });
    expect(await text(await client.exportImages(options))).toBe("archives");
    expect(lines()).toEqual([`GET /v${apiVersion}/images/get?${query}`]);
  });

  it("writes to a stream", async () => {
    const { client } = await recordingDaemon({ body: "archives" });
    const outputStream = new PassThrough();
    await client.exportImages({ names: ["x", "y"], outputStream });
    outputStream.end();
    expect(await text(outputStream)).toBe("archives");
  });

  it.each([[[]], [[""]], [""], [undefined]])("rejects the names %j", async (names) => {
    const { client, lines } = await recordingDaemon();
    const error = await client.exportImages({ names } as ExportImagesOptions).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(MustSpecifyNamesError);
    expect(error).toMatchObject({ operation: "exportImages" });
    expect(lines()).toEqual([]);
  });

  it("reports an empty name as a missing image", async () => {
    const { client, lines } = await recordingDaemon();
    await expect(client.exportImages({ names: ["a", ""] })).rejects.toBeInstanceOf(NoSuchImageError);
    expect(lines()).toEqual([]);
  });

  it.each<[ExportImagesOptions["platform"], string]>([
    ["linux/amd64", "1.47"],
    [["linux/amd64", "linux/arm64"], "1.51"],
  ])("rejects the platforms %j in API %s", async (platform, apiVersion) => {
    const { client, lines } = await recordingDaemon({}, { apiVersion });
    await expect(client.exportImages({ names: ["x"], platform })).rejects.toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it.each([
    [404, "No such image: b:latest", NoSuchImageError, "no such image: a, b (No such image: b:latest)"],
    [500, "docker.io/library/b: image not known", NoSuchImageError, "no such image: a, b (docker.io/library/b: image not known)"],
    [500, "disk on fire", ServerError, "exportImages failed (500): disk on fire"],
  ])("maps %i %s to a typed error", async (status, reason, expected, message) => {
    const { client } = await recordingDaemon({ status, body: { message: reason } });
    const error = await client.exportImages({ names: ["a", "b"] }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(expected);
    expect(error).toMatchObject({ status, reason, message, operation: "exportImages" });
  });
});
