const unitNanoseconds: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  // Go accepts the micro sign and the Greek letter
  "\u00b5s": 1_000n,
  "\u03bcs": 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const component = /(\d+)(?:\.(\d+))?(ns|[u\u00b5\u03bc]s|ms|s|m|h)/g;
const duration = /^(?:\d+(?:\.\d+)?(?:ns|[u\u00b5\u03bc]s|ms|s|m|h))+$/;

/**
 * Parses a duration in Go's notation, such as `"1h2m3.5s"`, into nanoseconds. Fractions of a nanosecond are cut off, as in Go.
 *
 * @returns undefined for a string that is not a duration. Negative durations and a bare `"0"` are not accepted either.
 */
export function parseDuration(text: string): bigint | undefined {
  if (!duration.test(text)) return undefined;
  let nanoseconds = 0n;
  for (const [, amount = "", fraction = "", unit = ""] of text.matchAll(component)) {
    const size = unitNanoseconds[unit] ?? 0n;
    nanoseconds += BigInt(amount) * size + (BigInt(fraction || "0") * size) / 10n ** BigInt(fraction.length);
  }
  return nanoseconds;
}

/**
 * Parses a duration in Go's notation into milliseconds, which may have decimals.
 *
 * @returns undefined for a string that is not a duration.
 */
export function parseMilliseconds(text: string): number | undefined {
  const nanoseconds = parseDuration(text);
  return nanoseconds === undefined ? undefined : Number(nanoseconds) / 1e6;
}

/**
 * Formats the quotient of `nanoseconds` and `size` with up to `digits` decimals, without trailing zeros: `"0.5"` for 500 and
 * 1000.
 */
function decimal(nanoseconds: bigint, size: bigint, digits: number): string {
  const fraction = (nanoseconds % size).toString().padStart(digits, "0").replace(/0+$/, "");
  return `${nanoseconds / size}${fraction === "" ? "" : `.${fraction}`}`;
}

/**
 * Formats nanoseconds in the notation of Go's `time.Duration`: `"1h2m3.5s"`, `"1.5ms"`, `"0s"`.
 *
 * @param nanoseconds - at least 0.
 */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return "0s";
  if (nanoseconds < 1_000n) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000n) return `${decimal(nanoseconds, 1_000n, 3)}\u00b5s`;
  if (nanoseconds < 1_000_000_000n) return `${decimal(nanoseconds, 1_000_000n, 6)}ms`;
  const minutes = nanoseconds / 60_000_000_000n;
  const seconds = `${decimal(nanoseconds % 60_000_000_000n, 1_000_000_000n, 9)}s`;
  if (minutes === 0n) return seconds;
  return minutes < 60n ? `${minutes}m${seconds}` : `${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

/**
 * Formats milliseconds, which may have decimals, in the notation of Go's `time.Duration`.
 *
 * @param milliseconds - at least 0.
 */
export function formatMilliseconds(milliseconds: number): string {
  return formatDuration(BigInt(Math.round(milliseconds * 1e6)));
}
