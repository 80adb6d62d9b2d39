import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { atLeast, compareVersions, isApiVersion, MAX_API_VERSION, MIN_API_VERSION } from "../../lib/wire/api-version.js";

describe("compareVersions", () => {
  it("compares version parts as numbers, major before minor", () => {
    const version = fc.tuple(fc.nat(99), fc.nat(999));
    fc.assert(
      fc.property(version, version, ([majorA, minorA], [majorB, minorB]) => {
        const expected = Math.sign((majorA - majorB) * 1000 + (minorA - minorB));
        expect(Math.sign(compareVersions(`${majorA}.${minorA}`, `${majorB}.${minorB}`))).toBe(expected);
        expect(atLeast(`${majorA}.${minorA}`, `${majorB}.${minorB}`)).toBe(expected >= 0);
      }),
    );
  });

  it("treats 1.9 as older than 1.10", () => {
    expect(atLeast("1.9", "1.10")).toBe(false);
    expect(atLeast("1.10", "1.9")).toBe(true);
    expect(atLeast("1.10", "1.10")).toBe(true);
  });
});

describe("isApiVersion", () => {
  it.each(["1.24", "1.0", "10.100"])("accepts %s", (text) => expect(isApiVersion(text)).toBe(true));
  it.each(["", "1", "v1.41", "1.41.0", "1.", ".41", "1.41 ", "1,41", "1.4x", "-1.41"])("rejects %j", (text) =>
    expect(isApiVersion(text)).toBe(false),
  );
});

it("the package supports every version from 1.24 to 1.55", () => {
  expect([MIN_API_VERSION, MAX_API_VERSION]).toEqual(["1.24", "1.55"]);
});
