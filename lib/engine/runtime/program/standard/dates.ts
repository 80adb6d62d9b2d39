const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = [
  ...["January", "February", "March", "April", "May", "June"],
  ...["July", "August", "September", "October", "November", "December"],
];

const two = (value: number, fill = "0"): string => String(value).padStart(2, fill);

/** Returns the number of a day in its year, from 1. */
const dayOfYear = (date: Date): number => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;

/** Returns the year and the number of the week as ISO 8601 counts them. */
function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(date.getTime() + (4 - (date.getUTCDay() || 7)) * 86_400_000);
  return { year: thursday.getUTCFullYear(), week: Math.ceil(dayOfYear(thursday) / 7) };
}

const fields: Readonly<Record<string, (date: Date, nanoseconds: bigint) => string>> = {
  a: (date) => (days[date.getUTCDay()] ?? "").slice(0, 3),
  A: (date) => days[date.getUTCDay()] ?? "",
  b: (date) => (months[date.getUTCMonth()] ?? "").slice(0, 3),
  h: (date) => (months[date.getUTCMonth()] ?? "").slice(0, 3),
  B: (date) => months[date.getUTCMonth()] ?? "",
  C: (date) => two(Math.floor(date.getUTCFullYear() / 100)),
  d: (date) => two(date.getUTCDate()),
  e: (date) => two(date.getUTCDate(), " "),
  g: (date) => two(isoWeek(date).year % 100),
  G: (date) => String(isoWeek(date).year),
  H: (date) => two(date.getUTCHours()),
  I: (date) => two(date.getUTCHours() % 12 || 12),
  j: (date) => String(dayOfYear(date)).padStart(3, "0"),
  k: (date) => two(date.getUTCHours(), " "),
  l: (date) => two(date.getUTCHours() % 12 || 12, " "),
  m: (date) => two(date.getUTCMonth() + 1),
  M: (date) => two(date.getUTCMinutes()),
  n: () => "\n",
  N: (_, nanoseconds) => String(nanoseconds % 1_000_000_000n).padStart(9, "0"),
  p: (date) => (date.getUTCHours() < 12 ? "AM" : "PM"),
  P: (date) => (date.getUTCHours() < 12 ? "am" : "pm"),
  s: (_, nanoseconds) => String(nanoseconds / 1_000_000_000n),
  S: (date) => two(date.getUTCSeconds()),
  t: () => "\t",
  u: (date) => String(date.getUTCDay() || 7),
  U: (date) => two(Math.floor((dayOfYear(date) + 6 - date.getUTCDay()) / 7)),
  V: (date) => two(isoWeek(date).week),
  w: (date) => String(date.getUTCDay()),
  W: (date) => two(Math.floor((dayOfYear(date) + 6 - ((date.getUTCDay() + 6) % 7)) / 7)),
  y: (date) => two(date.getUTCFullYear() % 100),
  Y: (date) => String(date.getUTCFullYear()),
  z: () => "+0000",
  Z: () => "UTC",
  "%": () => "%",
};

const composed: Readonly<Record<string, string>> = {
  c: "%a %b %e %H:%M:%S %Y",
  D: "%m/%d/%y",
  F: "%Y-%m-%d",
  r: "%I:%M:%S %p",
  R: "%H:%M",
  T: "%H:%M:%S",
  x: "%m/%d/%y",
  X: "%H:%M:%S",
};

/**
 * Formats a time as `strftime(3)` does. All times are UTC.
 *
 * @param nanoseconds - since 1970.
 */
export function formatTime(format: string, nanoseconds: bigint): string {
  const date = new Date(Number(nanoseconds / 1_000_000n));
  return format.replace(/%[-_EO]?([a-zA-Z%])/g, (whole, letter: string) => {
    const parts = composed[letter];
    if (parts !== undefined) return formatTime(parts, nanoseconds);
    const text = fields[letter]?.(date, nanoseconds) ?? whole;
    return whole.startsWith("%-") ? text.replace(/^[0 ]+(?=.)/, "") : text;
  });
}

/** The forms of dates, with their groups in the order year, month, day, hour, minute, second; the first letters name the groups. */
const forms: readonly (readonly [order: string, form: RegExp])[] = [
  ["YmdHMS", /^(\d{4})-(\d\d?)-(\d\d?)(?:[ T](\d\d?):(\d\d)(?::(\d\d)(?:\.\d+)?)?(?:Z| UTC| \+0000)?)?$/],
  ["HMS", /^(\d\d?):(\d\d)(?::(\d\d))?$/],
  ["YmdHMS", /^(\d{4})\.(\d\d?)\.(\d\d?)-(\d\d?):(\d\d)(?::(\d\d))?$/],
  ["mdHMS", /^(\d\d?)\.(\d\d?)-(\d\d?):(\d\d)(?::(\d\d))?$/],
  ["YmdHMS", /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/],
  ["ymdHMS", /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/],
  ["mdHMS", /^(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/],
];

/**
 * Reads a date as `date -d` and `touch -d` do: `@SECONDS`, `2024-05-01 12:30[:15]`, `12:30`, `[[CC]YY]MMDDhhmm[.ss]` and others.
 *
 * @param now - supplies what the text leaves open, in nanoseconds since 1970.
 * @returns nanoseconds since 1970, or undefined if it is not a date.
 */
export function readDate(text: string, now: bigint): bigint | undefined {
  const seconds = /^@(-?\d+)(?:\.(\d{1,9}))?$/.exec(text);
  if (seconds) return BigInt(seconds[1] ?? 0) * 1_000_000_000n + BigInt((seconds[2] ?? "").padEnd(9, "0"));
  const current = new Date(Number(now / 1_000_000n));
  for (const [order, form] of forms) {
    const match = form.exec(text);
    if (!match) continue;
    const part = (letter: string): number | undefined => {
      const at = order.indexOf(letter);
      return at < 0 || match[at + 1] === undefined ? undefined : Number(match[at + 1]);
    };
    const short = part("y");
    const century = short === undefined ? undefined : short + (short < 69 ? 2000 : 1900);
    const month = part("m") ?? current.getUTCMonth() + 1;
    const day = part("d") ?? current.getUTCDate();
    const [hour, minute, second] = [part("H") ?? 0, part("M") ?? 0, part("S") ?? 0];
    if (month > 12 || day > 31 || hour > 24 || minute > 59 || second > 60) return undefined;
    const time = Date.UTC(part("Y") ?? century ?? current.getUTCFullYear(), month - 1, day, hour, minute, second);
    return BigInt(time) * 1_000_000n;
  }
  return undefined;
}
