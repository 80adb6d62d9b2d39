import { parseDuration } from "./duration.js";

/**
 * A point in time as the options `since` and `until` take it: a `Date`, seconds since 1970 as a number (fractions allowed),
 * nanoseconds since 1970 as a bigint, or a text: seconds (`"1700000000.123456789"`), RFC 3339
 * (`"2024-05-01T12:00:00Z"`), or a time back from now in Go's notation (`"10m"`, `"1h30m"`).
 */
export type Timestamp = Date | number | bigint | string;

/** Writes nanoseconds since 1970 as the engine reads them: seconds, a point, nine digits. */
export function formatNanoseconds(nanoseconds: bigint): string {
  return `${nanoseconds / 1_000_000_000n}.${(nanoseconds % 1_000_000_000n).toString().padStart(9, "0")}`;
}

/**
 * Turns a point in time into the form that every engine reads: seconds with nine decimals.
 *
 * @returns undefined when the value is not a point in time.
 */
export function encodeTimestamp(value: unknown): string | undefined {
  if (typeof value === "bigint") return value >= 0n ? formatNanoseconds(value) : undefined;
  if (typeof value === "number") {
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER)) return undefined;
    return Number.isInteger(value) ? String(value) : value.toFixed(9);
  }
  if (value instanceof Date) {
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

/** RFC 3339 with up to nine decimals, which `Date` would cut to three. */
function parseRfc3339(text: string): string | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  if (!parts) return undefined;
  const [, day = "", time = "", decimals = "", zone = ""] = parts;
  const local = `${day}T${time}`;
  const milliseconds = Date.parse(`${local}${zone.toUpperCase()}`);
  if (Number.isNaN(milliseconds) || milliseconds < 0) return undefined;
  // Date takes a 30th of February for the 1st of March
  if (new Date(`${local}Z`).toISOString().slice(0, 19) !== local) return undefined;
  return formatNanoseconds(BigInt(milliseconds) * 1_000_000n + BigInt(decimals.padEnd(9, "0")));
}
