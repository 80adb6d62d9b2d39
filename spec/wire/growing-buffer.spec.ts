import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GrowingBuffer } from "../../lib/wire/growing-buffer.js";

describe("GrowingBuffer", () => {
  it("returns all bytes in order and then is empty", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 400 }), { maxLength: 20 }), (pieces) => {
        const buffer = new GrowingBuffer();
        for (let round = 0; round < 2; round += 1) {
          for (const piece of pieces) buffer.append(piece);
          expect(buffer.length).toBe(Buffer.concat(pieces).length);
          expect(buffer.take()).toEqual(Buffer.concat(pieces));
          expect(buffer.length).toBe(0);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("keeps a copy and does not change the bytes that it has returned", () => {
    const buffer = new GrowingBuffer();
    const piece = Buffer.from("a");
    buffer.append(piece);
    piece[0] = 0;
    const taken = buffer.take();
    buffer.append(Buffer.from("b"));
    expect([taken.toString(), buffer.take().toString()]).toEqual(["a", "b"]);
  });

  it("takes linear time for any number of small pieces", () => {
    const buffer = new GrowingBuffer();
    const began = process.cpuUsage();
    for (let i = 0; i < 1_000_000; i += 1) buffer.append(Buffer.from("x"));
    expect(buffer.length).toBe(1_000_000);
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(5000);
  });
});
