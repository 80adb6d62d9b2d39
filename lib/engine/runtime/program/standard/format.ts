/** A conversion of a format string of the C library, such as `%-5.2f`. */
export interface Directive {
  /** The flags: some of `-+ #0`. */
  readonly flags: string;
  /** The minimum length, or `*` for an argument. */
  readonly width?: number | "*";
  /** The precision, or `*` for an argument. */
  readonly precision?: number | "*";
  /** The letter of the conversion. */
  readonly conversion: string;
}

/** A directive whose width and precision are known. */
export type Layout = Omit<Directive, "width" | "precision"> & { readonly width?: number; readonly precision?: number };

const directive = /%([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?(?:[hlLqjzt]*)([a-zA-Z%])?/y;

const sizeOf = (text: string): number | "*" => (text === "*" ? "*" : Number(text));

/**
 * Reads the directive at a position of a format string.
 *
 * @returns the directive and the position after it. Its conversion is empty if the format ends too early.
 */
export function readDirective(format: string, at: number): { directive: Directive; end: number } {
  directive.lastIndex = at;
  const [text = "", flags = "", width, precision, conversion = ""] = directive.exec(format) ?? [];
  return {
    directive: {
      flags,
      ...(width === undefined ? {} : { width: sizeOf(width) }),
      ...(precision === undefined ? {} : { precision: sizeOf(precision) }),
      conversion,
    },
    end: at + Math.max(text.length, 1),
  };
}

/** Fills a directive's width and precision in from arguments. A negative width aligns to the left. */
export function layoutOf(from: Directive, next: () => number): Layout {
  const width = from.width === "*" ? next() : from.width;
  const precision = from.precision === "*" ? next() : from.precision;
  return {
    conversion: from.conversion,
    flags: width !== undefined && width < 0 ? `${from.flags}-` : from.flags,
    ...(width === undefined ? {} : { width: Math.abs(width) }),
    ...(precision === undefined || precision < 0 ? {} : { precision }),
  };
}

/** Fills a text up to the width, with zeros after the sign if the layout asks for it. */
function padded(text: string, layout: Layout, mayFillZeros: boolean): string {
  const width = layout.width ?? 0;
  if (layout.flags.includes("-")) return text.padEnd(width);
  if (!layout.flags.includes("0") || !mayFillZeros) return text.padStart(width);
  const [, prefix = "", digits = ""] = /^([-+ ]?(?:0[xX])?)(.*)$/s.exec(text) ?? [];
  return prefix + digits.padStart(width - prefix.length, "0");
}

const signOf = (isNegative: boolean, flags: string): string => {
  if (isNegative) return "-";
  if (flags.includes("+")) return "+";
  return flags.includes(" ") ? " " : "";
};

/** Formats a string: `%s`, and `%c` of a character. */
export function formatString(text: string, layout: Layout): string {
  return padded(layout.precision === undefined ? text : text.slice(0, layout.precision), layout, false);
}

/** Formats a whole number: `%d`, `%i`, `%u`, `%o`, `%x` and `%X`. Negative ones are unsigned 64-bit numbers for all but the first two. */
export function formatInteger(value: bigint, layout: Layout): string {
  const isSigned = "di".includes(layout.conversion);
  const sign = isSigned ? signOf(value < 0n, layout.flags) : "";
  let magnitude = value;
  if (value < 0n) magnitude = isSigned ? -value : BigInt.asUintN(64, value);
  const radix = { o: 8, x: 16, X: 16 }[layout.conversion] ?? 10;
  let digits = magnitude.toString(radix);
  if (layout.precision !== undefined)
    digits = layout.precision === 0 && magnitude === 0n ? "" : digits.padStart(layout.precision, "0");
  if (layout.flags.includes("#")) {
    if (radix === 8 && !digits.startsWith("0")) digits = `0${digits}`;
    if (radix === 16 && magnitude !== 0n) digits = `0x${digits}`;
  }
  if (layout.conversion === "X") digits = digits.toUpperCase();
  return padded(sign + digits, layout, layout.precision === undefined);
}

/** Writes the exponent with at least two digits. */
const withExponent = (text: string): string => text.replace(/e([-+])(\d)$/, "e$10$2");

/** Returns the digits for `%g`: the shorter of the two notations, without trailing zeros. */
function shortest(value: number, precision: number, keepZeros: boolean): string {
  const digits = precision === 0 ? 1 : precision;
  const scientific = value.toExponential(digits - 1);
  const exponent = value === 0 ? 0 : Number(scientific.slice(scientific.indexOf("e") + 1));
  const isFixed = exponent >= -4 && exponent < digits;
  const text = isFixed ? fixed(value, digits - 1 - exponent) : scientific;
  if (keepZeros) return withExponent(text);
  return withExponent(text.replace(/(\.\d*?)0+(?=e|$)/, "$1").replace(/\.(?=e|$)/, ""));
}

/** Writes a number without an exponent; `toFixed` uses one from 1e21 on, and allows 100 decimals. */
function fixed(value: number, decimals: number): string {
  const whole = value >= 1e21 ? BigInt(value).toString() : undefined;
  if (whole !== undefined) return decimals > 0 ? `${whole}.${"0".repeat(decimals)}` : whole;
  if (decimals > 70) return value.toFixed(100).padEnd(decimals, "0");
  // halves are rounded to the even neighbour, which `toFixed` does not do
  const exact = value.toFixed(decimals + 30);
  const kept = exact.slice(0, -30);
  const isHalf = exact.slice(-30) === "5".padEnd(30, "0");
  return isHalf && /[02468]\.?$/.test(kept) ? kept.replace(/\.$/, "") : value.toFixed(decimals);
}

/** Formats a number: `%f`, `%e`, `%g` and their upper-case forms. */
export function formatFloat(value: number, layout: Layout): string {
  const sign = signOf(value < 0 || Object.is(value, -0), layout.flags);
  const isUpper = layout.conversion < "a";
  if (!Number.isFinite(value)) {
    const word = sign + (Number.isNaN(value) ? "nan" : "inf");
    return padded(isUpper ? word.toUpperCase() : word, layout, false);
  }
  const magnitude = Math.abs(value);
  const precision = layout.precision ?? 6;
  const kind = layout.conversion.toLowerCase();
  let digits: string;
  if (kind === "f") digits = fixed(magnitude, precision);
  else if (kind === "e") digits = withExponent(magnitude.toExponential(Math.min(precision, 100)));
  else digits = shortest(magnitude, Math.min(precision, 100), layout.flags.includes("#"));
  return padded(sign + (isUpper ? digits.toUpperCase() : digits), layout, true);
}
