import { PassThrough, Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { describe, expect, it, vi } from "vitest";
import type { LogsOptions } from "../../../lib/api/containers/logs.js";
import { AbortError, ProtocolError, TimeoutError } from "../../../lib/errors/connection-errors.js";
import { NoSuchContainerError } from "../../../lib/errors/container-errors.js";
import { StreamError } from "../../../lib/errors/stream-errors.js";
import {
  InvalidOptionError,
  OutputStreamError,
  StreamInUseError,
  UnsupportedVersionError,
} from "../../../lib/errors/usage-errors.js";
import type { Frame } from "../../../lib/wire/frames.js";
import { type Answer, frames, recordingDaemon } from "../../support/recording-daemon.js";

const multiplexed = { "Content-Type": "application/vnd.docker.multiplexed-stream" };
const raw = { "Content-Type": "application/vnd.docker.raw-stream" };
const output = frames([1, "out\n"], [2, "err ä\n"], [1, ""], [1, "no end"]);

/**
 * Sends the chunks one by one, so that the HTTP parser receives each separately, and then ends, stalls or cuts the connection.
 */
const parts = (sent: Buffer[], end: "end" | "cut" | "stay" = "end"): Answer => ({
  handle(_request, response) {
    response.writeHead(200, multiplexed);
    for (const part of sent) if (part.length > 0) response.write(part);
    if (end === "end") response.end();
    if (end === "cut") response.socket?.end();
  },
});

async function collect(stream: AsyncIterable<Frame>): Promise<[string, string][]> {
  const collected: [string, string][] = [];
  for await (const { stream: name, data } of stream) collected.push([name, data.toString("latin1")]);
  return collected;
}

/** Joins adjacent pieces of the same stream, because a frame may arrive in several pieces. */
function joined(collected: [string, string][]): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, text] of collected) texts[name] = (texts[name] ?? "") + text;
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, Buffer.from(text, "latin1").toString()]));
}

describe("Client.logs: request", () => {
  it.each<[Partial<LogsOptions>, string]>([
    [{ stdout: undefined, stderr: undefined }, "stderr=1&stdout=1"],
    [{}, "stderr=1&stdout=1"],
    [{ stdout: false }, "stderr=1&stdout=0"],
    [{ follow: true, timestamps: true, details: true, tail: 0 }, "details=1&follow=1&stderr=1&stdout=1&tail=0&timestamps=1"],
    [{ follow: false, tail: "all" }, "follow=0&stderr=1&stdout=1&tail=all"],
    [{ since: "1700000000.123456789" }, "since=1700000000.123456789&stderr=1&stdout=1"],
    [{ since: 0, until: new Date(1500) }, "since=0&stderr=1&stdout=1&until=1.500000000"],
  ])("sends %j as %s", async (options, query) => {
    const { client, lines } = await recordingDaemon({ headers: multiplexed });
    await client.logs({ id: "a b", ...options });
    expect(lines()).toEqual([`GET /v1.51/containers/a%20b/logs?${query}`]);
  });

  it.each<[Partial<LogsOptions>, string]>([
    [{ until: 1 }, "1.34"],
    [{ format: "json" }, "1.53"],
  ])("rejects %j in API %s", async (options, apiVersion) => {
    const { client } = await recordingDaemon({ body: { Config: {} } }, { apiVersion });
    await expect(client.logs({ id: "web", ...options })).rejects.toThrow(UnsupportedVersionError);
  });

  it("sends a format in API 1.54", async () => {
    const { client, lines } = await recordingDaemon({ headers: multiplexed }, { apiVersion: "1.54" });
    await client.logs({ id: "web", format: "json" });
    expect(lines()).toEqual(["GET /v1.54/containers/web/logs?format=json&stderr=1&stdout=1"]);
  });

  it.each<Partial<LogsOptions>>([{ tail: -1 }, { tail: 1.5 }, { since: "yesterday" }])("is not sent with %j", async (options) => {
    const { client, requests } = await recordingDaemon({ headers: multiplexed });
    await expect(client.logs({ id: "web", ...options })).rejects.toThrow(InvalidOptionError);
    expect(requests).toEqual([]);
  });

  it("rejects when the container does not exist", async () => {
    const missing = { status: 404, body: { message: "No such container: web" } };
    for (const apiVersion of ["1.41", "1.42"]) {
      const { client } = await recordingDaemon(missing, { apiVersion });
      await expect(client.logs({ id: "web" })).rejects.toThrow(NoSuchContainerError);
      await expect(client.logs({ id: "", outputStream: new PassThrough() })).rejects.toThrow(NoSuchContainerError);
    }
  });
});

describe("Client.logs: terminal", () => {
  it.each([
    [multiplexed, false, [["stdout", "x"]]],
    [raw, true, [["stdout", "\u0001\0\0\0\0\0\0\u0001x"]]],
  ])("is detected by the content type in API 1.42 and later: %j", async (headers, tty, expected) => {
    const { client, lines } = await recordingDaemon({ headers, body: frames([1, "x"]) }, { apiVersion: "1.42" });
    const stream = await client.logs({ id: "web" });
    expect(stream.tty).toBe(tty);
    expect(await collect(stream)).toEqual(expected);
    expect(lines()).toHaveLength(1);
  });

  it.each([
    [true, [["stdout", "\u0001\0\0\0\0\0\0\u0001x"]]],
    [false, [["stdout", "x"]]],
  ])("is detected by inspecting the container before API 1.42: %s", async (tty, expected) => {
    const answers = [{ body: { Config: { Tty: tty } } }, { headers: raw, body: frames([1, "x"]) }];
    const { client, lines } = await recordingDaemon(answers, { apiVersion: "1.41" });
    const stream = await client.logs({ id: "a b" });
    expect(stream.tty).toBe(tty);
    expect(await collect(stream)).toEqual(expected);
    expect(lines()).toEqual(["GET /v1.41/containers/a%20b/json", "GET /v1.41/containers/a%20b/logs?stderr=1&stdout=1"]);
  });
});

describe("Client.logs: output", () => {
  it("is the same however the bytes are split", async () => {
    for (let at = 0; at <= output.length; at += 1) {
      const { client } = await recordingDaemon(parts([output.subarray(0, at), output.subarray(at)]));
      expect(joined(await collect(await client.logs({ id: "web" })))).toEqual({ stdout: "out\nno end", stderr: "err ä\n" });
    }
  });

  it("is byte-for-byte the same however it is read", async () => {
    const { client } = await recordingDaemon(parts([...output].map((byte) => Buffer.of(byte))));
    expect(joined(await collect(await client.logs({ id: "web" })))).toEqual({ stdout: "out\nno end", stderr: "err ä\n" });
    const { stdout, stderr } = await (await client.logs({ id: "web" })).collect();
    expect([stdout.toString(), stderr.toString()]).toEqual(["out\nno end", "err ä\n"]);
    const lines: string[] = [];
    for await (const { stream, line } of (await client.logs({ id: "web" })).lines()) lines.push(`${stream}: ${line}`);
    expect(lines.sort()).toEqual(["stderr: err ä", "stdout: no end", "stdout: out"]);
    const split = (await client.logs({ id: "web" })).split();
    const texts = await Promise.all([buffer(split.stdout), buffer(split.stderr)]);
    expect(texts.map(String)).toEqual(["out\nno end", "err ä\n"]);
    const outputStream = new PassThrough();
    const errorStream = new PassThrough();
    await expect(client.logs({ id: "web", outputStream, errorStream })).resolves.toBeUndefined();
    expect([String(outputStream.read()), String(errorStream.read())]).toEqual(["out\nno end", "err ä\n"]);
    expect(outputStream.writableEnded || errorStream.writableEnded).toBe(false);
  });

  it("is discarded for streams without a destination", async () => {
    const { client } = await recordingDaemon(parts([output]));
    const errorStream = new PassThrough();
    await client.logs({ id: "web", errorStream });
    expect(String(errorStream.read())).toBe("err ä\n");
  });

  it("ends with the failure that the engine reports", async () => {
    const { client } = await recordingDaemon(parts([frames([1, "out"], [3, "log driver"], [3, " failed\n"])]));
    const outputStream = new PassThrough();
    for (const read of [client.logs({ id: "web", outputStream }), client.logs({ id: "web" }).then(collect)]) {
      const error = await read.catch((e: unknown) => e);
      expect(error).toBeInstanceOf(StreamError);
      expect(error).toMatchObject({ reason: "log driver failed", operation: "logs" });
    }
    expect(String(outputStream.read())).toBe("out");
  });

  it.each([
    ["within a header", parts([output.subarray(0, 5)])],
    ["within a frame", parts([output.subarray(0, 10)])],
    ["without an end", parts([output.subarray(0, 12)], "cut")],
    ["with an unknown stream", parts([Buffer.from("HTTP/1.1 502 Bad Gateway")])],
  ])("rejects when it ends %s", async (_where, answer) => {
    const { client } = await recordingDaemon(answer);
    await expect(client.logs({ id: "web" }).then(collect)).rejects.toThrow(ProtocolError);
    await expect(client.logs({ id: "web", outputStream: new PassThrough() })).rejects.toThrow(ProtocolError);
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });
});

describe("Client.logs: reading", () => {
  it("applies backpressure to the engine", async () => {
    const frame = frames([1, Buffer.alloc(64 * 1024)]);
    const total = 400;
    let sent = 0;
    const answer: Answer = {
      handle(_request, response) {
        response.writeHead(200, multiplexed);
        const send = () => {
          while (sent < total) {
            sent += 1;
            if (!response.write(frame)) {
              response.once("drain", send);
              return;
            }
          }
          response.end();
        };
        send();
      },
    };
    const { client } = await recordingDaemon(answer);
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let received = 0;
    let most = 0;
    const outputStream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        received += chunk.length;
        most = Math.max(most, outputStream.writableLength);
        void held.then(() => setImmediate(done));
      },
    });
    const done = client.logs({ id: "web", outputStream });
    // the engine sends only what fits into the socket buffers
    let before = -1;
    await vi.waitFor(
      () => {
        const stands = sent > 0 && sent === before;
        before = sent;
        expect(stands).toBe(true);
      },
      { interval: 100, timeout: 4000 },
    );
    expect(sent).toBeLessThan(total / 4);
    release();
    await done;
    await vi.waitFor(() => expect(received).toBe(total * 64 * 1024));
    expect(most).toBeLessThan(1024 * 1024);
  });

  it("can be aborted before the first read, during iteration and while writing to a stream", async () => {
    const { client } = await recordingDaemon(parts([output], "stay"));
    for (const outputStream of [undefined, new PassThrough().resume()]) {
      const abort = new AbortController();
      const stream = client.logs({ id: "web", outputStream, follow: true }, { signal: abort.signal });
      const read = stream.then((opened: unknown) => collect(opened as AsyncIterable<Frame>));
      setTimeout(() => abort.abort(new Error("enough")), 20);
      const error = await read.catch((e: unknown) => e);
      expect(error).toBeInstanceOf(AbortError);
      expect(error).toMatchObject({ operation: "logs", cause: { message: "enough" } });
    }
    const abort = new AbortController();
    const stream = await client.logs({ id: "web" }, { signal: abort.signal });
    abort.abort();
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
    await expect(collect(stream)).rejects.toThrow(AbortError);
  });

  it("rejects when the engine sends nothing for too long", async () => {
    const { client } = await recordingDaemon(parts([output], "stay"));
    for (const outputStream of [undefined, new PassThrough().resume()]) {
      const stream = client.logs({ id: "web", outputStream, follow: true }, { timeouts: { inactivity: 40 } });
      const error = await stream.then((opened: unknown) => collect(opened as AsyncIterable<Frame>)).catch((e: unknown) => e);
      expect(error).toBeInstanceOf(TimeoutError);
      expect(error).toMatchObject({ kind: "inactivity" });
    }
  });

  it("closes the connection when the loop ends early", async () => {
    const { client } = await recordingDaemon(parts([output], "stay"));
    for await (const { data } of await client.logs({ id: "web", follow: true })) {
      expect(String(data)).toBe("out\n");
      break;
    }
    await (await client.logs({ id: "web", follow: true })).close();
    await vi.waitFor(async () => expect(await client.connections()).toBe(0));
  });

  it("rejects when the output stream fails or closes", async () => {
    const { client } = await recordingDaemon(parts([output], "stay"));
    const failing = new Writable({ write: (_chunk, _encoding, done) => done(new Error("disk full")) });
    const error = await client.logs({ id: "web", outputStream: failing }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(OutputStreamError);
    expect(error).toMatchObject({ cause: { message: "disk full" }, operation: "logs" });
    const closing = new PassThrough();
    const logs = client.logs({ id: "web", outputStream: closing });
    closing.once("data", () => closing.destroy());
    await expect(logs).rejects.toThrow(OutputStreamError);
  });

  it("rejects a second read", async () => {
    const { client } = await recordingDaemon(parts([output]));
    const stream = await client.logs({ id: "web" });
    await stream.collect();
    await expect(stream.collect()).rejects.toThrow(StreamInUseError);
  });
});

describe.each(["logs", "serviceLogs", "taskLogs"] as const)("Client.%s with timestamps", (method) => {
  const at = "2026-11-29T07:40:45.123456789Z ";
  const long = "x".repeat(16_384);
  const sent = frames([1, at + long], [2, `${at}err\n`], [1, `${at}end\n`]);

  it("returns one timestamp per line, however the log is read", async () => {
    const { client } = await recordingDaemon({ headers: multiplexed, body: sent });
    const options = { id: "a", timestamps: true };
    const { stdout, stderr } = await (await client[method](options)).collect();
    expect([stdout.toString(), stderr.toString()]).toEqual([`${at}${long}end\n`, `${at}err\n`]);
    const lines: string[] = [];
    for await (const { line } of (await client[method](options)).lines()) lines.push(line);
    expect(lines).toEqual([`${at}err`, `${at}${long}end`]);
    const outputStream = new PassThrough();
    const written = buffer(outputStream);
    await client[method]({ ...options, outputStream });
    outputStream.end();
    expect((await written).toString()).toBe(`${at}${long}end\n`);
  });

  it("leaves lines unchanged without timestamps", async () => {
    const { client } = await recordingDaemon({ headers: multiplexed, body: sent });
    const { stdout } = await (await client[method]({ id: "a" })).collect();
    expect(stdout.toString()).toBe(`${at}${long}${at}end\n`);
  });
});
