import { PassThrough, Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { BadRequestError, ForbiddenError, ServerError } from "../../../lib/errors/api-error.js";
import { ConnectionClosedError, ProtocolError } from "../../../lib/errors/connection-errors.js";
import { NoSuchContainerError, NoSuchPathError } from "../../../lib/errors/container-errors.js";
import { InputStreamError, InvalidOptionError, UnsupportedVersionError } from "../../../lib/errors/usage-errors.js";
import { recordingDaemon } from "../../support/recording-daemon.js";

const stat = { name: "passwd", size: 71, mode: 420, mtime: "1970-01-01T00:00:00Z", linkTarget: "" };
const statHeader = { "X-Docker-Container-Path-Stat": Buffer.from(JSON.stringify(stat)).toString("base64") };

const refusals = [
  [400, "bad parameter: pathcannot be empty", BadRequestError],
  [400, "container rootfs is marked read-only", ForbiddenError],
  [403, "container rootfs is marked read-only", ForbiddenError],
  [404, "Could not find the file /etc/x in container web", NoSuchPathError],
  [404, "No such container: web", NoSuchContainerError],
  [500, "container rootfs is marked read-only", ForbiddenError],
  [500, "extraction point is not a directory", BadRequestError],
  [500, "lstat /data/etc/passwd/: not a directory", BadRequestError],
  [500, 'cannot overwrite directory "/etc" with non-directory "/"', BadRequestError],
  [500, 'copier: put: error creating "/tmp/dir": open /tmp/dir: file exists', BadRequestError],
  [500, "something broke", ServerError],
] as const;

describe("Client.downloadFromContainer", () => {
  it("returns the archive as a stream", async () => {
    const { client, lines } = await recordingDaemon({ body: "tar", headers: statHeader });
    const stream = await client.downloadFromContainer({ container: "we b", path: "/etc/a b&c" });
    expect(await text(stream)).toBe("tar");
    expect(lines()).toEqual(["GET /v1.51/containers/we%20b/archive?path=%2Fetc%2Fa+b%26c"]);
  });

  it("writes the archive to outputStream", async () => {
    const { client } = await recordingDaemon({ body: "tar" });
    const outputStream = new PassThrough();
    await client.downloadFromContainer({ container: "web", path: "/", outputStream });
    outputStream.end();
    expect(await text(outputStream)).toBe("tar");
  });

  it("rejects with a ProtocolError when the archive is truncated", async () => {
    const { client } = await recordingDaemon({
      handle: (_request, response) => response.writeHead(200, { "Content-Length": "10" }).write("tar", () => response.destroy()),
    });
    const stream = await client.downloadFromContainer({ container: "web", path: "/" });
    await expect(text(stream)).rejects.toThrow(ProtocolError);
  });

  it.each(refusals)("maps %i (%s) to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const failing = client.downloadFromContainer({ container: "web", path: "/etc/x" });
    await expect(failing).rejects.toThrow(expected);
    await expect(failing).rejects.toMatchObject({ status, reason: message, operation: "downloadFromContainer" });
  });
});

describe("Client.uploadToContainer", () => {
  it("sends the archive and every option", async () => {
    const { client, requests, lines } = await recordingDaemon();
    await client.uploadToContainer({
      container: "we b",
      path: "/srv",
      inputStream: Readable.from([Buffer.from("ta"), Buffer.from("r")]),
      noOverwriteDirNonDir: true,
      copyUIDGID: false,
    });
    expect(lines()).toEqual(["PUT /v1.51/containers/we%20b/archive?copyUIDGID=0&noOverwriteDirNonDir=1&path=%2Fsrv"]);
    expect(requests[0]?.headers["content-type"]).toBe("application/x-tar");
    expect(requests[0]?.body.toString()).toBe("tar");
  });

  it("rejects unsupported options and a missing archive", async () => {
    const { client, requests } = await recordingDaemon({}, { apiVersion: "1.38" });
    const options = { container: "web", path: "/srv", inputStream: Readable.from(["tar"]) };
    await expect(client.uploadToContainer({ ...options, copyUIDGID: true })).rejects.toThrow(UnsupportedVersionError);
    await expect(client.uploadToContainer({ container: "web", path: "/srv" } as never)).rejects.toThrow(InvalidOptionError);
    await expect(client.uploadToContainer({ ...options, container: "" })).rejects.toThrow(NoSuchContainerError);
    expect(requests).toEqual([]);
  });

  it("rejects when its stream fails", async () => {
    const { client } = await recordingDaemon();
    const inputStream = new PassThrough();
    inputStream.write("ta");
    const failing = client.uploadToContainer({ container: "web", path: "/srv", inputStream });
    setImmediate(() => inputStream.destroy(new Error("disk on fire")));
    await expect(failing).rejects.toThrow(InputStreamError);
  });

  it.each(refusals)("maps %i (%s) to its error class", async (status, message, expected) => {
    const { client } = await recordingDaemon({ status, body: { message } });
    const failing = client.uploadToContainer({ container: "web", path: "/etc/x", inputStream: Readable.from(["tar"]) });
    await expect(failing).rejects.toThrow(expected);
    await expect(failing).rejects.toMatchObject({ status, operation: "uploadToContainer" });
  });

  it("reports a rejection during the upload", async () => {
    const { client, server } = await recordingDaemon();
    server.removeAllListeners("request").on("request", (_request, response) => {
      response.writeHead(404, { "Content-Type": "application/json", Connection: "close" });
      response.end(JSON.stringify({ message: "Could not find the file /srv in container web" }));
    });
    const endless = new Readable({
      read() {
        this.push(Buffer.alloc(64 * 1024));
      },
    });
    const error: unknown = await client
      .uploadToContainer({ container: "web", path: "/srv", inputStream: endless })
      .catch((e: unknown) => e);
    // the system may discard the response when a write fails: the engine then seems to have closed the connection
    expect(error instanceof NoSuchPathError || error instanceof ConnectionClosedError).toBe(true);
    await expect.poll(() => endless.destroyed).toBe(true);
  });
});

describe("Client.statContainerPath", () => {
  it("parses the stat header", async () => {
    const { client, lines } = await recordingDaemon({ headers: statHeader });
    expect(await client.statContainerPath({ container: "web", path: "/etc/passwd" })).toEqual(stat);
    expect(lines()).toEqual(["HEAD /v1.51/containers/web/archive?path=%2Fetc%2Fpasswd"]);
  });

  it.each([{}, { "X-Docker-Container-Path-Stat": "bm8=" }])(
    "rejects a response without a valid stat header: %o",
    async (headers) => {
      const { client } = await recordingDaemon({ headers: headers as Record<string, string> });
      const failing = client.statContainerPath({ container: "web", path: "/etc/passwd" });
      await expect(failing).rejects.toThrow(ProtocolError);
      await expect(failing).rejects.toMatchObject({ operation: "statContainerPath" });
    },
  );

  it("distinguishes a missing path from a missing container without a message", async () => {
    const { client } = await recordingDaemon(({ line }) => (line.startsWith("HEAD") ? { status: 404 } : { body: { Id: "web" } }));
    const path = client.statContainerPath({ container: "web", path: "/nope" });
    await expect(path).rejects.toThrow(NoSuchPathError);
    await expect(path).rejects.toMatchObject({ id: "web", containerPath: "/nope", status: 404 });
    const other = await recordingDaemon(({ line }) => ({
      status: 404,
      body: line.startsWith("HEAD") ? undefined : { message: "No such container: web" },
    }));
    await expect(other.client.statContainerPath({ container: "web", path: "/nope" })).rejects.toThrow(NoSuchContainerError);
    expect(other.lines()).toEqual(["HEAD /v1.51/containers/web/archive?path=%2Fnope", "GET /v1.51/containers/web/json"]);
  });

  it("releases its connections", async () => {
    const { client } = await recordingDaemon({ headers: statHeader, body: Buffer.alloc(0) });
    for (let i = 0; i < 5; i += 1) await client.statContainerPath({ container: "web", path: "/" });
    expect(await client.connections()).toBe(1);
    expect((await buffer(await client.downloadFromContainer({ container: "web", path: "/" }))).length).toBe(0);
  });
});
