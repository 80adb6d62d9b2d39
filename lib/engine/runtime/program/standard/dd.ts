import type { OpenFile } from "../../../files/tree.js";
import { type Command, Failure, program, reasonOf } from "./command.js";
import { readCount } from "./numbers.js";
import { UsageError } from "./options.js";

/** Reads blocks of at most `size` bytes. A block is shorter if no more is there. */
async function* blocksOf(chunks: AsyncIterable<Buffer>, size: number, isFull: boolean): AsyncGenerator<Buffer, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    for (; rest.length >= size; rest = rest.subarray(size)) yield rest.subarray(0, size);
    if (!isFull && rest.length > 0) {
      yield rest;
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0) yield rest;
}

const known = ["if", "of", "bs", "ibs", "obs", "count", "skip", "seek", "conv", "status", "iflag", "oflag"];

function settingsOf(args: readonly string[]): ReadonlyMap<string, string> {
  const settings = new Map<string, string>();
  for (const arg of args) {
    const [, name = "", value = ""] = /^([a-z]+)=(.*)$/s.exec(arg) ?? [];
    if (!known.includes(name)) throw new UsageError("");
    settings.set(name, value);
  }
  return settings;
}

/** Copies blocks. */
export const dd = program(
  async (command) => {
    const settings = settingsOf(command.args);
    const flags = (settings.get("conv") ?? "").split(",");
    const size = readCount(settings.get("bs") ?? settings.get("ibs") ?? "512");
    const outputSize = readCount(settings.get("bs") ?? settings.get("obs") ?? "512");
    const count = settings.has("count") ? readCount(settings.get("count") ?? "") : Infinity;
    const skip = readCount(settings.get("skip") ?? "0");
    const seek = readCount(settings.get("seek") ?? "0");
    const source = await command.attempt(
      () => command.open(settings.get("if") ?? "-"),
      (reason) => `can't open '${settings.get("if") ?? ""}': ${reason}`,
    );
    if (!source) return 1;
    const target = settings.get("of");
    const file =
      target === undefined
        ? undefined
        : await openTarget(command, target, flags.includes("notrunc") || seek > 0, seek * outputSize);
    // blocks of a file are full whatever the chunks are
    const isFull = settings.has("if") || (settings.get("iflag") ?? "").includes("fullblock");
    const counts = { full: 0, partial: 0, bytes: 0 };
    let position = seek * outputSize;
    let index = 0;
    if (count > 0) {
      for await (const block of blocksOf(command.chunks(source), size, isFull)) {
        if (index++ < skip) continue;
        if (block.length === size) counts.full++;
        else counts.partial++;
        counts.bytes += block.length;
        const padded = flags.includes("sync") ? Buffer.concat([block], size) : block;
        if (file) await file.write(padded, position);
        else await command.out.write(padded);
        position += padded.length;
        if (counts.full + counts.partial >= count) break;
      }
    }
    await file?.close();
    if (settings.get("status") === "none") return 0;
    const outputs = Math.floor(counts.bytes / outputSize);
    const records =
      size === outputSize ? `${counts.full}+${counts.partial}` : `${outputs}+${counts.bytes % outputSize > 0 ? 1 : 0}`;
    command.warn(`${counts.full}+${counts.partial} records in\n${records} records out\n`);
    return 0;
  },
  { usage: "[if=FILE] [of=FILE] [ibs=N obs=N/bs=N] [count=N] [skip=N] [seek=N] [conv=notrunc|noerror|sync|fsync]" },
);

async function openTarget(command: Command, path: string, keeps: boolean, length: number): Promise<OpenFile> {
  const absolute = command.path(path);
  try {
    const exists = (await command.statusOf(path)) !== undefined;
    const file = await command.files.open(absolute, keeps && exists ? "r+" : "w");
    const { size } = await file.status();
    if (length > size) await file.truncate(length);
    return file;
  } catch (error) {
    throw new Failure(`can't open '${path}': ${reasonOf(error)}`);
  }
}

/** Returns the suffix of a part: `aa`, `ab` and so on. */
function suffixOf(index: number, length: number): string {
  let suffix = "";
  for (let rest = index; suffix.length < length; rest = Math.floor(rest / 26))
    suffix = String.fromCharCode(97 + (rest % 26)) + suffix;
  if (index >= 26 ** length) throw new Failure("suffixes exhausted");
  return suffix;
}

/** Splits a file into several ones. */
export const split = program(
  async (command) => {
    const options = command.options("l:b:a:");
    const [path = "-", prefix = "x"] = options.operands;
    const length = readCount(options.value("a") ?? "2");
    const most = readCount(options.value(options.has("b") ? "b" : "l") ?? "1000");
    const source = await command.attempt(
      () => command.open(path),
      (reason) => `can't open '${path}': ${reason}`,
    );
    if (!source) return;
    let index = 0;
    let left = 0;
    let file: OpenFile | undefined;
    const write = async (data: Buffer): Promise<void> => {
      if (left === 0) {
        await file?.close();
        file = await command.files.open(command.path(prefix + suffixOf(index++, length)), "w");
        left = most;
      }
      await file?.write(data);
    };
    if (options.has("b")) {
      for await (const chunk of command.chunks(source)) {
        for (let at = 0; at < chunk.length;) {
          const piece = chunk.subarray(at, at + (left === 0 ? most : left));
          await write(piece);
          left -= piece.length;
          at += piece.length;
        }
      }
    } else {
      for await (const lines of command.lines(source)) {
        for (let at = 0; at < lines.length;) {
          const piece = lines.slice(at, at + (left === 0 ? most : left));
          await write(Buffer.from(piece.join(""), "latin1"));
          left -= piece.length;
          at += piece.length;
        }
      }
    }
    await file?.close();
  },
  { usage: "[-b N | -l N] [-a N] [FILE [PREFIX]]" },
);
