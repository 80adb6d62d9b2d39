/** Escape sequences of one character. */
const simple: Readonly<Record<string, string>> = {
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

const escapes = { echo: /\\(0[0-7]{0,3}|[1-7][0-7]{0,2}|x[\da-fA-F]{1,2}|[^])/g, printf: /\\([0-7]{1,3}|x[\da-fA-F]{1,2}|[^])/g };

const bytesOf = (text: string): string => Buffer.from(text).toString("latin1");

/** Replaces escape sequences in a text of bytes. `\c` ends it. */
function escaped(text: string, kind: keyof typeof escapes): { text: string; stopped: boolean } {
  const end = kind === "echo" ? /(?<!\\)(?:\\\\)*\\c/.exec(text) : null;
  const kept = end ? text.slice(0, end.index + end[0].length - 2) : text;
  const replaced = kept.replace(escapes[kind], (all, sequence: string) => {
    if (/^[0-7]/.test(sequence)) return String.fromCharCode(Number.parseInt(sequence, 8) & 0xff);
    if (sequence.length > 1) return String.fromCharCode(Number.parseInt(sequence.slice(1), 16));
    return simple[sequence] ?? all;
  });
  return { text: replaced, stopped: end !== null };
}

/** Replaces the escape sequences of `echo -e` and of `%b`. */
export function escapeText(text: string, kind: "echo" | "printf"): { bytes: Buffer; stopped: boolean } {
  const result = escaped(bytesOf(text), kind);
  return { bytes: Buffer.from(result.text, "latin1"), stopped: result.stopped };
}

const directive = /%(?:%|([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+)?)?([a-zA-Z]))/g;

/** Formats a text with values, which are used up until none is left. */
class Formatting {
  readonly errors: string[] = [];
  readonly #values: string[];
  stopped = false;

  constructor(values: readonly string[]) {
    this.#values = values.map(bytesOf);
  }

  get hasValues(): boolean {
    return this.#values.length > 0;
  }

  /** Formats once. */
  once(format: string): string {
    let result = "";
    let end = 0;
    for (const match of format.matchAll(directive)) {
      result += escaped(format.slice(end, match.index), "printf").text;
      end = match.index + match[0].length;
      result += match[0] === "%%" ? "%" : this.#directive(match);
      if (this.stopped) return result;
    }
    return result + escaped(format.slice(end), "printf").text;
  }

  #directive([all, flags = "", width, precision, kind = ""]: RegExpMatchArray): string {
    const columns = width === "*" ? Number(this.#values.shift() ?? "0") : Number(width ?? "0");
    const digits =
      precision === "*"
        ? Number(this.#values.shift() ?? "0")
        : precision === undefined
          ? all.includes(".")
            ? 0
            : undefined
          : Number(precision);
    const left = flags.includes("-") || columns < 0;
    const value = this.#values.shift();
    const text = this.#converted(kind, value, flags, digits);
    if (text === undefined) {
      this.errors.push(`${all}: invalid format`);
      this.stopped = true;
      return "";
    }
    const size = Math.abs(columns);
    if (left) return text.padEnd(size);
    const numeric = /[diouxXeEfFgG]/.test(kind);
    if (!flags.includes("0") || !numeric || (digits !== undefined && /[diouxX]/.test(kind))) return text.padStart(size);
    const sign = /^[-+ ]?(0[xX])?/.exec(text)?.[0] ?? "";
    return sign + text.slice(sign.length).padStart(size - sign.length, "0");
  }

  #converted(kind: string, value: string | undefined, flags: string, digits: number | undefined): string | undefined {
    switch (kind) {
      case "s":
        return (value ?? "").slice(0, digits);
      case "c":
        return (value ?? "").charAt(0);
      case "b": {
        const { text, stopped } = escaped(value ?? "", "echo");
        this.stopped ||= stopped;
        return text.slice(0, digits);
      }
      case "d":
      case "i":
        return signed(this.#integer(value), flags, digits);
      case "o":
      case "u":
      case "x":
      case "X":
        return unsigned(kind, this.#integer(value), flags, digits);
      case "e":
      case "E":
      case "f":
      case "F":
      case "g":
      case "G":
        return floating(kind, this.#float(value), flags, digits ?? 6);
      default:
        return undefined;
    }
  }

  #integer(value: string | undefined): bigint {
    if (value === undefined || value === "") return 0n;
    if (/^["']/.test(value)) return BigInt(Buffer.from(value.slice(1), "latin1").toString().codePointAt(0) ?? 0);
    const match = /^\s*([-+]?)(0[xX][\da-fA-F]+|\d+)$/.exec(value);
    if (!match?.[2]) {
      this.errors.push(`invalid number '${value}'`);
      return BigInt(/^\s*[-+]?\d+/.exec(value)?.[0].trim().replace("+", "") ?? "0");
    }
    const digits = match[2];
    const number = /^0[0-7]+$/.test(digits) ? BigInt(`0o${digits.slice(1)}`) : BigInt(digits);
    return match[1] === "-" ? -number : number;
  }

  #float(value: string | undefined): number {
    if (value === undefined || value === "") return 0;
    const number = Number(value);
    if (!Number.isNaN(number)) return number;
    this.errors.push(`invalid number '${value}'`);
    return 0;
  }
}

function signed(value: bigint, flags: string, digits = 1): string {
  const text = (value < 0n ? -value : value).toString().padStart(digits, "0");
  const sign = value < 0n ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  return sign + text;
}

function unsigned(kind: string, value: bigint, flags: string, digits = 1): string {
  const radix = kind === "o" ? 8 : kind === "u" ? 10 : 16;
  const text = BigInt.asUintN(64, value).toString(radix).padStart(digits, "0");
  const prefix = flags.includes("#") && value !== 0n ? { o: "0", x: "0x", X: "0X" }[kind] : undefined;
  const result = (prefix ?? "").toLowerCase() + text;
  return kind === "X" ? result.toUpperCase() : result;
}

function floating(kind: string, value: number, flags: string, digits: number): string {
  const absolute = Math.abs(value);
  const lower = kind.toLowerCase();
  let text: string;
  if (!Number.isFinite(value)) text = Number.isNaN(value) ? "nan" : "inf";
  else if (lower === "f") text = absolute.toFixed(digits);
  else if (lower === "e") text = exponent(absolute.toExponential(digits));
  else {
    const precision = Math.max(digits, 1);
    const power = absolute === 0 ? 0 : Math.floor(Math.log10(Number(absolute.toPrecision(precision))));
    const plain = power >= -4 && power < precision;
    text = plain ? absolute.toFixed(Math.max(precision - 1 - power, 0)) : absolute.toExponential(precision - 1);
    if (!flags.includes("#") && text.includes(".")) text = text.replace(/\.?0+(?=e|$)/, "");
    if (!plain) text = exponent(text);
  }
  const negative = value < 0 || Object.is(value, -0);
  const sign = negative ? "-" : flags.includes("+") ? "+" : flags.includes(" ") ? " " : "";
  return kind === lower ? sign + text : (sign + text).toUpperCase();
}

/** Returns a number with an exponent of two digits at least. */
const exponent = (text: string): string => text.replace(/e([-+])(\d)$/, "e$10$2");

/**
 * Formats values as `printf` does: the format is used again until no value is left.
 *
 * @returns the bytes, and what is wrong with the values.
 */
export function formatText(format: string, values: readonly string[]): { bytes: Buffer; errors: readonly string[] } {
  const formatting = new Formatting(values);
  const source = bytesOf(format);
  let text = "";
  let left: boolean;
  const takes = [...source.matchAll(directive)].some(([all]) => all !== "%%");
  do {
    text += formatting.once(source);
    left = takes && formatting.hasValues && !formatting.stopped;
  } while (left);
  return { bytes: Buffer.from(text, "latin1"), errors: formatting.errors };
}
