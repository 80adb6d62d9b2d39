import type { Readable } from "node:stream";
import type { OpenFile } from "../../../files/tree.js";
import { type Command, Failure, program } from "./command.js";
import { readCount } from "./numbers.js";

/** What part of a file is printed. */
interface Part {
  readonly unit: "lines" | "bytes";
  readonly count: number;
  /** Whether the count is that of the first line or byte, and not that of the last ones. */
  readonly isFromStart: boolean;
}

/** How long `-f` waits before it looks for new bytes, in milliseconds. */
const INTERVAL = 1000;

/** How much `-f` reads at once, in bytes. */
const CHUNK = 65_536;

/** Returns the position after `count` line ends, and the number that is missing. */
function skipped(chunk: Buffer, { unit }: Part, left: number): { at: number; left: number } {
  if (unit === "bytes") return { at: Math.min(left, chunk.length), left: left - Math.min(left, chunk.length) };
  let at = 0;
  let missing = left;
  for (; missing > 0; missing--) {
    const end = chunk.indexOf(10, at);
    if (end < 0) return { at: chunk.length, left: missing };
    at = end + 1;
  }
  return { at, left: 0 };
}

async function fromStart(command: Command, source: Readable, part: Part): Promise<number> {
  let left = Math.max(part.count - 1, 0);
  let length = 0;
  for await (const chunk of command.chunks(source)) {
    length += chunk.length;
    const found = skipped(chunk, part, left);
    left = found.left;
    await command.out.write(chunk.subarray(found.at));
  }
  return length;
}

/** Returns where the last lines or bytes start. */
function startOfLast(bytes: Buffer, { unit, count }: Part): number {
  if (unit === "bytes") return Math.max(bytes.length - count, 0);
  if (count === 0) return bytes.length;
  let at = bytes.at(-1) === 10 ? bytes.length - 1 : bytes.length;
  for (let left = count; left > 0; left--) {
    if (at === 0) return 0;
    at = bytes.lastIndexOf(10, at - 1);
    if (at < 0) return 0;
  }
  return at + 1;
}

async function last(command: Command, source: Readable, part: Part): Promise<number> {
  let kept: Buffer[] = [];
  let size = 0;
  let length = 0;
  const cut = (): Buffer => {
    const all = Buffer.concat(kept);
    return all.subarray(startOfLast(all, part));
  };
  for await (const chunk of command.chunks(source)) {
    length += chunk.length;
    kept.push(chunk);
    size += chunk.length;
    // what cannot be among the last lines is dropped from time to time, not for every chunk
    if (size < 1_048_576) continue;
    kept = [Buffer.from(cut())];
    size = kept[0]?.length ?? 0;
    if (size > 524_288) size = 0;
  }
  await command.out.write(cut());
  return length;
}

/** Prints what is appended to files, until the process is killed. */
async function follow(command: Command, followed: readonly { title: string; file: OpenFile; from: number }[]): Promise<never> {
  const positions = followed.map(({ from }) => from);
  let shown = followed.at(-1)?.title;
  for (;;) {
    for (const [index, { title, file }] of followed.entries()) {
      const { size } = await file.status();
      if (size < (positions[index] ?? 0)) positions[index] = 0;
      for (;;) {
        const bytes = await file.read(positions[index] ?? 0, CHUNK);
        if (bytes.length === 0) break;
        if (title !== shown) command.out.put(title);
        shown = title;
        await command.out.write(bytes);
        positions[index] = (positions[index] ?? 0) + bytes.length;
      }
    }
    await command.out.flush();
    await command.context.clock.sleep(INTERVAL, command.context.signal);
  }
}

function partOf(unit: Part["unit"], text: string): Part {
  const isFromStart = text.startsWith("+");
  const digits = text.replace(/^[-+]/, "");
  if (!/^\d/.test(digits)) throw new Failure(`invalid number '${text}'`);
  return { unit, count: readCount(digits), isFromStart };
}

/** Lets `-5` and `+5` as the first argument be `-n 5` and `-n +5`. */
const withCount = (args: readonly string[]): readonly string[] => {
  const [first = "", ...rest] = args;
  return /^[-+]\d+$/.test(first) ? ["-n", first, ...rest] : args;
};

/** Prints the last lines or bytes of files, and with `-f` those that follow. */
export const tail = program(
  async (command) => {
    const options = command.options("n:c:s:fFqv", {}, withCount(command.args));
    const unit = options.last("nc") === "c" ? "bytes" : "lines";
    const part = partOf(unit, options.value(unit === "bytes" ? "c" : "n") ?? "10");
    const paths = options.operands.length > 0 ? options.operands : ["-"];
    const hasTitles = options.has("v") || (paths.length > 1 && !options.has("q"));
    const followed: { title: string; file: OpenFile; from: number }[] = [];
    let isFirst = true;
    for (const path of paths) {
      const source = await command.openOrComplain(path);
      if (!source) continue;
      const title = hasTitles ? `==> ${path === "-" ? "standard input" : path} <==\n` : "";
      command.out.put(title === "" ? "" : `${isFirst ? "" : "\n"}${title}`);
      isFirst = false;
      const length = await (part.isFromStart ? fromStart : last)(command, source, part);
      if (!options.has("fF") || path === "-") continue;
      const file = await command.files.open(command.path(path), "r");
      followed.push({ title: title === "" ? "" : `\n${title}`, file, from: length });
    }
    if (followed.length === 0) return;
    await command.out.flush();
    try {
      await follow(command, followed);
    } finally {
      for (const { file } of followed) await file.close();
    }
  },
  { usage: "[-fF] [-n [+]N] [-c [+]N] [-qv] [FILE]..." },
);
