import { once } from "node:events";
import { type Duplex, duplexPair } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AbortError, ConnectionClosedError, ProtocolError } from "../../lib/errors/connection-errors.js";
import { AttachedStream } from "../../lib/streams/hijacked-stream.js";
import { WebSocketStream } from "../../lib/streams/websocket-stream.js";
import { Exchange } from "../../lib/transport/exchange.js";
import { rawDecoder } from "../../lib/wire/frames.js";

const CONTINUATION = 0;
const TEXT = 1;
const BINARY = 2;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** A frame as a server sends it. */
function frame(opcode: number, data: Buffer | string = "", fin = true): Buffer {
  const payload = Buffer.from(data);
  const first = (fin ? 0x80 : 0) | opcode;
  if (payload.length < 126) return Buffer.concat([Buffer.from([first, payload.length]), payload]);
  const header = Buffer.from([first, 126, 0, 0]);
  header.writeUInt16BE(payload.length, 2);
  return Buffer.concat([header, payload]);
}

function farewell(code: number, reason = ""): Buffer {
  const data = Buffer.alloc(2);
  data.writeUInt16BE(code);
  return frame(CLOSE, Buffer.concat([data, Buffer.from(reason)]));
}

/** Reads a frame as a client sends it: masked. */
function readFrame(bytes: Buffer): { opcode: number; data: string; rest: Buffer } {
  const length = bytes[1]! & 0x7f;
  expect(bytes[1]! & 0x80).toBe(0x80);
  const mask = bytes.subarray(2, 6);
  const data = bytes.subarray(6, 6 + length).map((byte, at) => byte ^ mask[at % 4]!);
  return { opcode: bytes[0]!, data: Buffer.from(data).toString("latin1"), rest: bytes.subarray(6 + length) };
}

interface Connected {
  stream: WebSocketStream;
  client: Duplex;
  server: Duplex;
  exchange: Exchange;
  sent: Buffer[];
}

function connect({ signal, brokenInput = false }: { signal?: AbortSignal; brokenInput?: boolean } = {}): Connected {
  const [client, server] = duplexPair();
  if (brokenInput) client._write = (_chunk, _encoding, done) => done(Object.assign(new Error("write EPIPE"), { code: "EPIPE" }));
  const limits = { connect: 0, headers: 0, inactivity: 0, total: 0 };
  const exchange = new Exchange("attach", "unix:///x", limits, signal);
  exchange.setCanceller((error) => client.destroy(error));
  const sent: Buffer[] = [];
  server.on("data", (chunk: Buffer) => sent.push(chunk)).on("error", () => {});
  const stream = new WebSocketStream({ source: client, target: client, supportsHalfClose: true, exchange });
  return { stream, client, server, exchange, sent };
}

async function contentOf(stream: WebSocketStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe("WebSocketStream", () => {
  it.each([
    ["is reset", Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" })],
    ["closes", undefined],
  ])("fails when its connection %s before it is created", async (_case, error) => {
    const [client] = duplexPair();
    client.on("error", () => {}).destroy(error);
    await new Promise((resolve) => client.once("close", resolve));
    const exchange = new Exchange("attach", "unix:///x", { connect: 0, headers: 0, inactivity: 0, total: 0 }, undefined);
    const hijacked = { source: client, target: client, supportsHalfClose: true, exchange };
    const socket = new WebSocketStream(hijacked);
    const attached = new AttachedStream({ ...hijacked, source: socket, target: socket }, rawDecoder, true);
    const failure: unknown = await attached.wait().catch((reason: unknown) => reason);
    expect(failure).toBeInstanceOf(ProtocolError);
    expect((failure as Error).message).toContain("was cut off");
    await expect.poll(() => attached.stdin.destroyed).toBe(true);
    expect(exchange.finished).toBe(true);
  });

  const message = fc.record({
    content: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    opcode: fc.constantFrom(TEXT, BINARY),
    cut: fc.nat(300),
    ping: fc.boolean(),
  });

  it("returns the payload of messages, however they are split and fragmented", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(message, { maxLength: 4 }), fc.integer({ min: 1, max: 3 }), async (messages, piece) => {
        const { stream, server, exchange } = connect();
        const bytes = messages.flatMap(({ content, opcode, cut, ping }) => [
          frame(opcode, content.subarray(0, cut), false),
          ...(ping ? [frame(PING, "p")] : []),
          frame(CONTINUATION, content.subarray(cut)),
        ]);
        const all = Buffer.concat([...bytes, farewell(1000)]);
        const reading = contentOf(stream);
        for (let at = 0; at < all.length; at += piece) server.write(all.subarray(at, at + piece));
        expect(await reading).toEqual(Buffer.concat(messages.map(({ content }) => content)));
        expect(exchange.finished).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("answers only the last of the pings that arrive while the peer does not read", async () => {
    const { stream, client, server, sent } = connect();
    stream.resume();
    server.pause();
    stream.write(Buffer.alloc(100_000));
    for (let i = 0; i < 1000; i++) server.write(frame(PING, `ping ${i}`));
    await expect.poll(() => server.writableLength).toBe(0);
    expect(client.writableLength).toBeLessThan(101_000);
    server.resume();
    await expect.poll(() => Buffer.concat(sent).length).toBeGreaterThan(100_000);
    // a header of 14 bytes for the data
    const { opcode, data, rest } = readFrame(Buffer.concat(sent).subarray(100_014));
    expect([opcode & 15, data, rest.length]).toEqual([PONG, "ping 999", 0]);
    stream.destroy();
  });

  it("sends masked binary frames, and a close frame after which output continues", async () => {
    const { stream, server, sent } = connect();
    const given = Buffer.from("héllo");
    stream.write(given);
    stream.end();
    await once(stream, "finish");
    expect(given.toString()).toBe("héllo");
    const first = readFrame(Buffer.concat(sent));
    expect([first.opcode, Buffer.from(first.data, "latin1").toString()]).toEqual([0x80 | BINARY, "héllo"]);
    expect(readFrame(first.rest)).toMatchObject({ opcode: 0x80 | CLOSE, data: "\x03\xe8" });
    server.write(frame(BINARY, "after"));
    server.write(farewell(1000));
    expect((await contentOf(stream)).toString()).toBe("after");
    await expect.poll(() => stream.closed).toBe(true);
  });

  it("answers pings and the peer's close frame", async () => {
    const { stream, server, sent } = connect();
    server.write(Buffer.concat([frame(PING, "here"), farewell(1001, "going away")]));
    server.write(frame(BINARY, "too late"));
    expect((await contentOf(stream)).length).toBe(0);
    const first = readFrame(Buffer.concat(sent));
    expect(first).toMatchObject({ opcode: 0x80 | PONG, data: "here" });
    expect(readFrame(first.rest).opcode).toBe(0x80 | CLOSE);
  });

  it.each([
    ["with code 1000", farewell(1000)],
    ["with code 1001", farewell(1001)],
    ["without a code", frame(CLOSE)],
  ])("ends without an error at a close frame %s", async (_how, bytes) => {
    const { stream, server } = connect();
    server.write(Buffer.concat([frame(BINARY, "last"), bytes]));
    expect((await contentOf(stream)).toString()).toBe("last");
  });

  it("applies backpressure for a slow reader", async () => {
    const { stream, server } = connect();
    stream.read(0);
    const total = 400;
    for (let i = 0; i < total; i += 1) server.write(frame(BINARY, Buffer.alloc(1024)));
    server.write(farewell(1000));
    await new Promise((resolve) => setImmediate(resolve));
    expect(stream.readableLength).toBeGreaterThan(0);
    expect(stream.readableLength).toBeLessThan((total / 2) * 1024);
    expect((await contentOf(stream)).length).toBe(total * 1024);
  });

  it.each([
    ["a close frame with an error code", farewell(1011, "broken"), "the engine closed the WebSocket with code 1011: broken"],
    ["a close frame with an error code but no reason", farewell(1002), /closed the WebSocket with code 1002$/],
    ["a malformed frame", Buffer.from([0xff, 0xff, 0xff]), "the engine sent a malformed WebSocket frame"],
  ])("fails with %s", async (_, bytes, text) => {
    const { stream, server } = connect();
    server.write(bytes);
    const failing = contentOf(stream);
    await expect(failing).rejects.toThrow(ProtocolError);
    await expect(failing).rejects.toThrow(text);
    await expect(failing).rejects.toMatchObject({ operation: "attach", endpoint: "unix:///x" });
  });

  it("reports that the connection was cut", async () => {
    const { stream, server } = connect();
    server.write(frame(BINARY, "some"));
    server.end();
    await expect(contentOf(stream)).rejects.toThrow("the WebSocket of attach was cut off");
  });

  it("fails when its connection fails, and when its exchange is aborted", async () => {
    const { stream, client, server } = connect();
    server.write(frame(BINARY, "some"));
    const failing = contentOf(stream);
    client.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
    await expect(failing).rejects.toThrow(ProtocolError);
    const abort = new AbortController();
    const other = connect({ signal: abort.signal });
    other.server.write(frame(BINARY, "some"));
    const aborted = contentOf(other.stream);
    abort.abort();
    await expect(aborted).rejects.toThrow(AbortError);
  });

  it("returns all output of a server that has stopped reading, and reports it to the writer", async () => {
    const { stream, server, exchange } = connect({ brokenInput: true });
    const hijacked = { source: stream, target: stream, supportsHalfClose: true, exchange };
    const attached = new AttachedStream(hijacked, rawDecoder, true);
    const written = new Promise((resolve) => attached.stdin.write("x", resolve));
    server.write(frame(BINARY, "rest"));
    server.end();
    expect((await attached.collect()).stdout.toString()).toBe("rest");
    expect(await written).toBeInstanceOf(ConnectionClosedError);
  });

  it("releases everything when it is closed early", async () => {
    const { stream, client, exchange } = connect();
    stream.destroy();
    await expect.poll(() => client.closed).toBe(true);
    expect(exchange.finished).toBe(true);
  });
});
