import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import type { ImportImageOptions } from "../../../lib/api/images/import.js";
import { ServerError } from "../../../lib/errors/api-error.js";
import { ProtocolError } from "../../../lib/errors/connection-errors.js";
import { NoSuchImageError } from "../../../lib/errors/image-errors.js";
import { StreamError } from "../../../lib/errors/stream-errors.js";
import { InputStreamError, InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { progressAnswer } from "../../support/progress-answer.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const id = `sha256:${"a1".repeat(32)}`;
const imported = progressAnswer({ status: id });

async function temporaryFile(content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tsdc-import-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, "root.tar");
  await writeFile(path, content);
  return path;
}

describe("Client.importImage", () => {
  it.each<[Omit<ImportImageOptions, "inputStream">, string]>([
    [{ repository: "app", source: "-" }, "fromSrc=-&repo=app"],
    [{ repository: "app" }, "fromSrc=-&repo=app"],
    [{ repository: "app", tag: "1" }, "fromSrc=-&repo=app&tag=1"],
    [{ repository: "registry:5000/app:1" }, "fromSrc=-&repo=registry%3A5000%2Fapp&tag=1"],
    [{ repository: "app", message: "by hand" }, "fromSrc=-&message=by+hand&repo=app"],
    [{ repository: "app", changes: "ENV A=1" }, "changes=ENV+A%3D1&fromSrc=-&repo=app"],
    [{ repository: "app", changes: ["ENV A=1", "USER x"] }, "changes=ENV+A%3D1&changes=USER+x&fromSrc=-&repo=app"],
    [{ repository: "app", platform: "linux/arm64" }, "fromSrc=-&platform=linux%2Farm64&repo=app"],
  ])("sends %j with a stream", async (options, query) => {
    const { client, lines, requests } = await recordingDaemon(imported);
    const inputStream = Readable.from([Buffer.from("an "), Buffer.from("archive")]);
    expect(await client.importImage({ ...options, inputStream })).toEqual({ imageId: id });
    expect(lines()).toEqual([`POST /v1.51/images/create?${query}`]);
    expect(requests[0]?.headers["content-type"]).toBe("application/x-tar");
    expect(requests[0]?.body.toString()).toBe("an archive");
  });

  it.each(["http://example.com/root.tar", "https://example.com/root.tar", "HTTPS://example.com/x"])(
    "lets the engine download %s",
    async (source) => {
      const { client, lines, requests } = await recordingDaemon(imported);
      expect(await client.importImage({ repository: "app", source })).toEqual({ imageId: id });
      expect(lines()).toEqual([`POST /v1.51/images/create?fromSrc=${encodeURIComponent(source)}&repo=app`]);
      expect(requests[0]?.body.length).toBe(0);
    },
  );

  it("sends a local file", async () => {
    const source = await temporaryFile("content of the file");
    const { client, lines, requests } = await recordingDaemon(imported);
    expect(await client.importImage({ repository: "app", source })).toEqual({ imageId: id });
    expect(lines()).toEqual(["POST /v1.51/images/create?fromSrc=-&repo=app"]);
    expect(requests[0]?.body.toString()).toBe("content of the file");
  });

  it.each<[string, Partial<ImportImageOptions>, string]>([
    ["a file that does not exist", { source: "/nonexistent/root.tar" }, "source"],
    ["a directory", { source: tmpdir() }, "source"],
    ["no stream", { source: "-" }, "inputStream"],
    ["a stream and a file", { source: "/etc/hostname", inputStream: Readable.from([]) }, "inputStream"],
    ["a stream and an address", { source: "http://example.com", inputStream: Readable.from([]) }, "inputStream"],
    ["a digest", { repository: `app@sha256:${"12".repeat(32)}`, inputStream: Readable.from([]) }, "repository"],
    ["two tags", { repository: "app:1", tag: "2", inputStream: Readable.from([]) }, "tag"],
  ])("rejects %s", async (_what, options, option) => {
    const { client, lines } = await recordingDaemon();
    const error = await client.importImage({ repository: "app", ...options }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(InvalidOptionError);
    expect(error).toMatchObject({ option, operation: "importImage" });
    expect(lines()).toEqual([]);
  });

  it("reports an empty repository as a missing image", async () => {
    const { client, lines } = await recordingDaemon();
    const error = await client.importImage({ repository: "", source: "-" }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(NoSuchImageError);
    expect(lines()).toEqual([]);
  });

  it.each<[Partial<ImportImageOptions>, string]>([
    [{ platform: "linux/amd64" }, "1.31"],
    [{ message: "x" }, "1.38"],
    [{ changes: "ENV A=1" }, "1.39"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client, lines } = await recordingDaemon({}, { apiVersion });
    const source = await temporaryFile("x");
    const error = await client.importImage({ repository: "app", source, ...options }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnsupportedVersionError);
    expect(lines()).toEqual([]);
  });

  it("rejects when the stream fails", async () => {
    const { client } = await recordingDaemon({ handle: (request) => void request.resume() });
    const inputStream = new Readable({ read: () => undefined });
    const result = client.importImage({ repository: "app", inputStream }).catch((e: unknown) => e);
    inputStream.destroy(new Error("no more"));
    expect(await result).toBeInstanceOf(InputStreamError);
  });

  it("rejects with the error that the stream reports", async () => {
    const { client } = await recordingDaemon(progressAnswer({ errorDetail: { message: "archive/tar: invalid tar header" } }));
    const error = await client.importImage({ repository: "app", inputStream: Readable.from([]) }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StreamError);
    expect(error).toMatchObject({ reason: "archive/tar: invalid tar header" });
  });

  it("rejects when the engine cannot download the archive", async () => {
    const message = 'Get "http://127.0.0.1:5999/x": dial tcp 127.0.0.1:5999: connect: connection refused';
    const { client } = await recordingDaemon({ status: 500, body: { message } });
    const result = client.importImage({ repository: "app", source: "http://127.0.0.1:5999/x" });
    await expect(result).rejects.toBeInstanceOf(ServerError);
  });

  it("rejects when the engine reports no ID", async () => {
    const { client, endpoint } = await recordingDaemon(progressAnswer({ status: "Downloading" }));
    const error = await client.importImage({ repository: "app", inputStream: Readable.from([]) }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ProtocolError);
    expect(error).toMatchObject({ operation: "importImage", endpoint });
  });
});
