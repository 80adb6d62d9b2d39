import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { idOf, parseBody } from "../../../lib/agent/rpc/envelope.js";

function single(text: string): { value: unknown; id: string | undefined } {
  const body = parseBody(Buffer.from(text));
  if (!("single" in body)) throw new Error("it is a batch");
  return { value: body.single.value, id: idOf(body.single) };
}

/** Spaces that JSON allows. */
const space = fc.stringMatching(/^[ \t\r\n]{0,2}$/);

/** JSON texts that JSON.parse and JSON.stringify would not return as they are, and those that they would. */
const rawValue = fc.oneof(
  fc.constantFrom(
    "1.0",
    "1e3",
    "-0",
    "9007199254740993",
    "1E+2",
    '"\\u0041"',
    '"a\\"b"',
    '"\\\\"',
    '{"a" : [1.0,{"id":2}]}',
    "[ 1 ]",
    "null",
  ),
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
);

const member = fc.tuple(fc.string(), rawValue).filter(([name]) => name !== "id");

describe("the ID of a request", () => {
  test("is returned as it was written, wherever it stands", () => {
    const request = fc.tuple(fc.array(member, { maxLength: 4 }), rawValue, fc.nat({ max: 4 }), space);
    fc.assert(
      fc.property(request, ([others, id, place, gap]) => {
        const members = others.map(([name, value]) => `${JSON.stringify(name)}${gap}:${gap}${value}`);
        members.splice(place, 0, `"id"${gap}:${gap}${id}`);
        const text = `${gap}{${gap}${members.join(`${gap},${gap}`)}${gap}}${gap}`;
        expect(single(text).id).toBe(id);
        const body = parseBody(Buffer.from(`[${gap}${text},[1,{}],"],[",${text}]`));
        expect("batch" in body && body.batch.map((each) => idOf(each))).toEqual([id, undefined, undefined, id]);
      }),
    );
  });

  test.each([
    ["of two, the last one counts", '{"id":1,"id":2.0}', "2.0"],
    ["its name may be escaped", '{"\\u0069d":7}', "7"],
    ["that of a member does not count", '{"params":{"id":1}}', undefined],
    ["a string with braces and quotation marks ends where it ends", '{"x":"}\\"{\\\\","id":"\\",{"}', '"\\",{"'],
    ["an array has none", '["id",1]', undefined],
    ["an empty object has none", "{}", undefined],
    ["a string has none", '"id"', undefined],
  ])("%s", (_, text, id) => {
    const body = parseBody(Buffer.from(text));
    if ("single" in body) expect(idOf(body.single)).toBe(id);
    else expect(body.batch.map((each) => idOf(each))).toEqual(body.batch.map(() => id));
  });

  test("may have a name of other case, where the caller decides so", () => {
    const body = parseBody(Buffer.from('{"ID":1.0}'));
    if (!("single" in body)) throw new Error("it is a batch");
    expect(idOf(body.single)).toBeUndefined();
    expect(idOf(body.single, (name) => name.toLowerCase() === "id")).toBe("1.0");
  });
});

describe("a body", () => {
  test.each([
    ["nothing", ""],
    ["a comma", ","],
    ["half an object", '{"id":1'],
    ["half a string", '"\\'],
    ["too many brackets", "{}}"],
    ["a byte order mark", "\ufeff{}"],
    ["two values", "{} {}"],
  ])("of %s is refused", (_, text) => {
    expect(() => parseBody(Buffer.from(text))).toThrow(SyntaxError);
  });

  test("of invalid UTF-8 is refused", () => {
    expect(() => parseBody(Buffer.from([0x22, 0xff, 0x22]))).toThrow(TypeError);
  });

  test("may be nested 64 levels deep, and no deeper", () => {
    const nested = (depth: number): Buffer => Buffer.from("[".repeat(depth) + "]".repeat(depth));
    expect(() => parseBody(nested(64))).not.toThrow();
    expect(() => parseBody(nested(65))).toThrow(RangeError);
    expect(() => parseBody(nested(10_000))).toThrow(RangeError);
  });

  // a regular expression took minutes for it: it began anew at each quotation mark
  test("of a megabyte of quotation marks that no string ends with is refused in no time", () => {
    const began = performance.now();
    expect(() => parseBody(Buffer.from(`"${'\\"'.repeat(524_000)}`))).toThrow(SyntaxError);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
