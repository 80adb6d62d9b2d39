import { parseDuration } from "./duration.js";
import { isDate } from "./realm.js";

/**
 * A point in time for the options `since` and `until`: a `Date`, seconds since 1970 as a number (fractions allowed),
 * nanoseconds since 1970 as a bigint, or a string: seconds (`"1700000000.123456789"`), RFC 3339
 * (`"2024-05-01T12:00:00Z"`), or a duration before now in Go's notation (`"10m"`, `"1h30m"`).
 */
export type Timestamp = Date | number | bigint | string;

/** Formats nanoseconds since 1970 for the engine: seconds, a point, nine digits. */
export function formatNanoseconds(nanoseconds: bigint): string {
  return `${nanoseconds / 1_000_000_000n}.${(nanoseconds % 1_000_000_000n).toString().padStart(9, "0")}`;
}

/**
 * Encodes a point in time in the form that every engine accepts: seconds with nine decimals.
 *
 * @returns undefined when the value is not a point in time.
 */
export function encodeTimestamp(value: unknown): string | undefined {
  if (typeof value === "bigint") return value >= 0n ? formatNanoseconds(value) : undefined;
  if (typeof value === "number") {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) return undefined;
    return Number.isInteger(value) ? String(value) : value.toFixed(9);
  }
  if (isDate(value)) {
    const milliseconds = value.getTime();
    return Number.isNaN(milliseconds) || milliseconds < 0 ? undefined : formatNanoseconds(BigInt(milliseconds) * 1_000_000n);
  }
  if (typeof value !== "string") return undefined;
  if (/^\d+(?:\.\d{1,9})?$/.test(value)) return value;
  const back = parseDuration(value);
  if (back === undefined) return parseRfc3339(value);
  const nanoseconds = BigInt(Date.now()) * 1_000_000n - back;
  return nanoseconds >= 0n ? formatNanoseconds(nanoseconds) : undefined;
}

/** Parses RFC 3339 with up to nine decimals. `Date` keeps only three of them. */
function parseRfc3339(text: string): string | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  if (!parts) return undefined;
  const [, day = "", time = "", decimals = "", zone = ""] = parts;
  const local = `${day}T${time}`;
  const milliseconds = Date.parse(`${local}${zone.toUpperCase()}`);
  if (Number.isNaN(milliseconds) || milliseconds < 0) return undefined;
  // Date reads February 30 as March 1
  if (new Date(`${local}Z`).toISOString().slice(0, 19) !== local) return undefined;
  return formatNanoseconds(BigInt(milliseconds) * 1_000_000n + BigInt(decimals.padEnd(9, "0")));
}
