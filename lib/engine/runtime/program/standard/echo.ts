import type { Command } from "./command.js";
import { program } from "./command.js";
import { type Directive, formatFloat, formatInteger, formatString, layoutOf, readDirective } from "./format.js";
import { UsageError } from "./options.js";
import { byteString } from "./output.js";

const letters: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  e: "\x1b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\",
};

/** The forms of octal escapes: `echo` and `%b` allow a zero before the three digits. */
const escapes = {
  long: /\\(?:x([0-9a-fA-F]{1,2})|0?([0-7]{1,3})|(.))/gs,
  short: /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))/gs,
};

/**
 * Replaces the escapes of a byte string.
 *
 * @param octal - whether octal escapes may have a zero before their three digits.
 * @returns the bytes, and whether `\c` ended them.
 */
function unescape(text: string, octal: "long" | "short"): { bytes: string; isCut: boolean } {
  const cut = octal === "long" ? /^(?:[^\\]|\\[^c])*?(?=\\c)/s.exec(text)?.[0] : undefined;
  const bytes = (cut ?? text).replace(escapes[octal], (whole, hex?: string, digits?: string, letter?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (digits !== undefined) return String.fromCharCode(Number.parseInt(digits, 8) & 0xff);
    return letters[letter ?? ""] ?? whole;
  });
  return { bytes, isCut: cut !== undefined };
}

/** Prints its arguments. */
export const echo = program((command) => {
  let rest = [...command.args];
  let escaped = false;
  let newline = true;
  for (; /^-[neE]+$/.test(rest[0] ?? ""); rest = rest.slice(1)) {
    for (const letter of (rest[0] ?? "").slice(1)) {
      if (letter === "n") newline = false;
      else escaped = letter === "e";
    }
  }
  const text = byteString(rest.join(" "));
  const { bytes, isCut } = escaped ? unescape(text, "long") : { bytes: text, isCut: false };
  command.out.putBytes(newline && !isCut ? `${bytes}\n` : bytes);
});

const number = /^\s*([-+]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|(\d+))$/;

function integerOf(text: string): bigint | undefined {
  if (text.startsWith("'") || text.startsWith('"')) return BigInt(text.charCodeAt(1) || 0);
  const [, sign, hex, octal, decimal] = number.exec(text) ?? [];
  let digits = decimal;
  if (hex !== undefined) digits = `0x${hex}`;
  else if (octal !== undefined) digits = octal === "0" ? "0" : `0o${octal.slice(1)}`;
  if (digits === undefined) return undefined;
  return sign === "-" ? -BigInt(digits) : BigInt(digits);
}

const special = /^\s*([-+]?)(?:(inf|infinity)|nan)$/i;

function floatOf(text: string): number | undefined {
  if (text.startsWith("'") || text.startsWith('"')) return text.charCodeAt(1) || 0;
  const [word, sign, infinity] = special.exec(text) ?? [];
  if (word !== undefined && infinity === undefined) return Number.NaN;
  if (infinity !== undefined) return sign === "-" ? -Infinity : Infinity;
  const value = text.trim() === "" ? Number.NaN : Number(text);
  return Number.isNaN(value) ? undefined : value;
}

/** The arguments of `printf`, which are used up one by one. */
class Values {
  readonly #command: Command;
  readonly #rest: string[];
  #isUsed = false;

  constructor(command: Command, args: readonly string[]) {
    this.#command = command;
    this.#rest = args.map(byteString);
  }

  /** Whether the format uses arguments, and some are left. */
  get hasMore(): boolean {
    return this.#isUsed && this.#rest.length > 0;
  }

  text(): string {
    this.#isUsed = true;
    return this.#rest.shift() ?? "";
  }

  /** Returns a number; one that is missing or wrong is 0. */
  number<T>(read: (text: string) => T | undefined, zero: T): T {
    const text = this.text();
    const value = read(text);
    if (value === undefined) this.#command.complain(`invalid number '${text}'`);
    return value ?? zero;
  }
}

/** Formats the next argument. Returns undefined if `%b` found `\c`. */
function converted(from: Directive, values: Values, out: (bytes: string) => void): boolean {
  const layout = layoutOf(from, () => Number(values.number(integerOf, 0n)));
  if (from.conversion === "b") {
    const { bytes, isCut } = unescape(values.text(), "long");
    out(formatString(bytes, layout));
    return !isCut;
  }
  if (from.conversion === "s") out(formatString(values.text(), layout));
  else if (from.conversion === "c") out(formatString(values.text().slice(0, 1), layout));
  else if ("diuoxX".includes(from.conversion)) out(formatInteger(values.number(integerOf, 0n), layout));
  else out(formatFloat(values.number(floatOf, 0), layout));
  return true;
}

/** Prints the format once. Returns whether it may be printed again. */
function printOnce(command: Command, format: string, values: Values): boolean {
  const put = (bytes: string): void => command.out.putBytes(bytes);
  for (let at = 0; at < format.length;) {
    const percent = format.indexOf("%", at);
    put(unescape(format.slice(at, percent < 0 ? undefined : percent), "short").bytes);
    if (percent < 0) break;
    const { directive, end } = readDirective(format, percent);
    at = end;
    if (format[percent + 1] === "%") put("%");
    else if (!"sbcdiuoxXfeEgG".includes(directive.conversion) || directive.conversion === "") {
      command.complain(`${format.slice(percent)}: invalid format`);
      return false;
    } else if (!converted(directive, values, put)) return false;
  }
  return true;
}

/** Prints its arguments in a format, again and again until all are used. */
export const printf = program(
  async (command) => {
    const [first, ...rest] = command.args[0] === "--" ? command.args.slice(1) : command.args;
    if (first === undefined) throw new UsageError("");
    const format = byteString(first);
    const values = new Values(command, rest);
    while (printOnce(command, format, values) && values.hasMore) if (command.out.isFull) await command.out.flush();
  },
  { usage: "FORMAT [ARG]..." },
);
