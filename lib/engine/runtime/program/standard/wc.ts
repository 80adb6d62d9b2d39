import type { Readable } from "node:stream";
import { type Command, program } from "./command.js";

/** The counts of `wc` by their options, in the order in which they are printed. */
interface Counts {
  l: number;
  w: number;
  m: number;
  c: number;
  L: number;
}

const nothing = (): Counts => ({ l: 0, w: 0, m: 0, c: 0, L: 0 });

const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);

async function count(command: Command, source: Readable): Promise<Counts> {
  const counts = nothing();
  let isInWord = false;
  let column = 0;
  for await (const chunk of command.chunks(source)) {
    counts.c += chunk.length;
    for (const code of chunk) {
      if (code === 0x0a || code === 0x0d || code === 0x0c) {
        if (code === 0x0a) counts.l++;
        counts.L = Math.max(counts.L, column);
        column = 0;
      } else if (code === 0x09) column += 8 - (column % 8);
      else if (code >= 0x20 && code < 0x7f) column++;
      if (isSpace(code)) isInWord = false;
      else if (!isInWord && code > 0x20 && code < 0x7f) {
        isInWord = true;
        counts.w++;
      }
    }
  }
  counts.m = counts.c;
  counts.L = Math.max(counts.L, column);
  return counts;
}

/** Counts lines, words and bytes. */
export const wc = program(
  async (command) => {
    const options = command.options("lwmcL");
    const shown = (["l", "w", "m", "c", "L"] as const).filter((letter) =>
      options.given.length > 0 ? options.has(letter) : "lwc".includes(letter),
    );
    const total = nothing();
    const print = (counts: Counts, name: string): void => {
      const numbers = shown.map((letter) =>
        String(counts[letter]).padStart(shown.length > 1 || options.operands.length > 1 ? 9 : 0),
      );
      command.out.put(`${numbers.join(" ")}${name === "" ? "" : ` ${name}`}\n`);
    };
    for (const path of options.operands.length > 0 ? options.operands : [""]) {
      const source = await command.attempt(
        () => command.open(path === "" ? "-" : path),
        (reason) => `${path}: ${reason}`,
      );
      if (!source && (await command.statusOf(path))?.kind !== "directory") continue;
      const counts = source ? await count(command, source) : nothing();
      for (const letter of ["l", "w", "m", "c"] as const) total[letter] += counts[letter];
      total.L = Math.max(total.L, counts.L);
      print(counts, path);
    }
    if (options.operands.length > 1) print(total, "total");
  },
  { usage: "[-lwmcL] [FILE]..." },
);
