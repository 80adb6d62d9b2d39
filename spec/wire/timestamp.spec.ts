import fc from "fast-check";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { encodeTimestamp, formatNanoseconds } from "../../lib/wire/timestamp.js";

/** Stops the clock for the test. */
function now(milliseconds: number): void {
  vi.useFakeTimers({ now: milliseconds, toFake: ["Date"] });
  onTestFinished(() => void vi.useRealTimers());
}

/** Decodes a timestamp as the engine does: to nanoseconds since 1970. */
function read(written: string | undefined): bigint {
  const [, seconds, fraction = ""] = /^(\d+)(?:\.(\d{1,9}))?$/.exec(written ?? "") ?? [];
  if (seconds === undefined) throw new Error(`${String(written)} is not a timestamp`);
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, "0"));
}

describe("encodeTimestamp", () => {
  it.each([
    [new Date("2024-05-01T12:00:00.123Z"), "1714564800.123000000"],
    [new Date(0), "0.000000000"],
    [1714564800, "1714564800"],
    [0, "0"],
    [-0, "0"],
    [1714564800.5, "1714564800.500000000"],
    [0.000000001, "0.000000001"],
    [1714564800123456789n, "1714564800.123456789"],
    [1n, "0.000000001"],
    [0n, "0.000000000"],
    ["1714564800", "1714564800"],
    ["1714564800.123456789", "1714564800.123456789"],
    ["0", "0"],
    ["2024-05-01T12:00:00Z", "1714564800.000000000"],
    ["2024-05-01t12:00:00z", "1714564800.000000000"],
    ["2024-05-01 12:00:00Z", "1714564800.000000000"],
    ["2024-05-01T12:00:00.123456789Z", "1714564800.123456789"],
    ["2024-05-01T12:00:00.1Z", "1714564800.100000000"],
    ["2024-05-01T14:00:00+02:00", "1714564800.000000000"],
    ["2024-05-01T06:30:00.000000001-05:30", "1714564800.000000001"],
    ["2024-02-29T00:00:00Z", "1709164800.000000000"],
  ])("encodes %s as %s", (value, written) => {
    expect(encodeTimestamp(value)).toBe(written);
  });

  it.each([
    ["10m", 600_000_000_000n],
    ["1h30m", 5_400_000_000_000n],
    ["1.5h", 5_400_000_000_000n],
    ["90s", 90_000_000_000n],
    ["2h45m30.5s", 9_930_500_000_000n],
    ["250ms", 250_000_000n],
    ["7us", 7_000n],
    ["7µs", 7_000n],
    ["7μs", 7_000n],
    ["9ns", 9n],
    ["0s", 0n],
  ])("subtracts %s from now", (duration, nanoseconds) => {
    now(1_714_564_800_123);
    expect(read(encodeTimestamp(duration))).toBe(1_714_564_800_123_000_000n - nanoseconds);
  });

  it.each([
    -1,
    -0.5,
    -1n,
    NaN,
    Infinity,
    1e21,
    Number.MAX_SAFE_INTEGER + 1,
    new Date(NaN),
    new Date(-1),
    "",
    "yesterday",
    "1714564800.1234567890",
    "1714564800.",
    ".5",
    "-10m",
    "10 m",
    "10d",
    "m",
    "1000000h",
    `${"9".repeat(400)}h`,
    "2024-05-01",
    "2024-05-01T12:00:00",
    "2024-05-01T12:00Z",
    "2024-02-30T00:00:00Z",
    "2023-02-29T00:00:00Z",
    "2024-13-01T00:00:00Z",
    "2024-05-01T24:00:00Z",
    "2024-05-01T12:00:60Z",
    "2024-05-01T12:00:00+99:99",
    "2024-05-01T12:00:00.1234567890Z",
    "1969-12-31T23:59:59Z",
    null,
    true,
    {},
    [],
  ])("rejects %s", (value) => {
    expect(encodeTimestamp(value)).toBeUndefined();
  });

  it("keeps every nanosecond of a bigint", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 1n << 80n }), (nanoseconds) => {
        expect(read(encodeTimestamp(nanoseconds))).toBe(nanoseconds);
        expect(read(formatNanoseconds(nanoseconds))).toBe(nanoseconds);
      }),
    );
  });

  it("keeps every millisecond of a date", () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), noInvalidDate: true }), (date) => {
        expect(read(encodeTimestamp(date))).toBe(BigInt(date.getTime()) * 1_000_000n);
      }),
    );
  });

  it("keeps a number to the nanosecond, and accepts every number since 1970", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: Number.MAX_SAFE_INTEGER, noNaN: true }), (seconds) => {
        const written = encodeTimestamp(seconds);
        expect(written).toMatch(/^\d+(\.\d{9})?$/);
        expect(Math.abs(Number(written) - seconds)).toBeLessThanOrEqual(1e-9);
      }),
    );
  });

  it("parses RFC 3339 in any zone, with every decimal", () => {
    const fraction = fc.stringMatching(/^[0-9]{1,9}$/);
    const date = fc.date({ min: new Date("1970-01-02"), max: new Date("9999-12-30"), noInvalidDate: true });
    const zone = fc.option(
      fc.record({
        sign: fc.constantFrom(1, -1),
        hours: fc.integer({ min: 0, max: 23 }),
        minutes: fc.integer({ min: 0, max: 59 }),
      }),
    );
    fc.assert(
      fc.property(date, fraction, zone, (day, decimals, at) => {
        const local = day.toISOString().slice(0, 19);
        const two = (part: number) => String(part).padStart(2, "0");
        const suffix = at === null ? "Z" : `${at.sign > 0 ? "+" : "-"}${two(at.hours)}:${two(at.minutes)}`;
        const ahead = at === null ? 0 : at.sign * (at.hours * 3600 + at.minutes * 60);
        const seconds = BigInt(Date.parse(`${local}Z`) / 1000 - ahead);
        const written = encodeTimestamp(`${local}.${decimals}${suffix}`);
        expect(read(written)).toBe(seconds * 1_000_000_000n + BigInt(decimals.padEnd(9, "0")));
      }),
    );
  });

  it("never throws, and returns only timestamps that the engine accepts", () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^[0-9.]{0,12}(ns|us|ms|s|m|h)?[0-9.]{0,3}[hms]?$/));
    fc.assert(
      fc.property(fc.oneof(fc.anything(), texts), (value) => {
        const written = encodeTimestamp(value);
        if (written !== undefined) expect(written).toMatch(/^\d+(\.\d{1,9})?$/);
      }),
      { numRuns: 1000 },
    );
  });
});
