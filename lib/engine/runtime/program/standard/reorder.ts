import type { Readable } from "node:stream";
import { type Command, Failure, program } from "./command.js";
import { linesOf, withoutEnd } from "./lines.js";
import { readCount } from "./numbers.js";
import { byteString } from "./output.js";

/** Opens a file to be read. A message names the file if it cannot be opened. */
export async function openNamed(command: Command, path: string): Promise<Readable | undefined> {
  return await command.attempt(
    () => command.open(path),
    (reason) => `${path}: ${reason}`,
  );
}

/** Returns the chunks of all files one after the other, as `cat` does. Files that cannot be opened cause a message. */
async function* chunksOfAll(command: Command, paths: readonly string[]): AsyncGenerator<Buffer, void, undefined> {
  for (const path of paths.length > 0 ? paths : ["-"]) {
    const source = await command.openOrComplain(path);
    if (source) yield* command.chunks(source);
  }
}

/** Returns the lines of all files, where each file starts a new line. */
export async function* linesOfAll(command: Command, paths: readonly string[]): AsyncGenerator<string[], void, undefined> {
  for (const path of paths.length > 0 ? paths : ["-"]) {
    const source = await openNamed(command, path);
    if (source) yield* command.lines(source);
  }
}

/** Prints files with their lines in the reverse order. */
export const tac = program(async (command) => {
  const options = command.options("");
  for (const path of options.operands.length > 0 ? options.operands : ["-"]) {
    const source = await openNamed(command, path);
    if (!source) continue;
    const lines: string[] = [];
    for await (const more of command.lines(source)) lines.push(...more);
    for (const line of lines.reverse()) {
      command.out.putBytes(line);
      if (command.out.isFull) await command.out.flush();
    }
  }
});

/** Prints files with the characters of each line in the reverse order. */
export const rev = program(async (command) => {
  for await (const lines of linesOfAll(command, command.options("").operands)) {
    for (const line of lines) {
      const text = withoutEnd(line);
      const characters = Array.from(Buffer.from(text, "latin1").toString());
      command.out.putBytes(byteString(characters.reverse().join("")) + line.slice(text.length));
    }
    await command.out.flush();
  }
});

/** Prints files with numbered lines. */
export const nl = program(
  async (command) => {
    const options = command.options("b:i:s:v:w:n:");
    const style = options.value("b") ?? "t";
    const separator = byteString(options.value("s") ?? "\t");
    const width = readCount(options.value("w") ?? "6");
    const step = readCount(options.value("i") ?? "1");
    let number = readCount(options.value("v") ?? "1");
    const format = { ln: (text: string) => text.padEnd(width), rz: (text: string) => text.padStart(width, "0") }[
      options.value("n") ?? ""
    ];
    for await (const lines of linesOfAll(command, options.operands)) {
      for (const line of lines) {
        const text = withoutEnd(line);
        if (style === "a" || (style === "t" && text !== "")) {
          command.out.putBytes(`${format ? format(String(number)) : String(number).padStart(width)}${separator}${text}\n`);
          number += step;
        } else command.out.putBytes(`${" ".repeat(width + separator.length)}${text}\n`);
      }
      await command.out.flush();
    }
  },
  { usage: "[-b STYLE] [-i N] [-n FORMAT] [-s STRING] [-v N] [-w WIDTH] [FILE]..." },
);

/** Returns the column after a character. */
function columnAfter(column: number, char: string, countsBytes: boolean): number {
  if (countsBytes) return column + 1;
  if (char === "\b") return Math.max(column - 1, 0);
  if (char === "\r") return 0;
  return char === "\t" ? column + 8 - (column % 8) : column + 1;
}

/** Breaks lines that are too long. */
export const fold = program(
  async (command) => {
    const options = command.options("bsw:");
    const width = readCount(options.value("w") ?? "80");
    if (width === 0) throw new Failure("invalid number '0'");
    const wide = (text: string): number => {
      let column = 0;
      for (let at = 0; at < text.length; at++) column = columnAfter(column, text.charAt(at), options.has("b"));
      return column;
    };
    for await (const lines of linesOf(chunksOfAll(command, options.operands))) {
      for (const line of lines) {
        let rest = "";
        let column = 0;
        const text = withoutEnd(line);
        for (let at = 0; at < text.length; at++) {
          const char = text.charAt(at);
          const next = columnAfter(column, char, options.has("b"));
          if (next > width && rest !== "") {
            const space = options.has("s") ? Math.max(rest.lastIndexOf(" "), rest.lastIndexOf("\t")) + 1 : 0;
            command.out.putBytes(`${space > 0 ? rest.slice(0, space) : rest}\n`);
            rest = (space > 0 ? rest.slice(space) : "") + char;
            column = wide(rest);
          } else {
            rest += char;
            column = next;
          }
        }
        command.out.putBytes(rest + line.slice(text.length));
      }
      await command.out.flush();
    }
  },
  { usage: "[-bs] [-w WIDTH] [FILE]..." },
);
