import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ProtocolError } from "../../lib/errors/connection-errors.js";
import { encodeFrame, MultiplexDecoder, rawDecoder, type StreamName, streamName } from "../../lib/wire/frames.js";
import { frames } from "../support/recording-daemon.js";
import { cuts } from "../support/streams.js";

type Part = [stream: number, data: Buffer];

const parts = fc.array(
  fc.tuple(
    fc.nat({ max: 3 }),
    fc.oneof(
      fc.uint8Array({ maxLength: 3 }).map((bytes) => Buffer.from(bytes)),
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    ),
  ),
  { maxLength: 20 },
) as fc.Arbitrary<Part[]>;

/** Decodes, and joins consecutive data of one stream. */
function decoded(chunks: readonly Buffer[]): Part[] {
  const decoder = new MultiplexDecoder();
  const found: Part[] = [];
  for (const chunk of chunks) decoder.decode(chunk, (stream, data) => found.push([stream, data]));
  decoder.end();
  return joined(found);
}

/** Joins consecutive data of one stream. Frames of standard input are standard output. */
function joined(pieces: readonly Part[]): Part[] {
  const result: Part[] = [];
  for (const [number, data] of pieces) {
    const stream = number === 0 ? 1 : number;
    const last = result.at(-1);
    if (data.length === 0) continue;
    if (last?.[0] === stream) last[1] = Buffer.concat([last[1], data]);
    else result.push([stream, Buffer.from(data)]);
  }
  return result;
}

describe("encodeFrame", () => {
  it("produces data that decodes to the same frames for any split", () => {
    fc.assert(
      fc.property(
        parts.chain((given) => {
          const bytes = Buffer.concat(given.map(([stream, data]) => encodeFrame(stream, data)));
          return fc.tuple(fc.constant(given), cuts(bytes));
        }),
        ([given, chunks]) => {
          expect(decoded(chunks)).toEqual(joined(given));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("produces data that decodes to the same frames when split at any byte", () => {
    const given: [StreamName, string][] = [
      ["stdout", "out\n"],
      ["stderr", "\u00e4"],
      ["stdout", ""],
    ];
    const bytes = Buffer.concat(given.map(([stream, text]) => encodeFrame(stream, text)));
    const expected = joined(given.map(([stream, text]) => [stream === "stdout" ? 1 : 2, Buffer.from(text)]));
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(decoded([Buffer.from(bytes.subarray(0, at)), Buffer.from(bytes.subarray(at))])).toEqual(expected);
    }
  });

  it("writes the stream, three zeros and the length in bytes, big-endian", () => {
    expect(encodeFrame("stderr", "\u00e4b")).toEqual(Buffer.from([2, 0, 0, 0, 0, 0, 0, 3, 0xc3, 0xa4, 0x62]));
    expect(encodeFrame(3, Buffer.alloc(0x010203)).subarray(0, 8)).toEqual(Buffer.from([3, 0, 0, 0, 0, 1, 2, 3]));
  });
});

describe("streamName", () => {
  it("names the output streams and no others", () => {
    expect([0, 1, 2].map((stream) => streamName(stream))).toEqual(["stdout", "stdout", "stderr"]);
  });
});

describe("MultiplexDecoder", () => {
  it("treats frames of standard input as standard output, whole or in pieces, joined or not", () => {
    const bytes = frames([0, "a"], [1, "b"], [0, "c"], [2, "d"], [0, ""]);
    for (let at = 0; at <= bytes.length; at += 1) {
      const chunks = [Buffer.from(bytes.subarray(0, at)), Buffer.from(bytes.subarray(at))];
      expect(decoded(chunks)).toEqual([
        [1, Buffer.from("abc")],
        [2, Buffer.from("d")],
      ]);
    }
    const writes: string[] = [];
    new MultiplexDecoder().decode(bytes, (stream, data) => writes.push(`${stream}${data.toString()}`), true);
    expect(writes).toEqual(["1abc", "2d"]);
  });

  it("passes every stream its bytes in order, for any split", () => {
    fc.assert(
      fc.property(
        parts.chain((given) => fc.tuple(fc.constant(given), cuts(frames(...given)))),
        ([given, chunks]) => {
          expect(decoded(chunks)).toEqual(joined(given));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("decodes a stream split at any byte", () => {
    const given: Part[] = [
      [1, Buffer.from("out\n")],
      [2, Buffer.from("")],
      [2, Buffer.from("e")],
      [0, Buffer.from("in")],
      [3, Buffer.from("system")],
    ];
    const bytes = frames(...given);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(decoded([Buffer.from(bytes.subarray(0, at)), Buffer.from(bytes.subarray(at))])).toEqual(joined(given));
    }
  });

  it("passes on a frame larger than a chunk in pieces, without buffering it", () => {
    const decoder = new MultiplexDecoder();
    const payload = Buffer.alloc(100, "x");
    const bytes = frames([1, payload]);
    const seen: number[] = [];
    for (const chunk of [bytes.subarray(0, 30), bytes.subarray(30, 60), bytes.subarray(60)]) {
      decoder.decode(chunk, (_stream, data) => {
        expect(data.buffer).toBe(chunk.buffer);
        seen.push(data.length);
      });
    }
    expect(seen).toEqual([22, 30, 48]);
  });

  it("reads lengths of more than two gigabytes", () => {
    const decoder = new MultiplexDecoder();
    decoder.decode(Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]), () => undefined);
    decoder.decode(Buffer.alloc(10), () => undefined);
    expect(() => decoder.end()).toThrow(`${2 ** 32 - 1 - 10} bytes of a frame`);
  });

  it.each([
    ["an unknown stream", [4, 0, 0, 0, 0, 0, 0, 1]],
    ["the largest stream", [255, 0, 0, 0, 0, 0, 0, 1]],
    ["a first byte of padding", [1, 1, 0, 0, 0, 0, 0, 1]],
    ["a second byte of padding", [1, 0, 1, 0, 0, 0, 0, 1]],
    ["a third byte of padding", [1, 0, 0, 1, 0, 0, 0, 1]],
    ["text", [...Buffer.from("hello wo")]],
  ])("rejects %s for any split of the header, and quotes the header", (_name, header) => {
    for (let at = 0; at <= header.length; at += 1) {
      const decoder = new MultiplexDecoder();
      const decode = () => {
        for (const chunk of [header.slice(0, at), header.slice(at)]) decoder.decode(Buffer.from(chunk), () => undefined);
      };
      expect(decode).toThrow(ProtocolError);
      expect(decode).toThrow(/unknown stream/);
    }
    expect(() => new MultiplexDecoder().decode(Buffer.from(header), () => undefined)).toThrow(
      Buffer.from(header).toString("hex"),
    );
  });

  it("detects every truncation", () => {
    const bytes = frames([1, "a"], [2, "bc"]);
    const whole = new Set([0, 9, bytes.length]);
    for (let length = 0; length <= bytes.length; length += 1) {
      const decoder = new MultiplexDecoder();
      decoder.decode(Buffer.from(bytes.subarray(0, length)), () => undefined);
      if (whole.has(length)) expect(() => decoder.end()).not.toThrow();
      else expect(() => decoder.end()).toThrow(ProtocolError);
    }
  });

  it("reports the missing bytes", () => {
    const decoder = new MultiplexDecoder();
    decoder.decode(Buffer.from([1, 0, 0]), () => undefined);
    expect(() => decoder.end()).toThrow("part of a frame's header");
  });
});

describe("rawDecoder", () => {
  it("treats all data as output", () => {
    const found: Part[] = [];
    rawDecoder.decode(Buffer.from([2, 0, 0, 0, 0, 0, 0, 1]), (stream, data) => found.push([stream, data]));
    rawDecoder.end();
    expect(found).toEqual([[1, Buffer.from([2, 0, 0, 0, 0, 0, 0, 1])]]);
  });
});

describe("MultiplexDecoder with joined frames", () => {
  it("joins the payloads of each run", () => {
    fc.assert(
      fc.property(
        parts.chain((given) => fc.tuple(fc.constant(given), cuts(frames(...given)))),
        ([given, chunks]) => {
          const decoder = new MultiplexDecoder();
          const writes: Part[] = [];
          const perChunk: number[][] = [];
          for (const chunk of chunks) {
            perChunk.push([]);
            const sink = (stream: number, data: Buffer) => {
              // kept without a copy, as by a slow sink
              writes.push([stream, data]);
              perChunk.at(-1)?.push(stream);
            };
            decoder.decode(chunk, sink, true);
          }
          expect(joined(writes)).toEqual(joined(given));
          // two writes in a row to one stream could have been one
          for (const streams of perChunk) streams.forEach((stream, i) => expect(stream).not.toBe(streams[i - 1]));
        },
      ),
      { numRuns: 300 },
    );
  });

  it("does not modify the memory around a chunk", () => {
    const bytes = frames([1, "ab"], [1, "cd"], [2, "e"], [1, "f"]);
    const memory = Buffer.alloc(bytes.length + 20, "#");
    bytes.copy(memory, 10);
    const written: string[] = [];
    const sink = (stream: number, data: Buffer) => written.push(`${stream}${data.toString()}`);
    new MultiplexDecoder().decode(memory.subarray(10, 10 + bytes.length), sink, true);
    expect(written).toEqual(["1abcd", "2e", "1f"]);
    expect(memory.subarray(0, 10).toString() + memory.subarray(-10).toString()).toBe("#".repeat(20));
  });

  it("passes on data before a malformed frame", () => {
    const written: string[] = [];
    const bytes = Buffer.concat([frames([1, "ab"], [1, "cd"]), Buffer.from("nonsense")]);
    const sink = (_stream: number, data: Buffer) => written.push(data.toString());
    expect(() => new MultiplexDecoder().decode(bytes, sink, true)).toThrow(ProtocolError);
    expect(written).toEqual(["abcd"]);
  });
});
