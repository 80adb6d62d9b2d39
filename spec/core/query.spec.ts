import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimal, flag, integer, jsonMap, member, type QueryFields, text } from "../../lib/core/fields/fields.js";
import { operation } from "../../lib/core/operation.js";
import { encodeQuery, prepare } from "../../lib/core/prepare.js";

interface Dimensions {
  all?: boolean | undefined;
  before?: string | undefined;
  since?: string | undefined;
  x?: number | undefined;
  y?: number | undefined;
  zee?: number | undefined;
  p?: Readonly<Record<string, string>> | undefined;
  ignored?: string | undefined;
}

const fields: QueryFields<Dimensions> = {
  all: flag("all"),
  before: text("before"),
  since: text("since"),
  x: integer("x"),
  y: decimal("y"),
  zee: decimal("zee"),
  p: jsonMap("p"),
  ignored: { ...member("ignored"), in: "notSent" },
};
const dimensions = operation<Dimensions>({ name: "specDimensions", method: "GET", path: "/x", fields });
const queryOf = (options: Dimensions) => prepare(dimensions, options).query;

describe("options from go-dockerclient's fixtures", () => {
  it.each<[Dimensions, string]>([
    [{ all: true }, "all=1"],
    [{ before: "something", since: "other" }, "before=something&since=other"],
    [{ since: "other", before: "something" }, "before=something&since=other"],
    [{ x: 10, y: 10.35 }, "x=10&y=10.35"],
    [{ zee: Math.fround(2.4) }, "zee=2.4000000953674316"],
    [{ p: { Name: "gopher" } }, "p=%7B%22Name%22%3A%22gopher%22%7D"],
    [{ ignored: "x" }, ""],
    [{}, ""],
  ])("%j are encoded as %j", (options, query) => {
    expect(queryOf(options)).toBe(query);
  });

  it.each<[string, Dimensions, string]>([
    ["false", { all: false }, "all=0"],
    ["zero", { x: 0 }, "x=0"],
    ["a negative number", { x: -1, y: -2.5 }, "x=-1&y=-2.5"],
    ["an empty string", { before: "" }, "before="],
    ["an empty map", { p: {} }, "p=%7B%7D"],
  ])("include %s, which go-dockerclient omits as a zero value", (_value, options, query) => {
    expect(queryOf(options)).toBe(query);
  });

  it("are omitted if undefined", () => {
    expect(queryOf({ all: undefined, before: undefined, x: undefined, p: undefined })).toBe("");
  });
});

describe("encodeQuery", () => {
  it.each([
    [{ a: "b c" }, "a=b+c"],
    [{ a: "b+c&d=e#f?g/h" }, "a=b%2Bc%26d%3De%23f%3Fg%2Fh"],
    [{ a: "é😀\u0000\r\n" }, "a=%C3%A9%F0%9F%98%80%00%0D%0A"],
    [{ a: ["x", "y", "x"] }, "a=x&a=y&a=x"],
    [{ a: [] }, ""],
    [{ a: [""] }, "a="],
    [{ b: "1", a: "2", C: "3" }, "C=3&a=2&b=1"],
    [{ "a[b]": "c", "d.e": "f" }, "a%5Bb%5D=c&d.e=f"],
    [{}, ""],
  ])("writes %j as %j", (query, written) => {
    expect(encodeQuery(query)).toBe(written);
  });

  it("returns a query that URLSearchParams reads back unchanged", () => {
    const value = fc.string({ unit: "grapheme" });
    const key = fc.string({ unit: "grapheme", minLength: 1 });
    fc.assert(
      fc.property(fc.dictionary(key, fc.oneof(value, fc.array(value, { maxLength: 4 }))), (query) => {
        const written = encodeQuery(query);
        expect(written).toMatch(/^[!-~]*$/);
        const expected = Object.entries(query)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .flatMap(([name, own]) => [own].flat().map((each) => [name, each]));
        expect([...new URLSearchParams(written)]).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it("returns the same string for the same options in any order", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (query) => {
        expect(encodeQuery(Object.fromEntries(Object.entries(query).reverse()))).toBe(encodeQuery(query));
      }),
    );
  });

  it("replaces a lone surrogate, as URLSearchParams does", () => {
    expect(encodeQuery({ a: "x\ud800y" })).toBe(new URLSearchParams({ a: "x\ud800y" }).toString());
  });
});
