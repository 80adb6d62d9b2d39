import { type Command, Failure, program } from "./command.js";
import { withoutEnd } from "./lines.js";
import { readCount } from "./numbers.js";
import { byteString } from "./output.js";
import { openNamed } from "./reorder.js";
import { lineOrder, readKey } from "./sort-keys.js";

/** Opens all inputs before anything is printed: one that is missing ends the program. */
async function allLines(command: Command, paths: readonly string[], separator: string): Promise<string[]> {
  const lines: string[] = [];
  for (const path of paths.length > 0 ? paths : ["-"]) {
    const source = await openNamed(command, path);
    if (!source) throw new Failure("", 2);
    for await (const more of command.lines(source, separator)) for (const line of more) lines.push(withoutEnd(line, separator));
  }
  return lines;
}

/** Sorts lines. */
export const sort = program(
  async (command) => {
    const options = command.options("nrudfghiMVbcsmzk:t:o:S:T:", { long: { reverse: "r", unique: "u" } });
    const end = options.has("z") ? "\0" : "\n";
    const separator = options.value("t");
    if (separator !== undefined && separator.length !== 1) throw new Failure("bad -t parameter", 2);
    const flags = options.given.map(([letter]) => letter).filter((letter) => "nrdfghiMVb".includes(letter));
    const isStable = options.has("s") || options.has("u");
    const order = lineOrder(options.values("k").map(readKey), separator && byteString(separator), flags.join(""), !isStable);
    const lines = await allLines(command, options.operands, end);
    if (options.has("c")) {
      const at = lines.findIndex((line, index) => {
        const comparison = index === 0 ? -1 : order(lines[index - 1] ?? "", line);
        return comparison > 0 || (comparison === 0 && options.has("u"));
      });
      if (at < 0) return 0;
      command.warn(`Check line ${at}\n`);
      return 1;
    }
    const sorted = lines.sort(order);
    const shown = options.has("u")
      ? sorted.filter((line, index) => index === 0 || order(sorted[index - 1] ?? "", line) !== 0)
      : sorted;
    const target = options.value("o");
    if (target !== undefined) {
      await command.files.writeFile(command.path(target), Buffer.from(shown.map((line) => line + end).join(""), "latin1"));
      return 0;
    }
    for (const line of shown) {
      command.out.putBytes(line + end);
      if (command.out.isFull) await command.out.flush();
    }
    return 0;
  },
  { usage: "[-nrughMcszbdfiokt] [-o FILE] [-k START[.OFFSET][OPTS][,END[.OFFSET][OPTS]]] [-t CHAR] [FILE]...", usageCode: 2 },
);

/** Prints each of several equal lines in a row once. */
export const uniq = program(
  async (command) => {
    const options = command.options("cduizf:s:w:");
    const fields = readCount(options.value("f") ?? "0");
    const chars = readCount(options.value("s") ?? "0");
    const most = options.has("w") ? readCount(options.value("w") ?? "") : Infinity;
    const keyOf = (line: string): string => {
      const rest = line.replace(new RegExp(`^(?:\\s*\\S+){0,${fields}}`), "");
      const key = rest.slice(chars, most === Infinity ? undefined : chars + most);
      return options.has("i") ? key.toLowerCase() : key;
    };
    const [input = "-", target] = options.operands;
    const file = target === undefined ? undefined : await command.files.open(command.path(target), "w");
    let previous: { line: string; key: string; count: number } | undefined;
    const print = async (): Promise<void> => {
      if (!previous) return;
      if (previous.count > 1 ? options.has("u") : options.has("d")) return;
      const text = `${options.has("c") ? `${String(previous.count).padStart(7)} ` : ""}${previous.line}\n`;
      if (file) await file.write(Buffer.from(text, "latin1"));
      else command.out.putBytes(text);
    };
    const source = await command.openOrComplain(input);
    if (!source) return;
    for await (const lines of command.lines(source)) {
      for (const line of lines) {
        const text = withoutEnd(line);
        const key = keyOf(text);
        if (previous?.key === key) previous.count++;
        else {
          await print();
          previous = { line: text, key, count: 1 };
        }
      }
      await command.out.flush();
    }
    await print();
    await file?.close();
  },
  { usage: "[-cduiz] [-f,s,w N] [FILE [OUTFILE]]" },
);
