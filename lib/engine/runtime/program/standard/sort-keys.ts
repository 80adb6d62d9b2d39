import { Failure } from "./command.js";

/** A key of `sort`: a part of a line, and how it is compared. */
export interface SortKey {
  readonly from: { readonly field: number; readonly char: number };
  readonly to?: { readonly field: number; readonly char: number };
  readonly flags: string;
}

/**
 * Reads a key, such as `2,2n` or `1.3`.
 *
 * @throws {@link Failure} when it is none.
 */
export function readKey(text: string): SortKey {
  const [, field, char, flags = "", endField, endChar, endFlags = ""] =
    /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/.exec(text) ?? [];
  if (field === undefined || field === "0") throw new Failure("bad field specification", 2);
  const from = { field: Number(field), char: Number(char ?? 1) };
  const to = endField === undefined ? {} : { to: { field: Number(endField), char: Number(endChar ?? 0) } };
  return { from, ...to, flags: flags + endFlags };
}

/** Returns where each field of a line starts and ends. Without a separator, fields begin with the blanks before them. */
function fieldsOf(line: string, separator: string | undefined): [number, number][] {
  const fields: [number, number][] = [];
  if (separator === undefined) {
    for (const match of line.matchAll(/\s*\S+/g)) fields.push([match.index, match.index + match[0].length]);
    return fields;
  }
  for (let at = 0; ;) {
    const end = line.indexOf(separator, at);
    fields.push([at, end < 0 ? line.length : end]);
    if (end < 0) return fields;
    at = end + 1;
  }
}

/** Returns the part of a line that a key compares. */
function keyOf(line: string, key: SortKey, separator: string | undefined, skipsBlanks: boolean): string {
  const fields = fieldsOf(line, separator);
  let start = fields[key.from.field - 1]?.[0] ?? line.length;
  if (skipsBlanks) while (/\s/.test(line.charAt(start))) start++;
  start += key.from.char - 1;
  let end = line.length;
  const last = key.to && fields[key.to.field - 1];
  if (key.to && last) end = key.to.char === 0 ? last[1] : Math.min(last[0] + key.to.char, last[1]);
  return line.slice(start, Math.max(end, start));
}

const leadingNumber = (text: string): number => Number(/^\s*(-?\d*\.?\d*)/.exec(text)?.[1] || 0) || 0;
const generalNumber = (text: string): number => {
  const value = Number.parseFloat(text);
  return Number.isNaN(value) ? -Infinity : value;
};

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const sizeUnits = " KMGTPEZY";

function humanNumber(text: string): number {
  const [, digits = "", unit = ""] = /^\s*(-?\d*\.?\d*)([KMGTPEZYk]?)/.exec(text) ?? [];
  return (Number(digits || 0) || 0) * 1024 ** Math.max(sizeUnits.indexOf(unit.toUpperCase() || " "), 0);
}

/** Splits a version into its numbers and what is between them. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a.split(/(\d+)/), b.split(/(\d+)/)];
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const [x = "", y = ""] = [left[at], right[at]];
    const order = at % 2 === 1 ? Number(x) - Number(y) : compareBytes(x, y);
    if (order !== 0) return order;
  }
  return 0;
}

const compareBytes = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** Compares two keys as the flags say. */
function compareKeys(a: string, b: string, flags: string): number {
  if (flags.includes("n")) return leadingNumber(a) - leadingNumber(b);
  if (flags.includes("g")) return generalNumber(a) === generalNumber(b) ? 0 : generalNumber(a) - generalNumber(b);
  if (flags.includes("h")) return humanNumber(a) - humanNumber(b);
  if (flags.includes("M"))
    return months.indexOf(a.trim().slice(0, 3).toUpperCase()) - months.indexOf(b.trim().slice(0, 3).toUpperCase());
  if (flags.includes("V")) return compareVersions(a, b);
  const prepare = (text: string): string => {
    let result = flags.includes("d") ? text.replace(/[^0-9A-Za-z\s]/g, "") : text;
    if (flags.includes("i")) result = result.replace(/[^ -~]/g, "");
    if (flags.includes("b")) result = result.replace(/^\s+/, "");
    return flags.includes("f") ? result.toUpperCase() : result;
  };
  return compareBytes(prepare(a), prepare(b));
}

/**
 * Returns a function that compares lines.
 *
 * @param keys - the keys, the most important one first.
 * @param separator - the separator of fields.
 * @param flags - the flags for keys without own ones, and for whole lines.
 * @param isLastResort - whether lines with equal keys are compared as a whole.
 */
export function lineOrder(
  keys: readonly SortKey[],
  separator: string | undefined,
  flags: string,
  isLastResort: boolean,
): (a: string, b: string) => number {
  const all = keys.length > 0 ? keys : [undefined];
  return (a, b) => {
    for (const key of all) {
      const own = key && key.flags !== "" ? key.flags : flags;
      const [left, right] = key ? [a, b].map((line) => keyOf(line, key, separator, own.includes("b"))) : [a, b];
      const order = compareKeys(left ?? "", right ?? "", own);
      if (order !== 0) return own.includes("r") ? -order : order;
    }
    const order = isLastResort ? compareBytes(a, b) : 0;
    return flags.includes("r") ? -order : order;
  };
}
