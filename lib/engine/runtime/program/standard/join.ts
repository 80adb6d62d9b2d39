import { type Command, Failure, program } from "./command.js";
import { withoutEnd } from "./lines.js";
import { readCount } from "./numbers.js";
import { UsageError } from "./options.js";
import { byteString } from "./output.js";
import { openNamed } from "./reorder.js";

/** Reads a file line by line. */
class LineReader {
  readonly #batches: AsyncIterator<string[]>;
  #lines: string[] = [];
  #at = 0;

  constructor(batches: AsyncIterator<string[]>) {
    this.#batches = batches;
  }

  /** Returns the next line without its end, or undefined after the last one. */
  async next(): Promise<string | undefined> {
    if (this.#at >= this.#lines.length) {
      const batch = await this.#batches.next();
      if (batch.done) return undefined;
      this.#lines = batch.value;
      this.#at = 0;
    }
    return withoutEnd(this.#lines[this.#at++] ?? "");
  }
}

/** Opens files to be read line by line. One that cannot be opened ends the program. */
async function readersOf(command: Command, paths: readonly string[]): Promise<LineReader[]> {
  const readers: LineReader[] = [];
  let stdin: LineReader | undefined;
  for (const path of paths) {
    const source = await openNamed(command, path);
    if (!source) throw new Failure("");
    const reader = path === "-" && stdin ? stdin : new LineReader(command.lines(source));
    if (path === "-") stdin = reader;
    readers.push(reader);
  }
  return readers;
}

/** Reads the list of delimiters of `paste`. */
const delimitersOf = (text: string): string[] => {
  const escapes: Readonly<Record<string, string>> = { "\\n": "\n", "\\t": "\t", "\\0": "", "\\\\": "\\" };
  return Array.from(byteString(text).matchAll(/\\[^]|[^]/g), ([piece]) => escapes[piece] ?? piece);
};

/** Joins the lines of files side by side. */
export const paste = program(
  async (command) => {
    const options = command.options("d:s");
    const delimiters = delimitersOf(options.value("d") ?? "\t");
    const readers = await readersOf(command, options.operands.length > 0 ? options.operands : ["-"]);
    const delimiter = (index: number): string => delimiters[index % delimiters.length] ?? "";
    if (options.has("s")) {
      for (const reader of readers) {
        let index = 0;
        let line = await reader.next();
        for (; line !== undefined; line = await reader.next(), index++)
          command.out.putBytes(`${index > 0 ? delimiter(index - 1) : ""}${line}`);
        command.out.put("\n");
        await command.out.flush();
      }
      return;
    }
    for (;;) {
      const lines: (string | undefined)[] = [];
      for (const reader of readers) lines.push(await reader.next());
      if (lines.every((line) => line === undefined)) return;
      command.out.putBytes(
        `${lines.map((line, index) => (line ?? "") + (index < lines.length - 1 ? delimiter(index) : "")).join("")}\n`,
      );
      if (command.out.isFull) await command.out.flush();
    }
  },
  { usage: "[-s] [-d LIST] [FILE]..." },
);

/** Compares two sorted files: prints what only the first has, only the second, and both. */
export const comm = program(
  async (command) => {
    const options = command.options("123");
    if (options.operands.length !== 2) throw new UsageError("");
    const [left, right] = await readersOf(command, options.operands);
    const indent = [0, options.has("1") ? 0 : 1, (options.has("1") ? 0 : 1) + (options.has("2") ? 0 : 1)];
    const print = (column: number, line: string): void => {
      if (!options.has(String(column + 1))) command.out.putBytes(`${"\t".repeat(indent[column] ?? 0)}${line}\n`);
    };
    let a = await left?.next();
    let b = await right?.next();
    while (a !== undefined || b !== undefined) {
      if (a !== undefined && a === b) {
        print(2, a);
        [a, b] = [await left?.next(), await right?.next()];
      } else if (b === undefined || (a !== undefined && a < b)) {
        print(0, a ?? "");
        a = await left?.next();
      } else {
        print(1, b);
        b = await right?.next();
      }
      if (command.out.isFull) await command.out.flush();
    }
  },
  { usage: "[-123] FILE1 FILE2" },
);

/** Prints the readable parts of files. */
export const strings = program(
  async (command) => {
    const options = command.options("afon:t:");
    const least = readCount(options.value("n") ?? "4");
    const radix = { d: 10, o: 8, x: 16 }[options.value("t") ?? (options.has("o") ? "o" : "")];
    for (const path of options.operands.length > 0 ? options.operands : ["-"]) {
      const source = await openNamed(command, path);
      if (!source) continue;
      let found = "";
      let position = 0;
      const end = (): void => {
        if (found.length >= least) {
          const offset = radix === undefined ? "" : `${(position - found.length).toString(radix).padStart(7)} `;
          command.out.putBytes(`${options.has("f") ? `${byteString(path)}: ` : ""}${offset}${found}\n`);
        }
        found = "";
      };
      for await (const chunk of command.chunks(source)) {
        for (const byte of chunk) {
          if ((byte >= 0x20 && byte < 0x7f) || byte === 9) found += String.fromCharCode(byte);
          else end();
          position++;
        }
        await command.out.flush();
      }
      end();
    }
  },
  { usage: "[-fo] [-t o|d|x] [-n LEN] [FILE]..." },
);
