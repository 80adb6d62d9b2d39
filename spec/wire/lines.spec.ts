import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LineSplitter } from "../../lib/wire/lines.js";
import { cuts } from "../support/streams.js";

const excess = () => new RangeError("too long");

function linesOf(chunks: readonly Buffer[], limit = 100): string[] {
  const splitter = new LineSplitter(limit, excess);
  const lines: string[] = [];
  for (const chunk of chunks) splitter.read(chunk, (line) => lines.push(line));
  const rest = splitter.end();
  return rest === undefined ? lines : [...lines, rest];
}

describe("LineSplitter", () => {
  it("returns the same lines however the bytes are split", () => {
    fc.assert(
      fc.property(cuts(Buffer.from("ä€\r\n\n😀 x\r\r\nlast😀")), (chunks) => {
        expect(linesOf(chunks)).toEqual(["ä€", "", "😀 x\r", "last😀"]);
      }),
      { numRuns: 100 },
    );
  });

  it("returns nothing after the last line ending", () => {
    expect(linesOf([Buffer.from("a\n")])).toEqual(["a"]);
    expect(linesOf([])).toEqual([]);
  });

  it("rejects a line of more bytes than the limit, however it is split", () => {
    const split = (text: string) =>
      fc.assert(
        fc.property(cuts(Buffer.from(text)), (chunks) => {
          linesOf(chunks, 6);
        }),
        { numRuns: 50 },
      );
    expect(() => split("a\n€€\nb\n123456\n123456")).not.toThrow();
    for (const text of ["€€x\n", "a\n1234567\nb\n", "a\n1234567"]) {
      fc.assert(
        fc.property(cuts(Buffer.from(text)), (chunks) => {
          expect(() => linesOf(chunks, 6)).toThrow(RangeError);
        }),
        { numRuns: 50 },
      );
    }
  });
});
