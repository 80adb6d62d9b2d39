import { getEventListeners } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { ForbiddenError } from "../../lib/errors/api-error.js";
import { ArchiveError, InputStreamError } from "../../lib/errors/usage-errors.js";
import { failureOf, probe, probePost } from "../support/probe.js";
import { httpServer, netServer, ok, onRequest } from "../support/servers.js";

/** A source of the given size that counts the bytes read from it. */
function source(bytes: number, chunk = 64 * 1024) {
  const counted = { taken: 0 };
  const stream = new Readable({
    read() {
      if (counted.taken >= bytes) {
        this.push(null);
        return;
      }
      counted.taken += chunk;
      this.push(Buffer.alloc(chunk, "x"));
    },
  });
  return { stream, counted };
}

const MB = 1024 * 1024;

describe("an upload", () => {
  it("sends the complete body", async () => {
    let received = 0;
    const { endpoint } = await httpServer((request, response) => {
      request.on("data", (chunk: Buffer) => (received += chunk.length)).on("end", () => ok(response));
    });
    const { stream } = source(20 * MB);
    expect(await probe(endpoint).post(undefined, { upload: stream })).toBe(200);
    expect(received).toBe(20 * MB);
    expect(stream.destroyed).toBe(true);
  });

  it.each([1, 2, 100, 65_537])("sends the complete body in pieces of %i bytes", async (size) => {
    const parts: Buffer[] = [];
    const { endpoint } = await httpServer((request, response) => {
      request.on("data", (chunk: Buffer) => parts.push(chunk)).on("end", () => ok(response));
    });
    const pieces = Array.from({ length: 50 }, (_, i) => Buffer.alloc(size, i));
    await probe(endpoint).post(undefined, { upload: Readable.from(pieces) });
    expect(Buffer.concat(parts).equals(Buffer.concat(pieces))).toBe(true);
  });

  it.each([
    ["strings", ["grüße, ", "", "world"], "grüße, world"],
    ["typed arrays", [new Uint8Array([0x61, 0x62]), new Uint8Array([])], "ab"],
  ])("may consist of %s", async (_what, pieces, content) => {
    const parts: Buffer[] = [];
    const { endpoint } = await httpServer((request, response) => {
      request.on("data", (chunk: Buffer) => parts.push(chunk)).on("end", () => ok(response));
    });
    await probe(endpoint).post(undefined, { upload: Readable.from(pieces) });
    expect(Buffer.concat(parts).toString()).toBe(content);
  });

  it.each([
    ["a number", 5],
    ["an object", { length: 5 }],
    ["true", true],
  ])("that contains %s fails only the call", async (_what, piece) => {
    const { endpoint } = await httpServer((request, response) => request.resume().on("end", () => ok(response)));
    const upload = Readable.from(["text", piece, "more"]);
    expect(await failureOf(probe(endpoint).post(undefined, { upload }))).toBeInstanceOf(InputStreamError);
    expect(upload.destroyed).toBe(true);
  });

  it("reads the source no faster than the engine reads the body", async () => {
    const { endpoint } = await netServer((socket) => socket.pause());
    const { stream, counted } = source(200 * MB);
    const client = probe(endpoint);
    const call = failureOf(client.post(undefined, { upload: stream }));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(counted.taken).toBeLessThan(4 * MB);
    await client.close();
    await call;
    expect(stream.destroyed).toBe(true);
  });

  it("resumes when the engine reads again", async () => {
    let received = 0;
    const { endpoint } = await httpServer((request, response) => {
      setTimeout(() => request.on("data", (chunk: Buffer) => (received += chunk.length)).on("end", () => ok(response)), 100);
    });
    expect(await probe(endpoint).post(undefined, { upload: source(10 * MB).stream })).toBe(200);
    expect(received).toBe(10 * MB);
  });

  it("keeps the connection for the next call", async () => {
    const { endpoint, accepted } = await httpServer((request, response) => request.resume().on("end", () => ok(response)));
    const client = probe(endpoint);
    for (let i = 0; i < 5; i++) await client.post(undefined, { upload: Readable.from(["x".repeat(1000)]) });
    expect(accepted()).toBe(1);
  });
});

describe("a source that fails", () => {
  const receiving = () => httpServer((request, response) => request.resume().on("end", () => ok(response)));

  it("fails the call with its error, and does not end the body normally", async () => {
    let ended = false;
    const { endpoint, open } = await httpServer((request) => request.resume().on("end", () => (ended = true)));
    const upload = new PassThrough();
    upload.write("part");
    const call = failureOf(probe(endpoint).post(undefined, { upload }));
    await vi.waitFor(() => expect(open.size).toBe(1));
    const cause = new Error("disk full");
    upload.destroy(cause);
    const error = await call;
    expect(error).toBeInstanceOf(InputStreamError);
    expect(error).toMatchObject({
      cause,
      operation: "probePost",
      endpoint,
      message: "the input stream of probePost failed before it ended",
    });
    await vi.waitFor(() => expect(open.size).toBe(0));
    expect(ended).toBe(false);
  });

  it("fails the call with its original error when that is one of this package", async () => {
    const { endpoint } = await receiving();
    const upload = new PassThrough();
    const call = failureOf(probe(endpoint).post(undefined, { upload }));
    const cause = new ArchiveError("a file vanished while it was being packed");
    upload.destroy(cause);
    expect(await call).toBe(cause);
  });

  it("fails the call when it is closed before it ends", async () => {
    const { endpoint } = await receiving();
    const upload = new PassThrough();
    upload.write("part");
    const call = failureOf(probe(endpoint).post(undefined, { upload }));
    setTimeout(() => upload.destroy(), 20);
    expect(await call).toBeInstanceOf(InputStreamError);
  });

  it("fails the call when it has already failed", async () => {
    const { endpoint } = await receiving();
    const failed = new PassThrough().on("error", () => undefined);
    failed.destroy(new Error("disk full"));
    expect(await failureOf(probe(endpoint).post(undefined, { upload: failed }))).toMatchObject({
      name: "InputStreamError",
      cause: { message: "disk full" },
    });
    const closed = new PassThrough();
    closed.destroy();
    expect(await failureOf(probe(endpoint).post(undefined, { upload: closed }))).toBeInstanceOf(InputStreamError);
  });

  it("fails the call while the connection is being established", async () => {
    const { endpoint } = await httpServer((request, response) => request.resume().on("end", () => ok(response)), 0);
    const upload = new Readable({
      read() {
        this.destroy(new Error("disk full"));
      },
    });
    expect(await failureOf(probe(endpoint).post(undefined, { upload }))).toMatchObject({ name: "InputStreamError" });
  });
});

describe("an engine that rejects before the upload has ended", () => {
  const REFUSAL = '{"message":"not you"}';

  it.each([
    ["a unix socket", undefined],
    ["TCP", 0],
  ])("and closes the connection reports its error over %s", async (_what, where) => {
    const { endpoint } = await netServer((socket) => {
      socket.once("data", () => {
        socket.write(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: ${REFUSAL.length}\r\n\r\n${REFUSAL}`);
        setImmediate(() => socket.destroy());
      });
    }, where);
    for (let i = 0; i < 10; i++) {
      const { stream, counted } = source(50 * MB);
      const error = await failureOf(probe(endpoint).post(undefined, { upload: stream }));
      expect(error).toBeInstanceOf(ForbiddenError);
      expect(error).toMatchObject({ reason: "not you", operation: "probePost" });
      expect(stream.destroyed).toBe(true);
      expect(counted.taken).toBeLessThan(50 * MB);
    }
  });

  it("and closes the connection reports its error for an upload in one piece", async () => {
    const { endpoint } = await netServer((socket) => {
      socket.once("data", () => {
        socket.write(`HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: ${REFUSAL.length}\r\n\r\n${REFUSAL}`);
        setImmediate(() => socket.destroy());
      });
    });
    const error = await failureOf(probe(endpoint).post(undefined, { upload: Buffer.alloc(50 * MB) }));
    expect(error).toBeInstanceOf(ForbiddenError);
  });

  it("and keeps the connection open ends the upload", async () => {
    const { endpoint, open } = await netServer((socket) => {
      socket.on("end", () => socket.end());
      onRequest(socket, () => {
        socket.write(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${REFUSAL.length}\r\n\r\n${REFUSAL}`);
        socket.pause();
      });
    });
    const client = probe(endpoint);
    const upload = new PassThrough();
    upload.write("part");
    expect(await failureOf(client.post(undefined, { upload }))).toBeInstanceOf(ForbiddenError);
    expect(upload.destroyed).toBe(true);
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
    for (const socket of open) socket.resume();
  });

  it("without a response fails the call as closed", async () => {
    const { endpoint } = await netServer((socket) => socket.once("data", () => socket.destroy()));
    const { stream } = source(50 * MB);
    expect(await failureOf(probe(endpoint).post(undefined, { upload: stream }))).toMatchObject({ name: "ConnectionClosedError" });
    expect(stream.destroyed).toBe(true);
  });
});

describe("an engine that responds during the upload", () => {
  it("has its response read during the upload", async () => {
    const { endpoint } = await httpServer((request, response) => {
      response.writeHead(200);
      request.on("data", (chunk: Buffer) => response.write(`${chunk.length},`)).on("end", () => response.end("done"));
    });
    const upload = new PassThrough();
    upload.write("abc");
    const body = await probe(endpoint).stream(probePost, { id: "x" }, undefined, { upload });
    const parts: string[] = [];
    for await (const part of body) {
      parts.push(String(part));
      if (parts.length === 1) upload.write("de");
      if (parts.length === 2) upload.end();
    }
    expect(parts.join("")).toBe("3,2,done");
  });

  it("stops the upload when its response ends first", async () => {
    const { endpoint } = await netServer((socket) =>
      onRequest(socket, () => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK")),
    );
    const client = probe(endpoint);
    const upload = new PassThrough();
    upload.write("part");
    expect(await client.post(undefined, { upload })).toBe(200);
    expect(upload.destroyed).toBe(true);
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });
});

it("an upload leaves no listeners on the signal after any outcome", async () => {
  const { endpoint } = await httpServer((request, response) => request.resume().on("end", () => ok(response)));
  const controller = new AbortController();
  const client = probe(endpoint);
  await client.post({ signal: controller.signal }, { upload: Readable.from(["x"]) });
  const broken = new PassThrough();
  const call = failureOf(client.post({ signal: controller.signal }, { upload: broken }));
  broken.destroy(new Error("x"));
  await call;
  expect(getEventListeners(controller.signal, "abort")).toEqual([]);
});
