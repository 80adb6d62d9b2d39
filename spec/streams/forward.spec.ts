import { createServer, type IncomingMessage, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { PassThrough, Readable, Writable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { AbortError, ProtocolError } from "../../lib/errors/connection-errors.js";
import { StreamError } from "../../lib/errors/stream-errors.js";
import { OutputStreamError } from "../../lib/errors/usage-errors.js";
import { forward } from "../../lib/streams/forward.js";
import { MultiplexDecoder, rawDecoder } from "../../lib/wire/frames.js";
import { frames } from "../support/recording-daemon.js";
import { exchangeOf, HeldSink, listenerCounts, pushed, rejection, settle, sourceOf } from "../support/streams.js";

/** A sink that accepts every write at once. */
function quickSink() {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

const run = (source: Readable, streams: { outputStream?: Writable; errorStream?: Writable }, signal?: AbortSignal) =>
  forward(source, new MultiplexDecoder(), streams, exchangeOf(source, signal));

describe("forward", () => {
  it("writes each stream to its destination, drops the rest, and ends no stream", async () => {
    const bytes = frames([1, "a"], [2, "b"], [1, "c"], [0, "in"], [2, ""]);
    const [out, err] = [quickSink(), quickSink()];
    await run(sourceOf([bytes]), { outputStream: out.stream, errorStream: err.stream });
    expect([out.text(), err.text()]).toEqual(["acin", "b"]);
    expect([out.stream.writableEnded, err.stream.destroyed]).toEqual([false, false]);

    const only = quickSink();
    await run(sourceOf([frames([1, "a"], [2, "b"])]), { errorStream: only.stream });
    expect(only.text()).toBe("b");
    await run(sourceOf([frames([1, "a"])]), {});
  });

  it("keeps the exchange open until the sinks have accepted everything", async () => {
    const sink = new HeldSink();
    const source = sourceOf([frames([1, "last words"])]);
    const exchange = exchangeOf(source);
    const done = forward(source, new MultiplexDecoder(), { outputStream: sink }, exchange);
    await expect.poll(() => source.closed).toBe(true);
    expect(exchange.finished).toBe(false);
    sink.open();
    await done;
    expect(exchange.finished).toBe(true);
  });

  it("keeps the order of both streams when they go to the same sink", async () => {
    const { stream, text } = quickSink();
    const chunks = [frames([1, "1"], [2, "2"], [1, "3"]), frames([2, "4"], [2, "5"], [1, "6"])];
    await run(sourceOf(chunks), { outputStream: stream, errorStream: stream });
    expect(text()).toBe("123456");
    expect(listenerCounts(stream)).toEqual({});
  });

  it("writes once for each run of frames of one stream in a chunk", async () => {
    const sink = new HeldSink();
    sink.open();
    await run(sourceOf([frames([1, "a"], [1, "b"], [2, "x"], [1, "c"], [1, "d"])]), { outputStream: sink });
    expect(sink.writes).toBe(2);
    expect(sink.content.toString()).toBe("abcd");
  });

  it("pauses the source while one of two sinks is full, for any number of runs in a chunk", async () => {
    const CHUNK = 16 * 1024;
    // one byte a frame, so that a chunk has hundreds of runs
    const pattern = frames(
      ...Array.from(
        { length: CHUNK / 18 },
        () =>
          [
            [1, "o"],
            [2, "e"],
          ] as [number, string][],
      ).flat(),
    );
    let given = 0;
    const source = new Readable({
      highWaterMark: CHUNK,
      read() {
        given += 1;
        this.push(given > 200 ? null : Buffer.from(pattern));
      },
    });
    const slow = new HeldSink({ highWaterMark: 1000 });
    const { stream: fast, text } = quickSink();
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on("warning", onWarning);
    onTestFinished(() => void process.off("warning", onWarning));

    const done = run(source, { outputStream: slow, errorStream: fast });
    await settle();
    expect(source.isPaused()).toBe(true);
    expect(given).toBeLessThan(10);
    slow.open();
    await done;
    expect(slow.mostHeld).toBeLessThanOrEqual(1000 + CHUNK);
    expect(slow.content.length).toBe(200 * Math.floor(CHUNK / 18));
    expect(text().length).toBe(slow.content.length);
    expect([listenerCounts(slow), listenerCounts(fast)]).toEqual([{}, {}]);
    expect(warnings).toEqual([]);
  });

  it("waits until both full sinks accept more", async () => {
    const source = pushed();
    const [first, second] = [new HeldSink({ highWaterMark: 1 }), new HeldSink({ highWaterMark: 1 })];
    const done = run(source, { outputStream: first, errorStream: second });
    source.push(frames([1, "aa"], [2, "bb"]));
    await settle();
    first.open();
    await settle();
    expect(source.isPaused()).toBe(true);
    second.open();
    await settle();
    expect(source.isPaused()).toBe(false);
    source.push(null);
    await done;
  });

  it("resolves only when the sinks have accepted everything", async () => {
    const sink = new HeldSink();
    let isDone = false;
    const done = run(sourceOf([frames([1, "last words"])]), { outputStream: sink }).then(() => (isDone = true));
    await settle();
    expect(isDone).toBe(false);
    sink.open();
    await done;
    expect(sink.content.toString()).toBe("last words");
  });

  it.each(["before", "after"])("fails when a sink fails %s the output has ended", async (when) => {
    const sink = new HeldSink();
    const source = pushed();
    const done = run(source, { outputStream: sink });
    source.push(frames([1, "text"]));
    if (when === "after") source.push(null);
    await settle();
    const cause = new Error("disk full");
    sink.destroy(cause);
    const error = await rejection(done);
    expect(error).toBeInstanceOf(OutputStreamError);
    expect(error).toMatchObject({ cause, operation: "logs", endpoint: "unix:///engine.sock" });
    expect(source.destroyed).toBe(true);
    // the sink may emit its error after the call has ended
    await settle();
    expect(listenerCounts(sink)).toEqual({});
  });

  it("does not wait for a sink whose write method returns nothing", async () => {
    const { stream, text } = quickSink();
    const write = stream.write.bind(stream) as (...given: unknown[]) => boolean;
    stream.write = ((...given: unknown[]) => void write(...given)) as never;
    await run(sourceOf([frames([1, "first "]), frames([1, "second"])]), { outputStream: stream });
    expect(text()).toBe("first second");
  });

  it("fails when a write fails", async () => {
    const cause = new Error("disk full");
    const sink = new Writable({ write: (_chunk, _encoding, done) => setImmediate(done, cause) });
    const error = await rejection(run(sourceOf([frames([1, "text"])]), { outputStream: sink }));
    expect(error).toBeInstanceOf(OutputStreamError);
    expect(error).toMatchObject({ cause });
  });

  it("lets any number of calls write to one sink without a warning", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on("warning", onWarning);
    onTestFinished(() => void process.off("warning", onWarning));
    const sink = new HeldSink();
    const most = sink.getMaxListeners();
    const all = Array.from({ length: 30 }, (_, n) => run(sourceOf([frames([1, String(n)])]), { outputStream: sink }));
    await settle();
    sink.open();
    await Promise.all(all);
    expect(warnings).toEqual([]);
    expect([listenerCounts(sink), sink.getMaxListeners()]).toEqual([{}, most]);
  });

  it("fails when a sink closes early, with or without pending writes", async () => {
    for (const text of ["", "text"]) {
      const sink = new HeldSink();
      const source = pushed();
      const done = run(source, { outputStream: sink });
      source.push(frames([1, text]));
      await settle();
      sink.destroy();
      const error = await rejection(done);
      expect(error).toBeInstanceOf(OutputStreamError);
      expect((error as Error).message).toBe("the output stream of logs was closed before the output ended");
    }
  });

  it.each([
    ["destroyed", (sink: Writable) => sink.destroy()],
    ["ended", (sink: Writable) => sink.end()],
  ])("fails at once when a sink was already %s", async (_state, end) => {
    const { stream } = quickSink();
    end(stream);
    await settle();
    const source = pushed();
    expect(await rejection(run(source, { errorStream: stream }))).toBeInstanceOf(OutputStreamError);
    expect(source.destroyed).toBe(true);
  });

  it("can be aborted while a sink is full, while no output arrives, and after the output has ended", async () => {
    for (const prepare of [
      (source: Readable) => source.push(frames([1, "xxxx"])),
      () => undefined,
      (source: Readable) => source.push(frames([1, "xxxx"])) && source.push(null),
    ]) {
      const sink = new HeldSink({ highWaterMark: 1 });
      const source = pushed();
      const controller = new AbortController();
      const done = run(source, { outputStream: sink }, controller.signal);
      prepare(source);
      await settle();
      controller.abort("enough");
      const error = await rejection(done);
      expect(error).toBeInstanceOf(AbortError);
      expect((error as Error).cause).toBe("enough");
      expect([source.destroyed, sink.destroyed]).toEqual([true, false]);
      // writes that have not been accepted yet may still fail
      sink.open();
      await settle();
      expect(listenerCounts(sink)).toEqual({});
    }
  });

  it("rejects with the failure that the engine reports, however it is split", async () => {
    const message = frames([3, "no späce left"], [3, " on device\n"]);
    for (let at = 0; at <= message.length; at += 1) {
      const { stream, text } = quickSink();
      const chunks = [frames([1, "some"]), Buffer.from(message.subarray(0, at)), Buffer.from(message.subarray(at))];
      const error = await rejection(run(sourceOf(chunks.filter((chunk) => chunk.length > 0)), { outputStream: stream }));
      expect(error).toBeInstanceOf(StreamError);
      expect(error).toMatchObject({ message: "logs failed: no späce left on device", operation: "logs", status: 200 });
      expect(text()).toBe("some");
    }
  });

  it("writes output before a malformed frame in the same chunk", async () => {
    const { stream, text } = quickSink();
    const source = sourceOf([Buffer.concat([frames([1, "good"]), Buffer.from("garbage!")])]);
    expect(await rejection(run(source, { outputStream: stream }))).toBeInstanceOf(ProtocolError);
    expect(text()).toBe("good");
    expect(source.destroyed).toBe(true);
  });

  it.each([
    ["within a frame", frames([1, "abc"]).subarray(0, 9)],
    ["within a header", Buffer.from([1, 0])],
  ])("fails when the output ends %s", async (_where, bytes) => {
    expect(await rejection(run(sourceOf([Buffer.from(bytes)]), {}))).toBeInstanceOf(ProtocolError);
  });

  it("fails when the connection is cut off, closed, or had already ended", async () => {
    const reset = Object.assign(new Error("reset"), { code: "ECONNRESET" });
    for (const error of [reset, undefined]) {
      const source = pushed();
      const done = run(source, {});
      source.destroy(error);
      expect(await rejection(done)).toBeInstanceOf(ProtocolError);
      expect(await rejection(run(source, {}))).toBeInstanceOf(ProtocolError);
    }
  });

  it("reports the reason when the exchange failed before the first read", async () => {
    const source = pushed().on("error", () => undefined);
    const controller = new AbortController();
    const exchange = exchangeOf(source, controller.signal);
    controller.abort();
    await settle();
    expect(source.closed).toBe(true);
    expect(await rejection(forward(source, rawDecoder, {}, exchange))).toBeInstanceOf(AbortError);
  });

  it("fails when a chunk of an HTTP response is missing", async () => {
    const server = createServer((_request, response) => {
      response.write(frames([1, "begun"]), () => response.socket?.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const body = await new Promise<IncomingMessage>((resolve) => httpRequest({ port, host: "127.0.0.1" }, resolve).end());
    const { stream, text } = quickSink();
    const error = await rejection(run(body, { outputStream: stream }));
    expect(error).toBeInstanceOf(ProtocolError);
    expect((error as Error).message).toBe("the response to logs was cut off by unix:///engine.sock");
    expect(text()).toBe("begun");
  });

  it.each([
    ["large pieces", [16_384, 16_384, 16_384, 16_384, 16_384]],
    ["pieces that leave room for one byte", [65_535, 1, 1]],
    ["pieces that leave room for two bytes", [65_534, 3, 1]],
  ])("keeps only the first 64 KiB of a failure report, and writes none of it: %s", async (_what, lengths) => {
    const sink = quickSink();
    const source = sourceOf(lengths.map((length) => frames([3, Buffer.alloc(length, "x")])));
    const error = await rejection(run(source, { outputStream: sink.stream, errorStream: sink.stream }));
    expect(error).toBeInstanceOf(StreamError);
    expect((error as StreamError).reason).toHaveLength(64 * 1024);
    expect(sink.text()).toBe("");
  });

  it("fills an unread stream only up to its limit", async () => {
    const sink = new PassThrough({ highWaterMark: 100 });
    const source = new Readable({
      read() {
        this.push(Buffer.alloc(1000));
      },
    });
    const done = forward(source, rawDecoder, { outputStream: sink }, exchangeOf(source));
    await settle();
    expect(sink.readableLength + sink.writableLength).toBeLessThanOrEqual(2 * (100 + 64 * 1024));
    expect(source.isPaused()).toBe(true);
    sink.destroy();
    expect(await rejection(done)).toBeInstanceOf(OutputStreamError);
  });
});
