import { Readable } from "node:stream";
import { readArchive } from "../../../../archive/read-archive.js";
import { ArchiveError } from "../../../../errors/usage-errors.js";
import { type Command, Failure, program } from "./command.js";
import { globExpression } from "./glob.js";
import { compressed, decompressed } from "./gzip.js";
import { withoutEnd } from "./lines.js";
import { type Arguments, UsageError } from "./options.js";
import { Extraction, listingLine } from "./tar-extract.js";
import { packTree } from "./tar-pack.js";

/** Lets `tar xzf f` be `tar -xzf f`. */
const withDash = (args: readonly string[]): readonly string[] => {
  const [first, ...rest] = args;
  return first !== undefined && /^[a-zA-Z]/.test(first) ? [`-${first}`, ...rest] : args;
};

async function inputOf(command: Command, options: Arguments): Promise<Readable> {
  const path = options.value("f") ?? "-";
  const source = await command.openOrComplain(path);
  if (!source) throw new Failure("");
  const own = Readable.from(command.chunks(source), { objectMode: false });
  // what is compressed shows at the start
  const start = await own.iterator({ destroyOnReturn: false }).next();
  const first: Buffer = start.done ? Buffer.alloc(0) : (start.value as Buffer);
  const rest = Readable.from(
    (async function* () {
      yield first;
      yield* command.chunks(own);
    })(),
    { objectMode: false },
  );
  return first[0] === 0x1f && first[1] === 0x8b ? decompressed(rest) : rest;
}

/** Reads the names in a file, one a line. */
async function namesIn(command: Command, path: string): Promise<string[]> {
  const source = await command.openOrComplain(path);
  if (!source) throw new Failure("");
  const text = Buffer.from(await command.all(source), "latin1").toString();
  return text === "" ? [] : withoutEnd(text).split("\n");
}

async function read(
  command: Command,
  options: Arguments,
  names: readonly string[],
  excluded: (name: string) => boolean,
): Promise<void> {
  const trimmed = names.map((name) => name.replace(/\/+$/, ""));
  const missing = new Set(trimmed);
  const isWanted = (name: string): boolean => {
    if (excluded(name)) return false;
    if (trimmed.length === 0) return true;
    const wanted = trimmed.find((other) => name === other || name === `${other}/` || name.startsWith(`${other}/`));
    if (wanted !== undefined) missing.delete(wanted);
    return wanted !== undefined;
  };
  const extraction = new Extraction(command, options);
  const isVerbose = options.has("v");
  let isEmpty = true;
  try {
    for await (const entry of readArchive(await inputOf(command, options))) {
      isEmpty = false;
      if (!isWanted(entry.name)) continue;
      const name = entry.type === "directory" && !entry.name.endsWith("/") ? `${entry.name}/` : entry.name;
      if (options.has("t")) command.out.put(isVerbose ? listingLine(entry, name) : `${name}\n`);
      else {
        if (isVerbose && !options.has("O")) command.out.put(`${name}\n`);
        await extraction.extract(entry);
      }
      if (command.out.isFull) await command.out.flush();
    }
  } catch (error) {
    // an archive that ends without the blocks that mark its end is accepted, as tar does
    if (!(error instanceof ArchiveError)) throw error;
    if (isEmpty || !error.message.startsWith("the archive is truncated after")) throw new Failure("short read");
  }
  await extraction.finish();
  for (const name of missing) command.complain(`${name}: not found in archive`);
}

async function write(
  command: Command,
  options: Arguments,
  names: readonly string[],
  excluded: (name: string) => boolean,
): Promise<void> {
  if (names.length === 0) throw new Failure("empty archive");
  const path = options.value("f") ?? "-";
  // names go where the archive does not
  const print = (name: string): void => {
    if (!options.has("v")) return;
    if (path === "-") command.warn(`${name}\n`);
    else command.out.put(`${name}\n`);
  };
  const rules = { directory: options.value("C") ?? ".", follow: options.has("h"), excluded, print };
  const archive = packTree(command, names, rules);
  const bytes = options.has("z") || /\.t?gz$/.test(options.has("a") ? path : "") ? compressed(archive) : archive;
  if (path === "-") for await (const chunk of command.chunks(bytes)) await command.out.write(chunk);
  else {
    const file = await command.files.open(command.path(path), "w");
    try {
      for await (const chunk of command.chunks(bytes)) await file.write(chunk);
    } finally {
      await file.close();
    }
  }
  if (command.status !== 0) command.complain("error exit delayed from previous errors");
}

/** Creates, lists and extracts archives. */
export const tar = program(
  async (command) => {
    const long = {
      ...{ create: "c", extract: "x", list: "t", gzip: "z", file: "f", directory: "C", verbose: "v", exclude: "E" },
      ...{
        "strip-components": "S",
        "no-same-owner": "o",
        "same-permissions": "p",
        "numeric-owner": "",
        "to-stdout": "O",
        dereference: "h",
      },
      ...{ "files-from": "T", "exclude-from": "X", overwrite: "", "no-same-permissions": "" },
    };
    const options = command.options("cxtzf:C:vE:S:opOhkmT:X:aJjZ", { long }, withDash(command.args));
    if (options.has("JjZ")) throw new Failure("only gzip is supported");
    const mode = options.last("cxt");
    if (mode === undefined) throw new UsageError("");
    const names = [...options.operands];
    for (const list of options.values("T")) names.push(...(await namesIn(command, list)));
    const patterns = options.values("E");
    for (const list of options.values("X")) patterns.push(...(await namesIn(command, list)));
    const globs = patterns.map((pattern) => globExpression(pattern));
    const excluded = (name: string): boolean => {
      const parts = name.replace(/\/+$/, "").split("/");
      // a pattern fits the whole name, or its end after a slash, or a directory above
      return parts.some((_, end) =>
        parts.some((__, start) => start <= end && globs.some((glob) => glob.test(parts.slice(start, end + 1).join("/")))),
      );
    };
    await (mode === "c" ? write : read)(command, options, names, excluded);
  },
  { usage: "c|x|t [-zhvokmpOa] [-f TARFILE] [-C DIR] [--exclude PATTERN] [--strip-components N] [FILE]..." },
);
