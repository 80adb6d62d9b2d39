import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noSuchContainer } from "../../lib/core/errors/container.js";
import {
  body,
  credentials,
  filters,
  type FilterValue,
  flag,
  integer,
  jsonList,
  member,
  notSent,
  pathParam,
  repeated,
  text,
} from "../../lib/core/fields/fields.js";
import { bodyFor } from "../../lib/core/gates.js";
import { boundsOf, describeOperations, describeOptions, type Operation, operation } from "../../lib/core/operation.js";
import { prepare } from "../../lib/core/prepare.js";
import { NoSuchContainerError } from "../../lib/errors/container-errors.js";
import { InvalidOptionError, UnsupportedVersionError } from "../../lib/errors/usage-errors.js";

interface Options {
  id: string;
  path?: string | undefined;
  all?: boolean | undefined;
  limit?: number | undefined;
  names?: string | readonly string[] | undefined;
  gone?: string | undefined;
  recent?: boolean | undefined;
  between?: boolean | undefined;
  filters?: { label?: FilterValue; until?: FilterValue } | undefined;
  config?: object | undefined;
  hostConfig?: object | undefined;
  late?: boolean | undefined;
  list?: readonly unknown[] | undefined;
  token?: string | undefined;
  auth?: object | undefined;
  onProgress?: (() => void) | undefined;
}

const probe = operation<Options>({
  name: "specProbe",
  method: "POST",
  path: "/things/{id}/probe",
  since: "1.25",
  fields: {
    id: pathParam,
    path: text("path"),
    all: flag("all"),
    limit: integer("limit"),
    names: repeated("name"),
    gone: text("gone", { removed: "1.42" }),
    recent: flag("recent", { since: "1.44" }),
    between: flag("between", { since: "1.30", removed: "1.40" }),
    filters: filters<{ label?: FilterValue; until?: FilterValue }>({ label: true, until: "1.44" }),
    config: body(),
    hostConfig: member("HostConfig", {
      members: { Init: "value", Kernel: "value", Mode: "value", Job: "value", Mounts: [{ Deep: { Part: "value" } }] },
      parts: {
        "HostConfig.Init": "1.25",
        "HostConfig.Mounts[].Deep.Part": "1.45",
        "HostConfig.Job": "1.41",
        "HostConfig.Mode": "1.41",
      },
      removedParts: { "HostConfig.Kernel": "1.42" },
      defaults: { "HostConfig.Job": [], "HostConfig.Mode": ["", "host"] },
    }),
    late: member("Late", { since: "1.44", defaults: { Late: [true] } }),
    list: jsonList("list"),
    token: { ...text("X-Token"), in: "header" },
    auth: credentials("X-Registry-Auth"),
    onProgress: notSent,
  },
});

const specOther = operation<{ first: string; second: string }>({
  name: "specOther",
  method: "GET",
  path: "/a/{first}/b/{second}",
  fields: { first: pathParam, second: pathParam },
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

const apiErrorFrom = (options: unknown) => thrownBy(() => prepare(probe, options as Options));

describe("prepare", () => {
  it("places every option in the path, query, headers or body", () => {
    const prepared = prepare(probe, {
      id: "x",
      path: "/etc",
      all: false,
      limit: 0,
      names: ["b", "a"],
      filters: { label: "l" },
      config: { Image: "busybox" },
      hostConfig: { Init: true },
      token: "t",
      auth: { password: "sesame" },
      onProgress: () => undefined,
    });
    expect(prepared).toMatchObject({
      path: "/things/x/probe",
      query: "all=0&filters=%7B%22label%22%3A%5B%22l%22%5D%7D&limit=0&name=b&name=a&path=%2Fetc",
      headers: { "X-Token": "t" },
      body: '{"Image":"busybox","HostConfig":{"Init":true}}',
    });
    expect(JSON.stringify(prepared)).not.toContain("sesame");
  });

  it("has no query, headers or body without options for them", () => {
    expect(prepare(probe, { id: "x" })).toMatchObject({
      path: "/things/x/probe",
      query: "",
      headers: undefined,
      body: undefined,
    });
  });

  it("treats only undefined as unset", () => {
    expect(prepare(probe, { id: "x", all: undefined, limit: undefined, config: undefined, token: undefined })).toEqual(
      prepare(probe, { id: "x" }),
    );
    expect(prepare(probe, { id: "x", path: "" }).query).toBe("path=");
    expect(apiErrorFrom({ id: "x", path: null })).toMatchObject({ option: "path", code: "ERR_INVALID_OPTION" });
  });

  it.each([
    ["a/b", "a%2Fb"],
    ["registry:5000/name:tag@sha256:0", "registry%3A5000%2Fname%3Atag%40sha256%3A0"],
    ["a..b", "a..b"],
    ["a?b=c&d#e", "a%3Fb%3Dc%26d%23e"],
    ["a b+%2F", "a%20b%2B%252F"],
    ["a\r\nX-Evil: 1", "a%0D%0AX-Evil%3A%201"],
    ["é😀", "%C3%A9%F0%9F%98%80"],
    ["{id}$&$'", "%7Bid%7D%24%26%24'"],
    ["...", "..."],
  ])("percent-encodes %j in the path", (id, encoded) => {
    expect(prepare(probe, { id }).path).toBe(`/things/${encoded}/probe`);
  });

  it("keeps every path parameter within its segment", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", minLength: 1 }),
        fc.string({ unit: "grapheme", minLength: 1 }),
        (first, second) => {
          // such segments are rejected
          fc.pre(![first, second].some((part) => part.split(/[/\\]/).some((segment) => segment === "." || segment === "..")));
          const { path } = prepare(specOther, { first, second });
          const url = new URL(path, "http://engine");
          expect(url.pathname).toBe(path);
          expect(path.split("/").map(decodeURIComponent)).toEqual(["", "a", first, "b", second]);
        },
      ),
    );
  });

  it.each([".", ".."])("rejects %j as a path parameter", (id) => {
    expect(apiErrorFrom({ id })).toMatchObject({ name: "InvalidOptionError", option: "id", operation: "specProbe" });
  });

  it("rejects a lone surrogate in a path parameter", () => {
    expect(apiErrorFrom({ id: "\ud800" })).toBeInstanceOf(InvalidOptionError);
  });

  it("reports an empty path parameter as the 404 of the operation", () => {
    const error = thrownBy(() => prepare({ ...probe, errors: () => ({ 404: noSuchContainer("") }) }, { id: "" }));
    expect(error).toBeInstanceOf(NoSuchContainerError);
    expect(error).toMatchObject({ status: 404, operation: "specProbe", method: "POST", id: "" });
  });

  it("rejects an empty path parameter of an operation without a typed 404", () => {
    expect(apiErrorFrom({ id: "" })).toBeInstanceOf(InvalidOptionError);
    expect(thrownBy(() => prepare(specOther, { first: "a", second: "" }))).toBeInstanceOf(InvalidOptionError);
  });

  it.each([[{}], [{ id: undefined }], [{ all: true }]])("requires the path parameters: %j", (options) => {
    expect(apiErrorFrom(options)).toMatchObject({ option: "id", message: 'specProbe needs the option "id"' });
  });

  it.each([undefined, null, "x", 1])("rejects %j in place of options", (options) => {
    expect(apiErrorFrom(options)).toBeInstanceOf(InvalidOptionError);
  });

  it.each(["ID", "Id", "constructor", "__proto__", "toString", "signal"])("rejects the unknown option %j", (option) => {
    const error = apiErrorFrom(JSON.parse(`{"id":"x",${JSON.stringify(option)}:"y"}`));
    expect(error).toMatchObject({ name: "InvalidOptionError", option, operation: "specProbe" });
    const near = option.toLowerCase() === "id" ? 'did you mean "id"?' : "known options: id, path, all";
    expect((error as Error).message).toContain(near);
  });

  it.each([
    ["limit", "5", 'specProbe: option "limit" must be a whole number, not another string'],
    ["limit", null, 'specProbe: option "limit" must be a whole number, not null'],
    ["all", 1, 'specProbe: option "all" must be true or false, not number'],
    ["path", ["a"], 'specProbe: option "path" must be a string, not an array'],
    ["config", [], 'specProbe: option "config" must be an object, not an array'],
    ["id", 5, 'specProbe: option "id" must be a string, not number'],
  ])("names the expected type of option %s for %j", (option, value, message) => {
    expect(apiErrorFrom({ id: "x", [option]: value })).toMatchObject({ option, message });
  });

  it.each([
    ["a JSON query", { list: [1n] }, "list"],
    ["a body", { config: { Size: 1n } }, "config"],
  ])("rejects values in %s that JSON cannot represent", (_where, options, option) => {
    expect(apiErrorFrom({ id: "x", ...options })).toMatchObject({ name: "InvalidOptionError", option });
  });

  it("rejects a circular body", () => {
    const config: Record<string, unknown> = { Image: "x" };
    config.Labels = config;
    expect(apiErrorFrom({ id: "x", config })).toMatchObject({ name: "InvalidOptionError", option: "config" });
    expect(apiErrorFrom({ id: "x", hostConfig: config })).toMatchObject({ name: "InvalidOptionError", option: "hostConfig" });
  });

  it("does not modify the options", () => {
    const options = Object.freeze({
      id: "x",
      names: Object.freeze(["a"]),
      config: Object.freeze({ Image: "y" }),
      hostConfig: Object.freeze({}),
    });
    expect(() => prepare(probe, options)).not.toThrow();
  });
});

describe("bodyFor", () => {
  const where = { operation: "specProbe", endpoint: "unix:///x" };
  const check = (options: Omit<Options, "id">, version: string) =>
    bodyFor(prepare(probe, { id: "x", ...options }), version, where);

  it.each<[Omit<Options, "id">, string, string, object]>([
    [{}, "1.24", "specProbe", { since: "1.25", removed: undefined }],
    [{ recent: false }, "1.43", 'option "recent" of specProbe', { since: "1.44" }],
    [{ gone: "x" }, "1.42", 'option "gone" of specProbe', { removed: "1.42" }],
    [{ between: true }, "1.29", 'option "between" of specProbe', { since: "1.30" }],
    [{ between: true }, "1.40", 'option "between" of specProbe', { removed: "1.40" }],
    [{ filters: { until: "1h" } }, "1.43", 'until in option "filters" of specProbe', { since: "1.44" }],
    [
      { hostConfig: { Mounts: [{}, { Deep: { Part: 1 } }] } },
      "1.44",
      'HostConfig.Mounts[].Deep.Part in option "hostConfig" of specProbe',
      { since: "1.45" },
    ],
  ])("rejects %j in API %s", (options, version, subject, bounds) => {
    const error = thrownBy(() => check(options, version));
    expect(error).toBeInstanceOf(UnsupportedVersionError);
    expect(error).toMatchObject({ subject, version, ...bounds, ...where });
  });

  it("names the version that introduced or removed an option", () => {
    expect(thrownBy(() => check({ between: true }, "1.29"))).toMatchObject({
      message: 'option "between" of specProbe requires API 1.30 or newer; the negotiated version is 1.29',
      removed: undefined,
    });
    expect(thrownBy(() => check({ between: true }, "1.45"))).toMatchObject({
      message: 'option "between" of specProbe was removed in API 1.40; the negotiated version is 1.45',
    });
  });

  it.each<[Omit<Options, "id">, string]>([
    [{}, "1.25"],
    [{ recent: true }, "1.44"],
    [{ gone: "x" }, "1.41"],
    [{ between: true }, "1.30"],
    [{ between: true }, "1.39"],
    [{ filters: { until: undefined, label: "x" } }, "1.25"],
    [{ filters: { constructor: "x" } as object }, "1.25"],
    [{ hostConfig: { Init: undefined, Mounts: [{ Deep: null }], constructor: 1 } }, "1.25"],
    [{ hostConfig: { Mounts: [{ Deep: { Part: undefined } }] } }, "1.25"],
  ])("accepts %j in API %s", (options, version) => {
    expect(() => check(options, version)).not.toThrow();
  });

  it.each<[Omit<Options, "id">, string, string]>([
    [{ hostConfig: { Memory: 0, Kernel: 0 } }, "1.42", '{"HostConfig":{"Memory":0}}'],
    [{ hostConfig: { Kernel: 0 } }, "1.41", '{"HostConfig":{"Kernel":0}}'],
    [{ hostConfig: { Kernel: null, Job: null, Mode: "" } }, "1.45", '{"HostConfig":{"Job":null,"Mode":""}}'],
    [{ hostConfig: { Job: null, Mode: "host" } }, "1.40", '{"HostConfig":{}}'],
    [
      { hostConfig: { Mounts: [{ Deep: { Part: 0 } }, { Deep: { Part: {}, Old: 1 } }] } },
      "1.44",
      '{"HostConfig":{"Mounts":[{"Deep":{}},{"Deep":{"Old":1}}]}}',
    ],
    [
      { hostConfig: { Mounts: [{ Deep: { Part: { A: "", B: [], C: { D: false } } } }] } },
      "1.44",
      '{"HostConfig":{"Mounts":[{"Deep":{}}]}}',
    ],
    [{ config: { Image: "x" }, late: true }, "1.43", '{"Image":"x"}'],
    [{ late: true }, "1.43", "{}"],
  ])("drops members of %j that request nothing in API %s", (options, version, written) => {
    const frozen = structuredClone(options);
    expect(check(options, version)).toBe(written);
    expect(options).toEqual(frozen);
  });

  it.each<[Omit<Options, "id">, string]>([
    [{ hostConfig: { Job: {} } }, "1.40"],
    [{ hostConfig: { Mode: "private" } }, "1.40"],
    [{ hostConfig: { Kernel: 1 } }, "1.42"],
    [{ hostConfig: { Mounts: [{ Deep: { Part: 0 } }, { Deep: { Part: 1 } }] } }, "1.44"],
    [{ hostConfig: { Mounts: [{ Deep: { Part: [0] } }] } }, "1.44"],
    [{ late: false }, "1.43"],
  ])("rejects %j, which requests something, in API %s", (options, version) => {
    expect(() => check(options, version)).toThrow(UnsupportedVersionError);
  });
});

describe("describeOptions", () => {
  it("returns the place of every option, in the order of declaration", () => {
    const described = describeOptions("specProbe");
    expect(described.map(({ option }) => option)).toEqual(Object.keys(probe.fields));
    expect(described.find(({ option }) => option === "filters")).toEqual({
      option: "filters",
      in: "query",
      key: "filters",
      encoding: "json-filters",
      since: undefined,
      removed: undefined,
      required: false,
      nonEmpty: false,
      parts: { until: "1.44" },
      members: ["label", "until"],
    });
    expect(described.find(({ option }) => option === "between")).toMatchObject({
      since: "1.30",
      removed: "1.40",
      key: "between",
    });
    expect(described.find(({ option }) => option === "auth")).toMatchObject({ in: "credentials", key: "X-Registry-Auth" });
    expect(described.find(({ option }) => option === "onProgress")).toMatchObject({ in: "notSent", key: "" });
  });

  it.each(["nothing", "constructor", ""])("rejects the unknown operation %j", (name) => {
    expect(thrownBy(() => describeOptions(name))).toMatchObject({ name: "InvalidOptionError", option: "name" });
  });

  it("lists every operation", () => {
    const found = describeOperations().find(({ name }) => name === "specProbe");
    expect(found).toEqual({
      name: "specProbe",
      method: "POST",
      path: "/things/{id}/probe",
      since: "1.25",
      options: describeOptions("specProbe"),
      errors: [],
      duration: "short",
    });
  });

  it("lists the typed errors of an operation by status", () => {
    operation<{ id: string }>({
      name: "specFailing",
      method: "GET",
      path: "/things/{id}",
      fields: { id: pathParam },
      errors: ({ id }) => ({ 404: noSuchContainer(id) }),
    });
    const found = describeOperations().find(({ name }) => name === "specFailing");
    expect(found?.errors).toEqual([{ status: 404, name: "NoSuchContainerError" }]);
  });
});

describe("boundsOf", () => {
  const knownIn = (feature: string, option?: string) => boundsOf(feature, option).map(({ since, removed }) => [since, removed]);

  it.each<[string | undefined, [string | undefined, string | undefined][]]>([
    [undefined, [["1.25", undefined]]],
    [
      "between",
      [
        ["1.25", undefined],
        ["1.30", "1.40"],
      ],
    ],
    [
      "filters.until",
      [
        ["1.25", undefined],
        [undefined, undefined],
        ["1.44", undefined],
      ],
    ],
    [
      "filters.label",
      [
        ["1.25", undefined],
        [undefined, undefined],
        [undefined, undefined],
      ],
    ],
    [
      "hostConfig.HostConfig.Init",
      [
        ["1.25", undefined],
        [undefined, undefined],
        ["1.25", undefined],
      ],
    ],
  ])("returns the versions of the operation, its option and member: %s", (option, bounds) => {
    expect(knownIn("specProbe", option)).toEqual(bounds);
  });

  it("rejects unknown members of options", () => {
    const messageOf = (option: string) => (thrownBy(() => boundsOf("specProbe", option)) as Error).message;
    expect(messageOf("filters.lable")).toBe('specProbe has no option "filters.lable": did you mean "label"?');
    expect(messageOf("filters.constructor")).toMatch(/^specProbe has no option "filters.constructor"/);
    expect(messageOf("hostConfig.Init")).toMatch(/did you mean "HostConfig.Init"\?$/);
    expect(messageOf("hostConfig.HostConfig.Innit")).toMatch(/did you mean "HostConfig.Init"\?$/);
    expect(messageOf("hostConfig.HostConfig.Mounts.Deep")).toMatch(/did you mean "HostConfig.Mounts\[\].Deep"\?$/);
    expect(messageOf("limit.x")).toBe('specProbe has no option "limit.x"');
  });

  it("rejects unknown operations and options", () => {
    expect(thrownBy(() => boundsOf("nothing"))).toBeInstanceOf(InvalidOptionError);
    expect(thrownBy(() => boundsOf("specProbe", "nothing"))).toBeInstanceOf(InvalidOptionError);
    expect(() => boundsOf("specprobe")).toThrow('there is no operation named specprobe: did you mean "specProbe"?');
    expect(() => boundsOf("specProbe", "filter.label")).toThrow('specProbe has no option "filter": did you mean "filters"?');
  });
});

describe("operation", () => {
  it("returns its declaration with the required options", () => {
    const fields = { id: pathParam, height: integer("h", { required: true }), width: integer("w") };
    const declaration: Operation<{ id: string; height: number; width?: number }> = {
      name: "specSame",
      method: "GET",
      path: "/{id}",
      fields,
    };
    expect(operation(declaration)).toEqual({ ...declaration, required: ["id", "height"], nonEmpty: [] });
    expect(describeOptions("specSame").map(({ required }) => required)).toEqual([true, true, false]);
  });

  it.each([undefined, ""])("rejects %j for an option that must not be empty", (term) => {
    const fields = { term: text("term", { required: "nonempty" }) };
    const search = operation<{ term?: string | undefined }>({ name: "specSearch", method: "GET", path: "/search", fields });
    expect(describeOptions("specSearch")).toMatchObject([{ required: true, nonEmpty: true }]);
    expect(thrownBy(() => prepare(search, { term }))).toMatchObject({ name: "InvalidOptionError", option: "term" });
    expect(prepare(search, { term: "x" }).query).toBe("term=x");
  });

  it("rejects a missing required option before anything is sent", () => {
    const fields = { id: pathParam, height: integer("h", { required: true }) };
    const declared = operation<{ id: string; height: number }>({ name: "specNeeds", method: "GET", path: "/{id}", fields });
    const halves = [{ id: "x" }, { id: "x", height: undefined }, { height: 1 }] as unknown as { id: string; height: number }[];
    expect(halves.map((half) => (thrownBy(() => prepare(declared, half)) as InvalidOptionError).option)).toEqual([
      "height",
      "height",
      "id",
    ]);
  });
});
