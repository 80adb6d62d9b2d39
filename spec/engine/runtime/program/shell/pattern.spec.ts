import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matches, removeMatch, type Segment } from "../../../../../lib/engine/runtime/program/shell/pattern.js";

const pattern = (text: string): Segment[] => [{ text, quoted: false }];
const quoted = (text: string): Segment[] => [{ text, quoted: true }];

describe("a pattern", () => {
  it("matches its own text when it is quoted, whatever the characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(matches(quoted(text), text)).toBe(true);
      }),
    );
  });

  it("matches everything with a star, and one character with a question mark", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(matches(pattern("*"), text)).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(matches(pattern("?"), text)).toBe(Array.from(text).length === 1);
      }),
    );
  });

  it("never fails", () => {
    const texts = fc.string({ unit: fc.constantFrom("[", "]", "!", "^", "-", "\\", "*", "a", "z", "[:alpha:]", "{", "(") });
    fc.assert(
      fc.property(texts, fc.string(), (source, text) => {
        expect(matches(pattern(source), text)).toBeTypeOf("boolean");
      }),
    );
  });

  it.for([
    ["[a-c]x", "bx", true],
    ["[!a-c]x", "bx", false],
    ["[]]", "]", true],
    ["[a-]", "-", true],
    ["[[:digit:]x]", "7", true],
    ["[a", "[a", true],
    ["\\*", "*", true],
    ["\\*", "x", false],
    ["a-b", "a-b", true],
    ["a{2}", "aa", false],
  ] as const)("%s against %s: %s", ([source, text, expected]) => expect(matches(pattern(source), text)).toBe(expected));

  it("removes the shortest or the longest match at one end, which is a prefix or a suffix", () => {
    expect(
      (["#", "##", "%", "%%"] as const).map((operator) =>
        removeMatch("a.b.c", pattern(operator.startsWith("#") ? "*." : ".*"), operator),
      ),
    ).toEqual(["b.c", "c", "a.b", "a"]);
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: fc.constantFrom("*", "?", "a", "b") }), (text, source) => {
        expect(text.endsWith(removeMatch(text, pattern(source), "##"))).toBe(true);
        expect(text.startsWith(removeMatch(text, pattern(source), "%%"))).toBe(true);
        expect(removeMatch(text, pattern(source), "#").length).toBeGreaterThanOrEqual(
          removeMatch(text, pattern(source), "##").length,
        );
      }),
    );
  });
});
