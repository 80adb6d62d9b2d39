import { types } from "node:util";
import { formatFloat, formatInteger, formatString, layoutOf, readDirective } from "./format.js";

/** A string from the input: if it looks like a number, it compares as one. */
export class InputText {
  /** The string. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A value of awk. A variable that was never set is undefined. */
export type AwkValue = number | string | InputText | undefined;

/** An array of awk. */
export type AwkArray = Map<string, AwkValue>;

/** Whether a variable is an array. */
export const isArray = (value: AwkValue | AwkArray): value is AwkArray => types.isMap(value);

const leading = /^[ \t\n\r\f\v]*([-+]?(?:0[xX][0-9a-fA-F]+|\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+(?:[eE][-+]?\d+)?))/;
const whole = /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/;

/** Returns the number of a value: that at the start of a string, or 0. */
export function toNumber(value: AwkValue): number {
  if (typeof value === "number") return value;
  if (value === undefined) return 0;
  const digits = leading.exec(typeof value === "string" ? value : value.text)?.[1];
  if (digits === undefined) return 0;
  return /^[-+]0x/i.test(digits) ? Number(digits.slice(1)) * (digits.startsWith("-") ? -1 : 1) : Number(digits);
}

/** Formats a number: whole ones as such, others as the format says. */
export function numberText(value: number, format: string): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return String(value === 0 ? 0 : value);
  return formatAwk(format, [value]);
}

/** Returns the string of a value. */
export function toText(value: AwkValue, format: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return numberText(value, format);
  return value === undefined ? "" : value.text;
}

/** Whether a value counts as a number in comparisons. */
const isNumeric = (value: AwkValue): boolean =>
  value === undefined || typeof value === "number" || (value instanceof InputText && whole.test(value.text));

/** Whether a value is true. */
export function isTrue(value: AwkValue): boolean {
  if (typeof value === "string") return value !== "";
  if (isNumeric(value)) return toNumber(value) !== 0;
  return value instanceof InputText && value.text !== "";
}

/** Compares two values: as numbers if both look like numbers, otherwise as strings. */
export function compareValues(a: AwkValue, b: AwkValue, format: string): number {
  if (isNumeric(a) && isNumeric(b)) return toNumber(a) - toNumber(b);
  const [x, y] = [toText(a, format), toText(b, format)];
  return x < y ? -1 : Number(x > y);
}

const integerOf = (value: number): bigint => (Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n);

/** Formats values as `printf` of awk does. */
export function formatAwk(format: string, args: readonly AwkValue[]): string {
  let at = 0;
  let result = "";
  const next = (): AwkValue => args[at++];
  for (let position = 0; position < format.length;) {
    const percent = format.indexOf("%", position);
    result += format.slice(position, percent < 0 ? undefined : percent);
    if (percent < 0) break;
    const { directive, end } = readDirective(format, percent);
    position = end;
    const { conversion } = directive;
    if (conversion === "%") {
      result += "%";
      continue;
    }
    const layout = layoutOf(directive, () => toNumber(next()));
    if (conversion === "s") result += formatString(toText(next(), "%.6g"), layout);
    else if (conversion === "c") {
      const value = next();
      const char = typeof value === "number" ? String.fromCharCode(value & 0xff) : toText(value, "%.6g").slice(0, 1);
      result += formatString(char, layout);
    } else if ("diouxX".includes(conversion) && conversion !== "") result += formatInteger(integerOf(toNumber(next())), layout);
    else if ("eEfFgG".includes(conversion) && conversion !== "") result += formatFloat(toNumber(next()), layout);
    else result += format.slice(percent, end);
  }
  return result;
}
