import type { Readable } from "node:stream";
import { type Command, Failure, program } from "./command.js";
import { readCount } from "./numbers.js";

/** Lets `-5` as the first argument be `-n 5`. */
const withCount = (args: readonly string[]): readonly string[] => {
  const [first = "", ...rest] = args;
  return /^-\d+$/.test(first) ? [`-n${first.slice(1)}`, ...rest] : args;
};

/** Returns the position after the first `count` lines of some bytes, and how many lines are left to be found. */
function afterLines(chunk: Buffer, count: number): { end: number; left: number } {
  let end = 0;
  for (let left = count; left > 0; left--) {
    const at = chunk.indexOf(10, end);
    if (at < 0) return { end: chunk.length, left };
    end = at + 1;
  }
  return { end, left: 0 };
}

async function firstPart(command: Command, source: Readable, count: number, unit: "lines" | "bytes"): Promise<void> {
  let left = count;
  if (left === 0) return;
  for await (const chunk of command.chunks(source)) {
    if (unit === "lines") {
      const found = afterLines(chunk, left);
      left = found.left;
      await command.out.write(chunk.subarray(0, found.end));
    } else {
      await command.out.write(chunk.subarray(0, left));
      left -= Math.min(left, chunk.length);
    }
    if (left === 0) return;
  }
}

/** Copies all but the last lines or bytes. */
async function allButLast(command: Command, source: Readable, count: number, unit: "lines" | "bytes"): Promise<void> {
  if (unit === "bytes") {
    let kept: Buffer = Buffer.alloc(0);
    for await (const chunk of command.chunks(source)) {
      kept = Buffer.concat([kept, chunk]);
      const ready = kept.length - count;
      if (ready <= 0) continue;
      await command.out.write(kept.subarray(0, ready));
      kept = kept.subarray(ready);
    }
    return;
  }
  let kept: string[] = [];
  for await (const lines of command.lines(source)) {
    kept.push(...lines);
    const ready = kept.length - count;
    if (ready <= 0) continue;
    command.out.putBytes(kept.slice(0, ready).join(""));
    kept = kept.slice(ready);
    await command.out.flush();
  }
}

/** Prints the first lines or bytes of files. */
export const head = program(
  async (command) => {
    const options = command.options("n:c:qv", {}, withCount(command.args));
    const unit = options.last("nc") === "c" ? "bytes" : "lines";
    const text = options.value(unit === "bytes" ? "c" : "n") ?? "10";
    const isRest = text.startsWith("-");
    if (isRest && /^-\D/.test(text)) throw new Failure(`invalid number '${text.slice(1)}'`);
    const count = readCount(isRest ? text.slice(1) : text);
    const paths = options.operands.length > 0 ? options.operands : ["-"];
    const hasTitles = options.has("v") || (paths.length > 1 && !options.has("q"));
    let isFirst = true;
    for (const path of paths) {
      const source = await command.attempt(
        () => command.open(path),
        (reason) => `${path}: ${reason === "Is a directory" ? "Input/output error" : reason}`,
      );
      if (!source) continue;
      if (hasTitles) command.out.put(`${isFirst ? "" : "\n"}==> ${path === "-" ? "standard input" : path} <==\n`);
      isFirst = false;
      await (isRest ? allButLast : firstPart)(command, source, count, unit);
      if (path !== "-") source.destroy();
    }
  },
  { usage: "[-n [-]N] [-c [-]N] [-qv] [FILE]..." },
);
