import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { globExpression } from "../../../../../lib/engine/runtime/program/standard/glob.js";
import { posixRegex } from "../../../../../lib/engine/runtime/program/standard/regex.js";

const byteText = fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 20 });

describe("regular expressions of POSIX", () => {
  it.each([
    ["a\\{2,3\\}", false, ["aa", "aaa"], ["a", "b"]],
    ["a{2,3}", true, ["aa"], ["a"]],
    ["a{2,3}", false, ["a{2,3}"], ["aa"]],
    ["\\(a\\|b\\)c", false, ["ac", "bc"], ["c"]],
    ["(a|b)+c", true, ["abac"], ["c"]],
    ["a+", false, ["a+"], ["aa"]],
    ["a\\+", false, ["aa"], ["b"]],
    ["*a", false, ["*a"], ["a"]],
    ["\\(*a\\)", false, ["*a"], ["ba"]],
    ["^*a", false, ["*a"], ["a"]],
    ["[]a]", false, ["]", "a"], ["b"]],
    ["[^]a]", false, ["b"], ["]"]],
    ["[a\\]", false, ["\\", "a"], ["b"]],
    ["[[:alpha:]_-]", false, ["-", "_", "z"], ["1"]],
    ["[[.-.]a]", false, ["-"], ["b"]],
    ["[a-c-]", true, ["-", "b"], ["d"]],
    ["a$b", false, ["a$b"], ["a"]],
    ["a^b", false, ["a^b"], ["ab"]],
    ["(^a|b$)", true, ["ax", "xb"], ["xax"]],
    ["\\(ab\\)\\1", false, ["abab"], ["xy", "ab"]],
    ["a**", false, ["", "aaa"], []],
    ["(a*)+b", true, ["aab", "b"], ["a"]],
    ["\\<the\\>", false, ["the end"], ["then"]],
    ["a.c", false, ["a\nc", "abc"], ["ac"]],
    ["a{,2}b", true, ["b", "aab"], ["a"]],
  ] as const)("%s (extended: %s)", (pattern, isExtended, matching, others) => {
    const regex = posixRegex(pattern, { isExtended });
    for (const text of matching) expect(regex.test(text), text).toBe(true);
    for (const text of others) expect(regex.test(text), text).toBe(false);
  });

  it("match exactly the text that they quote", () => {
    fc.assert(
      fc.property(byteText, byteText, fc.boolean(), (text, other, isExtended) => {
        const special = isExtended ? /[\\^$.*+?()[\]{}|]/g : /[\\^$.*[\]]/g;
        const regex = posixRegex(text.replace(special, "\\$&"), { isExtended, matches: "line" });
        expect(regex.test(text)).toBe(true);
        expect(regex.test(other)).toBe(text === other);
      }),
    );
  });

  it("match the same as fixed strings", () => {
    fc.assert(
      fc.property(byteText, byteText, (pattern, text) => {
        expect(posixRegex(pattern, { isFixed: true }).test(text)).toBe(text.includes(pattern));
      }),
    );
  });

  it("match one of the characters in brackets", () => {
    const set = fc.uniqueArray(fc.integer({ min: 0x21, max: 0x7e }), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(set, fc.integer({ min: 1, max: 255 }), (codes, other) => {
        // a closing bracket stands first, a caret and a minus last
        const order = (code: number): number => [0x5d, 0x5e, 0x2d].indexOf(code) + (code === 0x5d ? -9 : 0);
        const sorted = [...codes].sort((a, b) => order(a) - order(b));
        if (sorted[0] === 0x5e) sorted.push(0x41);
        if (sorted[0] === 0x5e) sorted.reverse();
        const body = String.fromCharCode(...sorted);
        const isPlain = !/^\^|\[[.:=]|.-./.test(body);
        fc.pre(isPlain);
        expect(posixRegex(`[${body}]`, { matches: "line" }).test(String.fromCharCode(other))).toBe(sorted.includes(other));
      }),
    );
  });

  it("are translated or refused, whatever they are", () => {
    fc.assert(
      fc.property(byteText, fc.boolean(), (pattern, isExtended) => {
        try {
          posixRegex(pattern, { isExtended }).test("text");
        } catch (error) {
          expect(String(error)).toContain("bad regex");
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("patterns of file names", () => {
  it.each([
    ["*.c", ["a.c", ".c", "a/b.c"], ["a.h"]],
    ["?", ["a", "*"], ["ab", ""]],
    ["[!a-c]x", ["dx"], ["ax"]],
    ["[]]", ["]"], ["a"]],
    ["[a", ["[a"], ["a"]],
    ["\\*", ["*"], ["a"]],
    ["[[:digit:]]*", ["1a"], ["a1"]],
    ["[z-a]", [], ["a", "z"]],
  ] as const)("%s", (pattern, matching, others) => {
    for (const text of matching) expect(globExpression(pattern).test(text), text).toBe(true);
    for (const text of others) expect(globExpression(pattern).test(text), text).toBe(false);
  });

  it("match what they quote", () => {
    fc.assert(
      fc.property(byteText, byteText, (text, other) => {
        const pattern = globExpression(text.replace(/[\\*?[]/g, "\\$&"));
        expect(pattern.test(text)).toBe(true);
        expect(pattern.test(other)).toBe(text === other);
      }),
    );
  });
});
