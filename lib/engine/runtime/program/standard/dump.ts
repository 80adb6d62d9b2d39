import type { Readable } from "node:stream";
import { type Command, Failure, program } from "./command.js";
import { readCount } from "./numbers.js";
import { openNamed } from "./reorder.js";

/** Returns the bytes of a stream in pieces of 16, from a position on and up to a number of bytes. */
async function* rowsOf(
  command: Command,
  sources: readonly Readable[],
  skip: number,
  most: number,
): AsyncGenerator<Buffer, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  let toSkip = skip;
  let left = most;
  for (const source of sources) {
    for await (const chunk of command.chunks(source)) {
      const skipped = Math.min(toSkip, chunk.length);
      toSkip -= skipped;
      rest = Buffer.concat([rest, chunk.subarray(skipped, skipped + left)]);
      left -= Math.min(left, chunk.length - skipped);
      for (; rest.length >= 16; rest = rest.subarray(16)) yield rest.subarray(0, 16);
      await command.out.flush();
      if (left === 0) break;
    }
  }
  if (rest.length > 0) yield rest;
}

async function sourcesOf(command: Command, paths: readonly string[]): Promise<Readable[]> {
  const sources: Readable[] = [];
  for (const path of paths.length > 0 ? paths : ["-"]) {
    const source = await openNamed(command, path);
    if (source) sources.push(source);
  }
  if (sources.length === 0) throw new Failure("");
  return sources;
}

const named: Readonly<Record<number, string>> = {
  0: "\\0",
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
};

const characterName = (byte: number): string =>
  named[byte] ?? (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : byte.toString(8).padStart(3, "0"));

const asciiNames = [
  "nul",
  "soh",
  "stx",
  "etx",
  "eot",
  "enq",
  "ack",
  "bel",
  "bs",
  "ht",
  "nl",
  "vt",
  "ff",
  "cr",
  "so",
  "si",
  "dle",
  "dc1",
  "dc2",
  "dc3",
  "dc4",
  "nak",
  "syn",
  "etb",
  "can",
  "em",
  "sub",
  "esc",
  "fs",
  "gs",
  "rs",
  "us",
  "sp",
];

/** How the bytes of a row are shown. */
interface Format {
  /** Number of bytes that are shown together. */
  readonly size: number;
  /** Length of the text for one value. */
  readonly width: number;
  /** Shows a value. */
  readonly show: (value: bigint) => string;
}

/** Reads a format of `od`, such as `x1`. */
function formatOf(text: string): Format {
  const [, kind = "", digits = ""] = /^([acdoux])([1248CSIL]?)$/.exec(text) ?? [];
  if (kind === "c") return { size: 1, width: 3, show: (value) => characterName(Number(value)).padStart(3) };
  if (kind === "a") {
    const name = (value: bigint): string =>
      asciiNames[Number(value & 0x7fn)] ?? (value === 0x7fn ? "del" : String.fromCharCode(Number(value & 0x7fn)));
    return { size: 1, width: 3, show: (value) => name(value).padStart(3) };
  }
  const size = { "": 4, "1": 1, C: 1, "2": 2, S: 2, "4": 4, I: 4, "8": 8, L: 8 }[digits] ?? 4;
  const bits = size * 8;
  if (kind === "x") return { size, width: size * 2, show: (value) => value.toString(16).padStart(size * 2, "0") };
  if (kind === "o") {
    const width = Math.ceil(bits / 3);
    return { size, width, show: (value) => value.toString(8).padStart(width, "0") };
  }
  const width = { 1: 3, 2: 5, 4: 10, 8: 20 }[size] ?? 20;
  if (kind === "u") return { size, width, show: (value) => value.toString().padStart(width) };
  if (kind === "d")
    return {
      size,
      width: width + 1,
      show: (value) =>
        BigInt.asIntN(bits, value)
          .toString()
          .padStart(width + 1),
    };
  throw new Failure(`invalid type string '${text}'`);
}

const letterFormats: Readonly<Record<string, string>> = {
  b: "o1",
  c: "c",
  d: "u2",
  o: "o2",
  x: "x2",
  a: "a",
  i: "d4",
  l: "d8",
  s: "d2",
  D: "u4",
  O: "o4",
  X: "x4",
  h: "x2",
  H: "x4",
  I: "d8",
  B: "o2",
};

function valueAt(row: Buffer, at: number, size: number): bigint {
  let value = 0n;
  for (let index = size - 1; index >= 0; index--) value = (value << 8n) | BigInt(row[at + index] ?? 0);
  return value;
}

const rowText = (row: Buffer, { size, show }: Format): string => {
  let text = "";
  for (let at = 0; at < row.length; at += size) text += ` ${show(valueAt(row, at, size))}`;
  return text;
};

/** Calls a function for each row that is printed: of equal rows only the first, and a `*` for the others. */
async function eachRow(
  command: Command,
  rows: AsyncIterable<Buffer>,
  start: number,
  isComplete: boolean,
  print: (row: Buffer, offset: number) => void,
): Promise<number> {
  let previous: Buffer | undefined;
  let hasStar = false;
  let offset = start;
  for await (const row of rows) {
    if (!isComplete && previous && row.length === 16 && row.equals(previous)) {
      if (!hasStar) command.out.put("*\n");
      hasStar = true;
    } else {
      print(row, offset);
      hasStar = false;
    }
    previous = Buffer.from(row);
    offset += row.length;
    if (command.out.isFull) await command.out.flush();
  }
  return offset;
}

/** Prints bytes as numbers. */
export const od = program(
  async (command) => {
    const options = command.options("abcdosxilDOXhHIBvA:t:j:N:w:");
    const formats = options.given.flatMap(([letter, value]) => {
      if (letter === "t") return (value.match(/[acdoux][1248CSIL]?/g) ?? [value]).map(formatOf);
      const format = letterFormats[letter];
      return format === undefined ? [] : [formatOf(format)];
    });
    if (formats.length === 0) formats.push(formatOf("o2"));
    const radix = options.value("A") ?? "o";
    const address = (offset: number): string => {
      if (radix === "n") return "";
      const base = { d: 10, o: 8, x: 16 }[radix];
      if (base === undefined) throw new Failure(`bad output address radix '${radix}'`);
      return offset.toString(base).padStart(radix === "x" ? 6 : 7, "0");
    };
    const skip = readCount(options.value("j") ?? "0");
    const most = options.has("N") ? readCount(options.value("N") ?? "") : Infinity;
    // values of one row stand below each other
    const span = (format: Format): number => (format.width + 1) / format.size;
    const widest = Math.max(...formats.map(span));
    const aligned = formats.map((format) => {
      const extra = Math.round(widest * format.size) - format.width - 1;
      return { ...format, show: (value: bigint) => " ".repeat(extra) + format.show(value) };
    });
    const sources = await sourcesOf(command, options.operands);
    const end = await eachRow(command, rowsOf(command, sources, skip, most), skip, options.has("v"), (row, offset) => {
      for (const [index, format] of aligned.entries()) {
        const start = address(offset);
        command.out.put(`${index === 0 ? start : " ".repeat(start.length)}${rowText(row, format)}\n`);
      }
    });
    if (radix !== "n") command.out.put(`${address(end)}\n`);
  },
  { usage: "[-abcdfhilovxs] [-t TYPE] [-A RADIX] [-N SIZE] [-j SKIP] [FILE]..." },
);

const printable = (row: Buffer): string =>
  Array.from(row, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : ".")).join("");

const hex = (bytes: Buffer, separator: string): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(separator);

/** Prints bytes in hexadecimal digits. */
export const hexdump = program(
  async (command) => {
    const options = command.options("bcdoxCvn:s:");
    const skip = readCount(options.value("s") ?? "0");
    const most = options.has("n") ? readCount(options.value("n") ?? "") : Infinity;
    const isCanonical = options.has("C") || command.name === "hd";
    const format = formatOf({ b: "o1", c: "c", d: "u2", o: "o2", x: "x2" }[options.last("bcdox") ?? "x"] ?? "x2");
    const address = (offset: number): string => offset.toString(16).padStart(isCanonical ? 8 : 7, "0");
    const wide = options.has("dox") ? 8 : 5;
    const isDecimal = options.last("bcdox") === "d";
    const shown = (row: Buffer, at: number): string => {
      const text = format.show(valueAt(row, at, format.size));
      return isDecimal ? text.trim().padStart(5, "0") : text;
    };
    const sources = await sourcesOf(command, options.operands);
    const end = await eachRow(command, rowsOf(command, sources, skip, most), skip, options.has("v"), (row, offset) => {
      if (isCanonical) {
        const halves = `${hex(row.subarray(0, 8), " ")}  ${hex(row.subarray(8), " ")}`;
        command.out.put(`${address(offset)}  ${halves.padEnd(49)} |${printable(row)}|\n`);
        return;
      }
      const unit = options.has("bc") ? 4 : wide;
      let text = "";
      for (let at = 0; at < 16; at += format.size) text += at < row.length ? shown(row, at).padStart(unit) : " ".repeat(unit);
      command.out.put(`${address(offset)}${text}\n`);
    });
    if (end > skip) command.out.put(`${address(end)}\n`);
  },
  { usage: "[-bcdoxCv] [-n LEN] [-s OFS] [FILE]..." },
);
