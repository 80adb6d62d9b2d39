import { expect, test } from "vitest";
import { parseJson } from "../../lib/engine/bounded-json.js";

const nested = (depth: number, [open, close]: readonly [string, string] = ["[", "]"]): string =>
  `${open.repeat(depth)}${close.repeat(depth)}`;

test("reads JSON as JSON.parse does", () => {
  expect(parseJson('{"a":[1,"x"]}')).toEqual({ a: [1, "x"] });
  expect(() => parseJson('{"a":')).toThrow(SyntaxError);
});

test("refuses what is nested more than a thousand levels deep", () => {
  expect(() => parseJson(nested(1_000))).not.toThrow();
  expect(() => parseJson(nested(1_001))).toThrow(new SyntaxError("exceeded max depth"));
  expect(() => parseJson(`${'{"a":'.repeat(1_001)}1${"}".repeat(1_001)}`)).toThrow("exceeded max depth");
});

test("what it reads can be copied and written again", () => {
  const value = parseJson(nested(1_000));
  expect(JSON.stringify(structuredClone(value))).toBe(nested(1_000));
});

test("brackets in strings and one after another do not nest", () => {
  const list = [nested(2_000), '"['.repeat(2_000), "\\".repeat(3), ...Array.from({ length: 2_000 }, () => [])];
  expect(parseJson(JSON.stringify(list))).toEqual(list);
});
