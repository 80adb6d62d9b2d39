import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { LoadImageOptions } from "../../../lib/api/images/load.js";
import { ServerError } from "../../../lib/errors/api-error.js";
import { StreamError } from "../../../lib/errors/stream-errors.js";
import { InputStreamError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { progressAnswer } from "../../support/progress-answer.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const amd = "%7B%22os%22%3A%22linux%22%2C%22architecture%22%3A%22amd64%22%7D";
const arm = "%7B%22os%22%3A%22linux%22%2C%22architecture%22%3A%22arm64%22%7D";
const archive = () => Readable.from([Buffer.from("an "), Buffer.from("archive")]);

describe("Client.loadImage", () => {
  it.each<[Partial<LoadImageOptions>, string, string]>([
    [{}, "1.51", "quiet=0"],
    [{ quiet: undefined }, "1.51", "quiet=0"],
    [{ quiet: true }, "1.51", "quiet=1"],
    [{ platform: "linux/amd64" }, "1.51", `platform=${amd}&quiet=0`],
    [{ platform: ["linux/amd64", "linux/arm64"] }, "1.52", `platform=${amd}&platform=${arm}&quiet=0`],
  ])("sends %j in API %s", async (options, apiVersion, query) => {
    const { client, lines, requests } = await recordingDaemon(progressAnswer({ stream: "Loaded image: a:1\n" }), { apiVersion });
    expect(await client.loadImage({ inputStream: archive(), ...options })).toEqual({ images: ["a:1"] });
    expect(lines()).toEqual([`POST /v${apiVersion}/images/load?${query}`]);
    expect(requests[0]?.headers["content-type"]).toBe("application/x-tar");
    expect(requests[0]?.body.toString()).toBe("an archive");
  });

  it.each<[string[], string[]]>([
    [
      ["Loaded image: a:1\n", "Loaded image: registry:5000/b:2\n"],
      ["a:1", "registry:5000/b:2"],
    ],
    [["Loaded image ID: sha256:12\n"], ["sha256:12"]],
    [["Loaded image(s): docker.io/library/a:1,localhost/b:2\n"], ["docker.io/library/a:1", "localhost/b:2"]],
    [["The image a:1 already exists, renaming the old one with ID sha256:1 to empty string\n"], []],
    [[], []],
  ])("reads the loaded images from %j", async (texts, images) => {
    const { client } = await recordingDaemon(progressAnswer(...texts.map((stream) => ({ stream }))));
    expect(await client.loadImage({ inputStream: archive() })).toEqual({ images });
  });

  it.each<[LoadImageOptions["platform"], string, string]>([
    ["linux/amd64", "1.47", "1.48"],
    [["linux/amd64", "linux/arm64"], "1.51", "1.52"],
  ])("rejects the platforms %j in API %s", async (platform, apiVersion, since) => {
    const { client, lines } = await recordingDaemon({}, { apiVersion });
    const error = await client.loadImage({ inputStream: archive(), platform }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnsupportedVersionError);
    expect(error).toMatchObject({ since, operation: "loadImage" });
    expect(lines()).toEqual([]);
  });

  it("rejects when the input stream fails", async () => {
    const { client } = await recordingDaemon({ handle: (request) => void request.resume() });
    const inputStream = new Readable({ read: () => undefined });
    const result = client.loadImage({ inputStream }).catch((e: unknown) => e);
    inputStream.destroy(new Error("no more"));
    expect(await result).toBeInstanceOf(InputStreamError);
  });

  it("rejects with the error that the stream reports", async () => {
    const { client } = await recordingDaemon(progressAnswer({ errorDetail: { message: "unexpected EOF" } }));
    const error = await client.loadImage({ inputStream: archive() }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StreamError);
    expect(error).toMatchObject({ status: 200, reason: "unexpected EOF", operation: "loadImage" });
  });

  it("maps 500 to a typed error", async () => {
    const { client } = await recordingDaemon({ status: 500, body: { message: "failed to load image" } });
    await expect(client.loadImage({ inputStream: archive() })).rejects.toBeInstanceOf(ServerError);
  });
});
