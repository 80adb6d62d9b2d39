import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  body,
  credentials,
  decimal,
  encodeFilters,
  type Field,
  filters,
  flag,
  integer,
  isKnown,
  jsonList,
  jsonMap,
  jsonMapNullable,
  member,
  notSent,
  pathParam,
  platformJson,
  platformString,
  repeated,
  repeatedPlatformJson,
  text,
  timestamp,
} from "../../../lib/core/fields/fields.js";
import { signal } from "../../../lib/core/fields/fields.js";
import { Signal } from "../../../lib/types/signal.js";

/** Encodes a value of any type. */
function encode(field: Field<never>, value: unknown): unknown {
  if (!("encode" in field)) throw new Error("the field is not sent");
  return field.encode(value as never);
}

const arm = { os: "linux", architecture: "arm64", variant: "v8" };

describe("a field", () => {
  it.each<[string, Field<never>, unknown, unknown]>([
    ["text", text("k"), "a b", "a b"],
    ["an empty string", text("k"), "", ""],
    ["path", pathParam, "a/b:c", "a/b:c"],
    ["true", flag("k"), true, "1"],
    ["false", flag("k"), false, "0"],
    ["integer", integer("k"), 42, "42"],
    ["integer zero", integer("k"), 0, "0"],
    ["a negative integer", integer("k"), -1, "-1"],
    ["decimal", decimal("k"), 10.35, "10.35"],
    ["decimal in its shortest form", decimal("k"), 0.1, "0.1"],
    ["decimal of a float32", decimal("k"), Math.fround(2.4), "2.4000000953674316"],
    ["decimal zero", decimal("k"), 0, "0"],
    ["timestamp", timestamp("k"), new Date(1500), "1.500000000"],
    ["repeated", repeated("k"), ["a", "b"], ["a", "b"]],
    ["repeated, with one value", repeated("k"), "a", ["a"]],
    ["repeated, without values", repeated("k"), [], []],
    ["JSON list", jsonList("k"), ["a", { b: 1 }], '["a",{"b":1}]'],
    ["JSON map", jsonMap("k"), { a: "b", c: "" }, '{"a":"b","c":""}'],
    ["JSON map with nulls", jsonMapNullable("k"), { HTTP_PROXY: null, A: "b" }, '{"HTTP_PROXY":null,"A":"b"}'],
    [
      "filters",
      filters({}),
      { label: ["a=b", "c"], dangling: true, exited: 0 },
      '{"label":["a=b","c"],"dangling":["true"],"exited":["0"]}',
    ],
    ["filters that are unset", filters({}), { label: undefined, name: "x" }, '{"name":["x"]}'],
    ["no filters", filters({}), {}, "{}"],
    ["a filter that is a time", filters({}), { until: new Date(1_500) }, '{"until":["1.500000000"]}'],
    ["platform as text", platformString("k"), "linux/arm64/v8", "linux/arm64/v8"],
    ["platform as text, from an object", platformString("k"), arm, "linux/arm64/v8"],
    ["platform as text, without a variant", platformString("k"), { os: "linux", architecture: "amd64" }, "linux/amd64"],
    ["platform as JSON", platformJson("k"), "linux/arm64/v8", '{"os":"linux","architecture":"arm64","variant":"v8"}'],
    ["platform as JSON, without a variant", platformJson("k"), "linux/amd64", '{"os":"linux","architecture":"amd64"}'],
    [
      "platform as JSON, with every member",
      platformJson("k"),
      { os: "windows", architecture: "amd64", "os.version": "10.0", "os.features": ["win32k"] },
      '{"os":"windows","architecture":"amd64","os.version":"10.0","os.features":["win32k"]}',
    ],
    [
      "platforms as JSON",
      repeatedPlatformJson("k"),
      ["linux/amd64", arm],
      ['{"os":"linux","architecture":"amd64"}', '{"os":"linux","architecture":"arm64","variant":"v8"}'],
    ],
    ["one platform of several", repeatedPlatformJson("k"), "linux/amd64", ['{"os":"linux","architecture":"amd64"}']],
    ["signal", signal("k"), Signal.SIGTERM, "SIGTERM"],
    ["signal without a name", signal("k"), 40, "40"],
    ["signal as text", signal("k"), "USR1", "USR1"],
    ["body", body(), { A: 1 }, { A: 1 }],
    ["member", member("k"), null, null],
  ])("encodes %s", (_kind, field, value, written) => {
    expect(encode(field, value)).toEqual(written);
  });

  const textual = [0, 1, true, null, {}, [], Symbol("s"), 1n, () => "x"];
  it.each<[string, Field<never>, unknown[]]>([
    ["text", text("k"), textual],
    ["path", pathParam, [...textual, "lone \ud800", "\udc00 surrogate"]],
    ["flag", flag("k"), [0, 1, "true", "1", null, {}, []]],
    ["integer", integer("k"), [1.5, NaN, Infinity, 2 ** 53, "1", "", true, null, {}, [1], 1n]],
    ["decimal", decimal("k"), [NaN, -Infinity, "1.5", true, null, {}, [1]]],
    ["timestamp", timestamp("k"), ["soon", NaN, new Date(NaN), true, null, {}]],
    ["repeated", repeated("k"), [1, [1], ["a", undefined], ["a", null], { 0: "a", length: 1 }, null, true]],
    ["JSON list", jsonList("k"), ["[]", {}, null, 1]],
    ["JSON map", jsonMap("k"), [{ a: 1 }, { a: null }, { a: undefined }, [], ["a"], "{}", null, 1]],
    ["JSON map with nulls", jsonMapNullable("k"), [{ a: 1 }, { a: undefined }, [], "{}", null]],
    [
      "filters",
      filters({}),
      [[], "label=a", null, { a: null }, { a: {} }, { a: [null] }, { a: [["b"]] }, { a: NaN }, { a: [Infinity] }],
    ],
    ["platform as text", platformString("k"), [{ os: "linux" }, { architecture: "arm64" }, 1, null, [], true]],
    ["platform as JSON", platformJson("k"), ["linux", "linux/", "/arm64", "a/b/c/d", "", { os: "linux" }, [], null, 1]],
    ["platforms as JSON", repeatedPlatformJson("k"), ["linux", ["linux/amd64", "linux"], [[]], null, 1]],
    ["signal", signal("k"), [0, -1, 1.5, NaN, null, true, {}]],
    ["body", body(), [[], "a", null, 1]],
  ])("of kind %s rejects values of other types", (_kind, field, values) => {
    for (const value of values) expect(encode(field, value), String(value)).toBeUndefined();
  });

  it("declares where and how it is sent", () => {
    expect([pathParam, text("k"), member("K"), notSent, credentials("X-Registry-Auth")].map((field) => field.in)).toEqual([
      "path",
      "query",
      "body",
      "notSent",
      "credentials",
    ]);
    expect(flag("k", { since: "1.30", removed: "1.40" })).toMatchObject({
      key: "k",
      encoding: "boolean",
      since: "1.30",
      removed: "1.40",
    });
    expect(filters<{ until?: string }>({ until: "1.44" }, { since: "1.31" })).toMatchObject({
      key: "filters",
      since: "1.31",
      parts: { until: "1.44" },
    });
    expect(member("HostConfig", { parts: { "HostConfig.Init": "1.25" } })).toMatchObject({
      parts: { "HostConfig.Init": "1.25" },
    });
    expect(body()).toMatchObject({ key: "", in: "body" });
    expect(credentials("X-Registry-Auth")).toMatchObject({ key: "X-Registry-Auth" });
  });
});

describe("encodeFilters", () => {
  it("returns every filter as a list of strings", () => {
    const value = fc.oneof(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.boolean());
    const given = fc.dictionary(fc.oneof(fc.string(), fc.constant("__proto__")), fc.oneof(value, fc.array(value)));
    fc.assert(
      fc.property(given, (names) => {
        const written = JSON.parse(encodeFilters(names) ?? "") as Record<string, string[]>;
        expect(Object.keys(written).sort()).toEqual(Object.keys(names).sort());
        for (const [name, own] of Object.entries(names))
          expect(Object.entries(written)).toContainEqual([name, [own].flat().map(String)]);
      }),
    );
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (value) => {
        const written = encodeFilters(value);
        if (written !== undefined) expect(typeof JSON.parse(written)).toBe("object");
      }),
    );
  });
});

describe("isKnown", () => {
  it.each([
    ["1.41", {}, true],
    ["1.41", { since: "1.41" }, true],
    ["1.41", { since: "1.42" }, false],
    ["1.9", { since: "1.10" }, false],
    ["1.41", { removed: "1.42" }, true],
    ["1.42", { removed: "1.42" }, false],
    ["1.43", { removed: "1.42" }, false],
    ["1.35", { since: "1.30", removed: "1.42" }, true],
    ["2.0", { since: "1.99" }, true],
  ])("in API %s, for %j, is %s", (version, bounds, known) => {
    expect(isKnown(version, bounds)).toBe(known);
  });
});
