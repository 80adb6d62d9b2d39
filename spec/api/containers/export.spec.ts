import { randomBytes } from "node:crypto";
import { PassThrough, Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import { AbortError, ProtocolError } from "../../../lib/errors/connection-errors.js";
import { NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { OutputStreamError } from "../../../lib/errors/usage-errors.js";
import { type Answer, recordingDaemon } from "../../support/recording-daemon.js";

const archive = randomBytes(300_000);
const cutOff: Answer = {
  handle(_request, response) {
    response.write(archive);
    setImmediate(() => response.destroy());
  },
};
const endless: Answer = { handle: (_request, response) => void response.write(archive) };

/** Collects the bytes that are written to it. */
function sink(): { stream: Writable; content: () => Buffer } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    highWaterMark: 1024,
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      setImmediate(done);
    },
  });
  return { stream, content: () => Buffer.concat(chunks) };
}

describe("Client.exportContainer", () => {
  it("returns the archive as a stream", async () => {
    const { client, lines } = await recordingDaemon({ body: archive });
    expect(await buffer(await client.exportContainer({ id: "a b" }))).toEqual(archive);
    expect(lines()).toEqual(["GET /v1.51/containers/a%20b/export"]);
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("writes the archive to a slow stream without ending it", async () => {
    const { client } = await recordingDaemon({ body: archive });
    const { stream, content } = sink();
    await expect(client.exportContainer({ id: "web", outputStream: stream })).resolves.toBeUndefined();
    await vi.waitFor(() => expect(content().equals(archive)).toBe(true));
    expect(stream.writableEnded).toBe(false);
    expect(stream.listenerCount("error")).toBe(0);
  });

  it("rejects a truncated archive, whether returned or written", async () => {
    const { client } = await recordingDaemon(cutOff);
    await expect(client.exportContainer({ id: "web", outputStream: sink().stream })).rejects.toThrow(ProtocolError);
    await expect(client.exportContainer({ id: "web" }).then(buffer)).rejects.toThrow(ProtocolError);
  });

  it("rejects when the output stream fails", async () => {
    const { client } = await recordingDaemon(endless);
    const failing = new Writable({ write: (_chunk, _encoding, done) => done(new Error("disk full")) });
    const error = await client.exportContainer({ id: "web", outputStream: failing }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OutputStreamError);
    expect(error).toMatchObject({ operation: "exportContainer", cause: { message: "disk full" } });
    const closed = new PassThrough();
    closed.destroy();
    await expect(client.exportContainer({ id: "web", outputStream: closed })).rejects.toThrow(OutputStreamError);
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("can be aborted midway, whether the archive is returned or written", async () => {
    const { client } = await recordingDaemon(endless);
    for (const outputStream of [undefined, new PassThrough().resume()]) {
      const abort = new AbortController();
      const exporting = client.exportContainer({ id: "web", outputStream }, { signal: abort.signal });
      setTimeout(() => abort.abort(), 20);
      await expect(exporting.then((stream: unknown) => buffer(stream as AsyncIterable<Buffer>))).rejects.toThrow(AbortError);
    }
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("maps 404 to NoSuchContainerError", async () => {
    const { client } = await recordingDaemon({ status: 404, body: { message: "No such container: web" } });
    await expect(client.exportContainer({ id: "web" })).rejects.toThrow(NoSuchContainerError);
    await expect(client.exportContainer({ id: "" })).rejects.toThrow(NoSuchContainerError);
  });
});
