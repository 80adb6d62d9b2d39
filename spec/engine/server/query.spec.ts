import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { takeBytes, takeJson } from "../../../lib/engine/server/early-body.js";
import { filterFlag, matchesLabels, matchesPattern, parseFlag, Query } from "../../../lib/engine/server/query.js";

const query = (text: string): Query => new Query(new URLSearchParams(text));
const filters = (text: string): Query => new Query(new URLSearchParams({ filters: text }));

test.each([
  ["", false],
  ["a", false],
  ["a=0", false],
  ["a=No", false],
  ["a=none", false],
  ["a=%20false%20", false],
  ["a=1", true],
  ["a=anything", true],
  ["a=0&a=1", false],
])("the flag in %j is %j", (text, value) => {
  expect(query(text).flag("a")).toBe(value);
});

test("integers are checked, and repeated keys are kept", () => {
  expect(["t=5", "t=-1", "t=", ""].map((text) => query(text).integer("t"))).toEqual([5, -1, undefined, undefined]);
  expect(() => query("t=5s").integer("t")).toThrow('strconv.Atoi: parsing "5s": invalid syntax');
  expect(query("a=1&a=2").all("a")).toEqual(["1", "2"]);
  expect(query("").flag("a", true)).toBe(true);
});

test("filters are lists, or the maps of old clients", () => {
  expect([...filters('{"label":["a","b"],"name":{"x":true,"y":false}}').filters(["label", "name"])]).toEqual([
    ["label", ["a", "b"]],
    ["name", ["x", "y"]],
  ]);
  expect([...filters('{"label":null}').filters(["label"])]).toEqual([["label", []]]);
  expect(query("").filters([]).size).toBe(0);
  for (const text of ["{", "[]", "5", "true", '"a"', '{"a":["b"]}x', '{"a":[1]}', '{"a":"b"}', '{"a":{"b":1}}', '{"b":1}'])
    for (const place of ["", "error reading volume filters: "]) {
      const error = expect.objectContaining({ status: 400, message: `${place}invalid filter` }) as Error;
      expect(() => filters(text).filters(["a"], place), text).toThrow(error);
    }
  expect(() => filters('{"b":["x"]}').filters(["a"])).toThrow("invalid filter 'b'");
});

test("flags in filters are checked", () => {
  const of = (...values: string[]) => new Map([["dangling", values]]);
  expect(filterFlag(new Map(), "dangling", true)).toBe(true);
  expect(filterFlag(of("true"), "dangling", false)).toBe(true);
  expect(filterFlag(of("0"), "dangling", true)).toBe(false);
  expect(() => filterFlag(of("true", "false"), "dangling", false)).toThrow("invalid filter 'dangling=[true false]'");
  expect(() => filterFlag(of(), "dangling", true)).toThrow("invalid filter 'dangling'");
  expect(parseFlag(of("T"), "dangling")).toBe(true);
  expect(() => parseFlag(of("yes"), "dangling")).toThrow("strconv.ParseBool");
  expect(() => parseFlag(of("1", "1"), "dangling")).toThrow("only one value is expected");
});

test("labels and patterns are matched", () => {
  expect(matchesLabels({ a: "b=c" }, ["a", "a=b=c"])).toBe(true);
  expect(matchesLabels({ a: "b" }, ["a=c"])).toBe(false);
  expect(matchesLabels({}, ["toString"])).toBe(false);
  expect(matchesPattern("web-1", ["^web"])).toBe(true);
  expect(matchesPattern("web", ["[", "x"])).toBe(false);
  expect(matchesPattern("[", ["["])).toBe(true);
});

test("a JSON value is taken off a stream at any split, and the rest stays", async () => {
  const json = '{"a":"}\\"{","b":{"c":[]}}';
  const all = `${json}rest}`;
  for (let at = 1; at < all.length; at += 1) {
    const stream = new PassThrough();
    stream.write(all.slice(0, at));
    const taken = takeJson(stream, 100);
    stream.end(all.slice(at));
    expect((await taken).toString(), `split at ${at}`).toBe(json);
    expect((await stream.toArray()).join("")).toBe("rest}");
  }
});

test("a body that is too large or ends early is refused", async () => {
  const stream = (text: string): PassThrough => new PassThrough().end(text);
  await expect(takeJson(stream('{"a":'), 100)).rejects.toThrow("unexpected EOF");
  await expect(takeJson(stream('{"a":"long"}'), 5)).rejects.toThrow("larger than 5 bytes");
  await expect(takeBytes(stream("abc"), 5, 4)).rejects.toThrow("larger than 4 bytes");
  await expect(takeBytes(stream("abc"), 5, 9)).rejects.toThrow("unexpected EOF");
  expect((await takeBytes(stream("abc"), 2, 9)).toString()).toBe("ab");
});
