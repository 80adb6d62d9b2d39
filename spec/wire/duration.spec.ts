import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, formatMilliseconds, parseDuration, parseMilliseconds } from "../../lib/wire/duration.js";

describe("parseDuration", () => {
  it("sums its components", () => {
    const part = fc.tuple(fc.integer({ min: 0, max: 9999 }), fc.constantFrom("h", "m", "s", "ms", "us", "ns"));
    const size = { h: 3600_000_000_000n, m: 60_000_000_000n, s: 1_000_000_000n, ms: 1_000_000n, us: 1000n, ns: 1n };
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const text = parts.map(([amount, unit]) => `${amount}${unit}`).join("");
        const sum = parts.reduce((total, [amount, unit]) => total + BigInt(amount) * size[unit], 0n);
        expect(parseDuration(text)).toBe(sum);
      }),
    );
  });

  it.each(["", "5", "5x", "s", "1h 2m", "-5s", "5.s", "1e3s", "Infinitys"])("rejects %j", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it.each([
    ["1h2m3.5s", 3_723_500_000_000n],
    ["1.5ms", 1_500_000n],
    ["0s", 0n],
    ["0.3s", 300_000_000n],
    ["1.0000000019s", 1_000_000_001n],
    ["0.9ns", 0n],
    ["2\u00b5s3\u03bcs4us", 9_000n],
    ["2562047h47m16.854775807s", 9_223_372_036_854_775_807n],
  ])("parses %s as Go does", (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });
});

describe("formatDuration", () => {
  it.each([
    [0n, "0s"],
    [1n, "1ns"],
    [1_100n, "1.1\u00b5s"],
    [2_200_000n, "2.2ms"],
    [3_300_000_000n, "3.3s"],
    [245_000_000_000n, "4m5s"],
    [245_001_000_000n, "4m5.001s"],
    [18_367_001_000_000n, "5h6m7.001s"],
    [480_000_000_001n, "8m0.000000001s"],
    [9_223_372_036_854_775_807n, "2562047h47m16.854775807s"],
  ])("prints %i ns as Go does: %s", (nanoseconds, expected) => {
    expect(formatDuration(nanoseconds)).toBe(expected);
  });

  it("returns a duration that parses back to the nanosecond", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), fc.nat({ max: 19 }), (large, digits) => {
        const nanoseconds = large / 10n ** BigInt(digits);
        expect(parseDuration(formatDuration(nanoseconds))).toBe(nanoseconds);
      }),
    );
  });
});

describe("milliseconds", () => {
  it("keep their decimals down to the nanosecond", () => {
    expect(parseMilliseconds("1m0.0000015s")).toBe(60_000.0015);
    expect(formatMilliseconds(60_000.0015)).toBe("1m0.0000015s");
    expect(parseMilliseconds("5")).toBeUndefined();
    fc.assert(
      fc.property(fc.nat({ max: 10 ** 9 }), (milliseconds) => {
        expect(parseMilliseconds(formatMilliseconds(milliseconds))).toBe(milliseconds);
      }),
    );
  });
});
