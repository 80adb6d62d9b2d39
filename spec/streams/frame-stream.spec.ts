import { PassThrough, Readable, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AbortError, ProtocolError } from "../../lib/errors/connection-errors.js";
import { StreamError } from "../../lib/errors/stream-errors.js";
import { OutputLimitError, OutputStreamError, StreamInUseError } from "../../lib/errors/usage-errors.js";
import { FrameStream } from "../../lib/streams/frame-stream.js";
import type { Exchange } from "../../lib/transport/exchange.js";
import { type Frame, type FrameDecoder, MultiplexDecoder, rawDecoder } from "../../lib/wire/frames.js";
import { frames } from "../support/recording-daemon.js";
import { cuts, exchangeOf, pushed, rejection, settle, sourceOf } from "../support/streams.js";

function streamOf(source: Readable, tty = false, exchange: Exchange = exchangeOf(source)): FrameStream {
  return new FrameStream(source, tty ? rawDecoder : new MultiplexDecoder(), tty, exchange);
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const shown = ({ stream, data }: Frame) => `${stream}:${data.toString()}`;

async function linesOf(stream: FrameStream): Promise<string[]> {
  const lines: string[] = [];
  for await (const { stream: name, line } of stream.lines()) lines.push(`${name}:${line}`);
  return lines;
}

describe("FrameStream", () => {
  it("yields frames in the order of arrival", async () => {
    const stream = streamOf(sourceOf([frames([1, "a"], [2, "b"]), frames([0, "c"], [1, "d"])]));
    expect(stream.tty).toBe(false);
    expect((await all(stream)).map(shown)).toEqual(["stdout:a", "stderr:b", "stdout:c", "stdout:d"]);
  });

  it.each<[how: string, read: (stream: FrameStream) => Promise<[stdout: string, stderr: string]>]>([
    [
      "iteration",
      async (stream) => {
        const found = { stdout: "", stderr: "" };
        for await (const frame of stream) found[frame.stream] += frame.data.toString();
        return [found.stdout, found.stderr];
      },
    ],
    [
      "lines",
      async (stream) => {
        const found = { stdout: "", stderr: "" };
        for await (const { stream: name, line } of stream.lines()) found[name] += line;
        return [found.stdout, found.stderr];
      },
    ],
    [
      "collect",
      async (stream) => {
        const { stdout, stderr } = await stream.collect();
        return [stdout.toString(), stderr.toString()];
      },
    ],
    [
      "split",
      async (stream) => {
        const { stdout, stderr } = stream.split();
        return Promise.all([text(stdout), text(stderr)]);
      },
    ],
    [
      "forward",
      async (stream) => {
        const [outputStream, errorStream] = [new PassThrough(), new PassThrough()];
        await stream.forward({ outputStream, errorStream });
        return Promise.all([text(outputStream.end()), text(errorStream.end())]);
      },
    ],
  ])("treats frames of standard input as standard output: %s", async (_how, read) => {
    const chunks = [frames([0, "a"], [2, "b"]), frames([1, "c"], [0, "d"])];
    expect(await read(streamOf(sourceOf(chunks)))).toEqual(["acd", "b"]);
  });

  it("yields the output of a terminal unchanged", async () => {
    const stream = streamOf(sourceOf([Buffer.from([2, 0, 0, 0]), Buffer.from("x\r\n")]), true);
    expect(stream.tty).toBe(true);
    expect((await stream.collect()).stdout).toEqual(Buffer.from("\u0002\0\0\0x\r\n"));
  });

  it("reads nothing before output is requested, and no more than requested", async () => {
    let given = 0;
    const source = new Readable({
      highWaterMark: 1,
      read() {
        given += 1;
        this.push(frames([1, String(given)]));
      },
    });
    const stream = streamOf(source);
    await settle();
    expect(given).toBe(0);
    for await (const frame of stream) if (frame.data.toString() === "3") break;
    expect(given).toBeLessThanOrEqual(5);
  });

  it("ends the connection when the loop exits", async () => {
    const source = pushed();
    const exchange = exchangeOf(source);
    source.push(frames([1, "a"], [1, "b"]));
    for await (const frame of streamOf(source, false, exchange)) {
      expect(shown(frame)).toBe("stdout:a");
      break;
    }
    expect([source.destroyed, exchange.finished]).toEqual([true, true]);
  });

  it("can be read once", async () => {
    const stream = streamOf(sourceOf([frames([1, "a"])]));
    await stream.collect();
    const { stdout, stderr } = stream.split();
    for (const again of [stream.collect(), stream.forward({}), linesOf(stream), text(stdout), text(stderr)]) {
      const error = await rejection(again);
      expect(error).toBeInstanceOf(StreamInUseError);
      expect(error).toMatchObject({ code: "ERR_STREAM_IN_USE", message: "the stream of logs can be read only once" });
    }
  });

  it.each([
    ["is cut off", (source: Readable) => source.destroy(Object.assign(new Error(), { code: "ECONNRESET" }))],
    ["is closed", (source: Readable) => source.destroy()],
    ["ends within a frame", (source: Readable) => source.push(Buffer.from([1])) && source.push(null)],
    ["is garbage", (source: Readable) => source.push(Buffer.from("garbage!"))],
  ])("yields the received output, then fails, when the stream %s", async (_how, end) => {
    const source = pushed();
    source.push(frames([1, "good"]));
    const stream = streamOf(source);
    const iterator = stream[Symbol.asyncIterator]();
    expect(shown((await iterator.next()).value as Frame)).toBe("stdout:good");
    end(source);
    expect(await rejection(iterator.next())).toBeInstanceOf(ProtocolError);
    expect(source.destroyed).toBe(true);
  });

  it("yields the valid frames of a chunk before an invalid one", async () => {
    const seen: string[] = [];
    const stream = streamOf(sourceOf([Buffer.concat([frames([1, "good"]), Buffer.from("garbage!")])]));
    const read = async () => {
      for await (const frame of stream) seen.push(shown(frame));
    };
    expect(await rejection(read())).toBeInstanceOf(ProtocolError);
    expect(seen).toEqual(["stdout:good"]);
  });

  it("yields what the decoder has kept until the end, however it is read", async () => {
    const late = (): FrameStream => {
      const kept: Buffer[] = [];
      const source = sourceOf([Buffer.from("kept "), Buffer.from("until the end")]);
      const decoder: FrameDecoder = {
        decode: (chunk) => void kept.push(chunk),
        flush: (sink) => sink(1, Buffer.concat(kept)),
        end: () => undefined,
      };
      return new FrameStream(source, decoder, true, exchangeOf(source));
    };
    const outputStream = new PassThrough();
    await late().forward({ outputStream });
    expect([String((await late().collect()).stdout), String(outputStream.read())]).toEqual(
      Array.from({ length: 2 }, () => "kept until the end"),
    );
  });

  it("throws the error that the engine reports in place of output", async () => {
    const stream = streamOf(sourceOf([frames([1, "a"], [3, "broken "], [3, "pipe"])]));
    const error = await rejection(stream.collect());
    expect(error).toBeInstanceOf(StreamError);
    expect((error as Error).message).toBe("logs failed: broken pipe");
  });

  it("keeps an early failure for a later reader", async () => {
    const source = pushed();
    const stream = streamOf(source);
    source.destroy(Object.assign(new Error(), { code: "ECONNRESET" }));
    await settle();
    expect(await rejection(stream.collect())).toBeInstanceOf(ProtocolError);

    const controller = new AbortController();
    const other = pushed();
    const aborted = streamOf(other, false, exchangeOf(other, controller.signal));
    controller.abort();
    await settle();
    expect(await rejection(aborted.forward({}))).toBeInstanceOf(AbortError);
  });

  it("can be aborted while it is iterated", async () => {
    const controller = new AbortController();
    const source = pushed();
    const stream = streamOf(source, false, exchangeOf(source, controller.signal));
    source.push(frames([1, "a"]));
    const read = async () => {
      for await (const frame of stream) if (shown(frame) === "stdout:a") setImmediate(() => controller.abort());
    };
    expect(await rejection(read())).toBeInstanceOf(AbortError);
  });

  it("closes at the end of its await using block and notifies a reader", async () => {
    const source = pushed();
    let reading: Promise<unknown>;
    {
      await using stream = streamOf(source);
      reading = rejection(stream.collect());
      await settle();
    }
    expect(source.destroyed).toBe(true);
    const error = await reading;
    expect(error).toBeInstanceOf(AbortError);
    expect((error as Error).message).toBe("the stream of logs was closed before its end");
  });

  it("cannot be read after it is closed, and can be closed twice", async () => {
    const source = pushed();
    const exchange = exchangeOf(source);
    const stream = streamOf(source, false, exchange);
    await stream.close();
    await stream.close();
    expect(exchange.finished).toBe(true);
    expect(await rejection(stream.collect())).toBeInstanceOf(StreamInUseError);
  });

  it("notifies a writer that the stream was closed", async () => {
    const source = pushed();
    const stream = streamOf(source);
    const done = rejection(stream.forward({}));
    await settle();
    await stream.close();
    expect(await done).toBeInstanceOf(AbortError);
  });
});

describe("FrameStream.lines", () => {
  it("keeps the streams separate and yields an unfinished last line", async () => {
    const stream = streamOf(sourceOf([frames([1, "one\ntw"], [2, "err\r\n\nlast"], [1, "o\r\nthree"])]));
    expect(await linesOf(stream)).toEqual(["stdout:one", "stderr:err", "stderr:", "stdout:two", "stdout:three", "stderr:last"]);
  });

  it("yields no empty line at the end", async () => {
    expect(await linesOf(streamOf(sourceOf([frames([1, "a\n"])])))).toEqual(["stdout:a"]);
    expect(await linesOf(streamOf(sourceOf([])))).toEqual([]);
  });

  it("yields the same lines however the bytes are split", async () => {
    const output = "ä€\r\n\n😀 x\r\r\nlast😀";
    const property = fc.asyncProperty(cuts(Buffer.from(output)), async (chunks) => {
      expect(await linesOf(streamOf(sourceOf(chunks.filter((chunk) => chunk.length > 0)), true))).toEqual([
        "stdout:ä€",
        "stdout:",
        "stdout:😀 x\r",
        "stdout:last😀",
      ]);
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it("shows a replacement character for an incomplete last character", async () => {
    expect(await linesOf(streamOf(sourceOf([Buffer.from([0x61, 0xe2, 0x82])]), true))).toEqual(["stdout:a\ufffd"]);
  });

  it("searches a long line only once", async () => {
    const chunks = Array.from({ length: 4000 }, () => Buffer.alloc(16 * 1024, "x"));
    const began = process.cpuUsage();
    const lines = await all(streamOf(sourceOf(chunks), true).lines(64 * 1024 * 1024));
    const { user } = process.cpuUsage(began);
    expect(lines.map(({ line }) => line.length)).toEqual([4000 * 16 * 1024]);
    expect(user / 1000).toBeLessThan(5000);
  });
});

describe("FrameStream.lines with a limit", () => {
  it("rejects an endless line and ends the connection", async () => {
    let given = 0;
    const source = new Readable({
      read() {
        given += 1;
        this.push(Buffer.alloc(64 * 1024, "x"));
      },
    });
    const stream = streamOf(source, true);
    const error = await rejection(linesOf(stream));
    expect(error).toBeInstanceOf(OutputLimitError);
    expect(error).toMatchObject({
      limit: 16 * 1024 * 1024,
      operation: "logs",
      message: "a line of the output of logs exceeds 16777216 bytes: raise the limit or stream it",
    });
    expect(source.destroyed).toBe(true);
    expect(given).toBeLessThan(270);
  });

  it.each([
    ["whole", [frames([1, "ok\n"], [2, "e\n"], [1, "longer\n"])]],
    ["within a chunk", [frames([1, "ok\nlonger\nok\n"])]],
    ["at the start of a chunk", [frames([1, "longer\nok\n"])]],
    ["in pieces", [frames([1, "ok\nlon"], [2, "e\n"], [1, "ger\n"])]],
    ["without an end", [frames([1, "ok\nlon"]), frames([1, "ger"])]],
    ["of longer characters", [frames([1, "ok\n\u20ac\u20ac\n"])]],
  ])("rejects a line that exceeds the limit: %s", async (_how, chunks) => {
    const error = await rejection(all(streamOf(sourceOf(chunks)).lines(5)));
    expect(error).toMatchObject({ name: "OutputLimitError", limit: 5 });
  });

  it("yields the lines before one that exceeds the limit, and lines of exactly the maximum length", async () => {
    const seen: string[] = [];
    const read = async () => {
      for await (const { line } of streamOf(sourceOf([frames([1, "12345\n1\n123456\n"])])).lines(5)) seen.push(line);
    };
    expect(await rejection(read())).toBeInstanceOf(OutputLimitError);
    expect(seen).toEqual(["12345", "1"]);
  });

  it("takes linear time for a line in many small pieces", async () => {
    const chunks = Array.from({ length: 200_000 }, () => Buffer.from("x"));
    const began = process.cpuUsage();
    const stream = new FrameStream(
      Readable.from([Buffer.concat(chunks.map((x) => frames([1, x])))]),
      new MultiplexDecoder(),
      false,
      exchangeOf(pushed()),
    );
    expect((await all(stream.lines())).map(({ line }) => line.length)).toEqual([200_000]);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(3000);
  });
});

describe("FrameStream.collect", () => {
  it("returns each stream as a whole", async () => {
    const { stdout, stderr } = await streamOf(sourceOf([frames([1, "a"], [2, "b"], [1, "c"])])).collect();
    expect([stdout.toString(), stderr.toString()]).toEqual(["ac", "b"]);
  });

  it("rejects output beyond the limit and ends the connection", async () => {
    expect((await streamOf(sourceOf([frames([1, "abc"], [2, "de"])])).collect(5)).stdout.length).toBe(3);
    const source = sourceOf([frames([1, "abc"]), frames([2, "def"])]);
    const error = await rejection(streamOf(source).collect(5));
    expect(error).toBeInstanceOf(OutputLimitError);
    expect(error).toMatchObject({ limit: 5, operation: "logs" });
    expect(source.destroyed).toBe(true);
  });
});

describe("FrameStream.split", () => {
  it("returns both streams, which end with the output", async () => {
    const { stdout, stderr } = streamOf(sourceOf([frames([1, "a"], [2, "b"]), frames([1, "c"])])).split();
    expect(await Promise.all([text(stdout), text(stderr)])).toEqual(["ac", "b"]);
  });

  it("advances only as fast as the slower reader", async () => {
    let given = 0;
    const source = new Readable({
      read() {
        given += 1;
        this.push(frames([1, Buffer.alloc(16 * 1024)], [2, "x"]));
      },
    });
    const { stdout, stderr } = streamOf(source).split();
    stderr.resume();
    await settle();
    await settle();
    expect(given).toBeLessThan(20);
    stdout.on("error", () => undefined).destroy();
    expect(await rejection(text(stderr))).toBeInstanceOf(OutputStreamError);
    expect(source.destroyed).toBe(true);
  });

  it("needs no error listener on a stream that is not read", async () => {
    const source = pushed();
    const { stdout, stderr } = streamOf(source).split();
    const failed = rejection(text(stdout));
    source.destroy(Object.assign(new Error(), { code: "ECONNRESET" }));
    expect(await failed).toBeInstanceOf(ProtocolError);
    await settle();
    expect(stderr.errored).toBeInstanceOf(ProtocolError);
  });

  it("fails both streams when the output is cut off", async () => {
    const source = pushed();
    const { stdout, stderr } = streamOf(source).split();
    source.push(frames([1, "a"]));
    source.destroy(Object.assign(new Error(), { code: "ECONNRESET" }));
    for (const error of await Promise.all([rejection(text(stdout)), rejection(text(stderr))])) {
      expect(error).toBeInstanceOf(ProtocolError);
    }
  });
});

describe("FrameStream.forward", () => {
  it("resolves once the sinks have accepted all output", async () => {
    const seen: string[] = [];
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        setImmediate(() => {
          seen.push(chunk.toString());
          done();
        });
      },
    });
    await streamOf(sourceOf([frames([1, "a"]), frames([2, "b"])])).forward({ outputStream: sink, errorStream: sink });
    expect(seen.join("")).toBe("ab");
  });
});
