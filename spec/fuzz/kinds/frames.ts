import fc from "fast-check";
import { ProtocolError } from "../../../lib/errors/connection-errors.js";
import { encodeFrame, MultiplexDecoder } from "../../../lib/wire/frames.js";
import { cut, cuts, Finding, type KindFactory, mustEqual, mutated, mutations, Outcomes } from "../kind.js";

interface Read {
  /** Streams and their data in hexadecimal digits. Empty data is omitted, and consecutive data of one stream is joined. */
  data: [stream: number, hex: string][];
  isValid: boolean;
}

function add(data: Read["data"], stream: number, bytes: Buffer): void {
  const last = data.at(-1);
  if (bytes.length === 0) return;
  if (last?.[0] === stream) last[1] += bytes.toString("hex");
  else data.push([stream, bytes.toString("hex")]);
}

/** Reads the bytes as a whole. */
function reference(bytes: Buffer): Read {
  const data: Read["data"] = [];
  let at = 0;
  while (at + 8 <= bytes.length) {
    const stream = bytes[at] ?? 0;
    if (stream > 3 || bytes.readUIntBE(at + 1, 3) !== 0) return { data, isValid: false };
    const length = bytes.readUInt32BE(at + 4);
    // a frame of standard input counts as output
    add(data, stream || 1, bytes.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return { data, isValid: at === bytes.length };
}

function decoded(pieces: readonly Buffer[], together: boolean): Read {
  const decoder = new MultiplexDecoder();
  const data: Read["data"] = [];
  const held: { stream: number; bytes: Buffer; hex: string }[] = [];
  try {
    for (const piece of pieces) {
      decoder.decode(
        piece,
        (stream, bytes) => {
          add(data, stream, bytes);
          held.push({ stream, bytes, hex: bytes.toString("hex") });
        },
        together,
      );
    }
    decoder.end();
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return { data, isValid: false };
  }
  if (held.some(({ bytes, hex }) => bytes.toString("hex") !== hex)) throw new Finding("data changes after it was passed on");
  return { data, isValid: true };
}

/** Frames, some with wrong headers, cut anywhere. */
export const frames: KindFactory = () => {
  const outcomes = new Outcomes();
  const one = fc.tuple(
    fc.oneof({ weight: 30, arbitrary: fc.nat({ max: 3 }) }, { weight: 1, arbitrary: fc.nat({ max: 255 }) }),
    fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.uint8Array({ maxLength: 60 }),
      fc.nat({ max: 3_000 }).map((n) => new Uint8Array(n)),
    ),
  );
  const property = fc.property(
    fc.array(one, { maxLength: 12 }),
    mutations(["\x00", "\x01\x00\x00\x00\x00\x00\x00\x01"]),
    cuts(),
    fc.boolean(),
    (all, changes, places, together) => {
      const bytes = mutated(Buffer.concat(all.map(([stream, data]) => encodeFrame(stream, data))), changes);
      const expected = reference(bytes);
      mustEqual("frames", decoded(cut(bytes, places), together), expected);
      outcomes.count(expected.isValid ? "valid" : "rejected");
    },
  );
  return { about: "frames against a naive reader", property, outcomes, close: () => undefined };
};
