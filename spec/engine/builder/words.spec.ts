import fc from "fast-check";
import { expect, test } from "vitest";
import { expandWord, expandWords, splitWords } from "../../../lib/engine/builder/words.js";

const values: Readonly<Record<string, string>> = { A: "one", B: "x y", EMPTY: "" };
const lookup = (name: string): string | undefined => values[name];

test.each([
  ["$A", "one"],
  ["${A}b", "oneb"],
  ["$Ab", ""],
  ["'$A'", "$A"],
  ['"$A $B"', "one x y"],
  ["\\$A", "$A"],
  ['"\\$A \\x"', "$A \\x"],
  ["${NO:-x${A}}", "xone"],
  ["${NO:-'}'}", "}"],
  ["${EMPTY:-d}", "d"],
  ["${EMPTY-d}", ""],
  ["${A:+set}", "set"],
  ["${EMPTY:+set}", ""],
  ["${EMPTY+set}", "set"],
  ["$", "$"],
  ["a\\ b", "a b"],
])("expands %s to %j", (text, expected) => {
  expect(expandWord(text, lookup)).toBe(expected);
});

test("takes a backtick as the escape character", () => {
  expect(expandWord("C:\\a`$A", lookup, "`")).toBe("C:\\a$A");
});

test.each([
  ["'a", "single-quote"],
  ['"a', "double-quote"],
  ["${A", "missing '}'"],
  ["${A:-b", "matching }"],
  ["${}", "bad substitution"],
  ["${A:!x}", "unsupported modifier (:!)"],
  ["${NO:?must be set}", "NO: must be set"],
])("refuses %s", (text, message) => {
  expect(() => expandWord(text, lookup)).toThrow(message);
});

test("splits unquoted values into words, but not quoted ones", () => {
  expect(expandWords("a $B \"$B\" 'c d'", lookup)).toEqual(["a", "x", "y", "x y", "c d"]);
});

test("keeps quotes when it only splits", () => {
  expect(splitWords(`a="b c" d\\ e 'f "g'`)).toEqual([`a="b c"`, "d\\ e", `'f "g'`]);
});

test("expands text without special characters to itself", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }).filter((text) => !/['"\\$]/.test(text)),
      (text) => {
        expect(expandWord(text, lookup)).toBe(text);
      },
    ),
  );
});

test("restores any text from single quotes and from escapes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      expect(expandWord(Array.from(text, (character) => `\\${character}`).join(""), lookup)).toBe(text);
      const quoted = `'${text.replaceAll("'", `'"'"'`)}'`;
      expect(expandWord(quoted, lookup)).toBe(text);
      expect(expandWords(quoted, lookup)).toEqual([text]);
      expect(splitWords(quoted)).toEqual([quoted]);
    }),
  );
});
