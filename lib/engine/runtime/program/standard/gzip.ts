import { Readable } from "node:stream";
import { createGunzip, createGzip } from "node:zlib";
import { FileError } from "../../../files/file-error.js";
import { type Command, Failure, program, reasonOf } from "./command.js";
import type { Arguments } from "./options.js";

/** Compresses a stream. Its errors are those of the result. */
export function compressed(source: Readable, level?: number): Readable {
  const gzip = createGzip(level === undefined ? {} : { level });
  source.on("error", (error) => gzip.destroy(error));
  return source.pipe(gzip);
}

/** Decompresses a stream. Its errors are those of the result. */
export function decompressed(source: Readable): Readable {
  const gunzip = createGunzip();
  source.on("error", (error) => gunzip.destroy(error));
  return source.pipe(gunzip);
}

/** Copies a stream, decompressing it. */
async function* decoded(command: Command, source: Readable): AsyncGenerator<Buffer, void, undefined> {
  // standard input may be shared: only what is read is taken from it
  const own = Readable.from(command.chunks(source), { objectMode: false });
  try {
    yield* command.chunks(decompressed(own));
  } catch (error) {
    if (command.context.signal.aborted) throw error;
    const message = error instanceof FileError ? error.reason : String((error as { code?: unknown }).code);
    throw new Failure(
      message === "Z_DATA_ERROR" ? "corrupted data" : message === "Z_BUF_ERROR" ? "unexpected end of file" : message,
    );
  } finally {
    own.destroy();
  }
}

async function* encoded(command: Command, source: Readable, level: number | undefined): AsyncGenerator<Buffer, void, undefined> {
  yield* command.chunks(compressed(Readable.from(command.chunks(source), { objectMode: false }), level));
}

/** Returns the name of the result, or undefined if there is none. */
function targetOf(path: string, isDecompressing: boolean): string | undefined {
  if (!isDecompressing) return `${path}.gz`;
  if (/\.tgz$/.test(path)) return path.replace(/\.tgz$/, ".tar");
  return /\.(?:gz|Z)$/.test(path) ? path.replace(/\.(?:gz|Z)$/, "") : undefined;
}

async function toFile(
  command: Command,
  path: string,
  chunks: AsyncIterable<Buffer>,
  options: Arguments,
  target: string,
): Promise<void> {
  if (!options.has("f") && (await command.statusOf(target))) {
    command.complain(`can't open '${target}': File exists`);
    return;
  }
  const status = await command.files.stat(command.path(path));
  const file = await command.files.open(command.path(target), "w", { mode: status.mode });
  try {
    for await (const chunk of chunks) await file.write(chunk);
  } catch (error) {
    await command.files.remove(command.path(target));
    throw error;
  } finally {
    await file.close();
  }
  await command.files.change(command.path(target), { mode: status.mode, mtime: status.mtime });
  if (!options.has("k")) await command.files.remove(command.path(path));
}

/** Returns whether a file starts as a compressed one does. */
async function isCompressed(command: Command, path: string): Promise<boolean> {
  const file = await command.files.open(command.path(path), "r");
  try {
    const start = await file.read(0, 2);
    return start[0] === 0x1f && start[1] === 0x8b;
  } finally {
    await file.close();
  }
}

async function work(command: Command, path: string, options: Arguments, isDecompressing: boolean): Promise<void> {
  const isStandard = path === "-";
  const target = isStandard || options.has("ct") ? undefined : targetOf(path, isDecompressing);
  if (target === undefined && !isStandard && !options.has("ct")) {
    command.complain(`${path}: unknown suffix - ignored`);
    return;
  }
  const source = await command.open(path);
  if (isDecompressing && !isStandard && !(await isCompressed(command, path))) {
    source.destroy();
    throw new Failure("no gzip magic");
  }
  const level = Number(options.last("123456789") ?? 6);
  const chunks = isDecompressing ? decoded(command, source) : encoded(command, source, level);
  if (target !== undefined) await toFile(command, path, chunks, options, target);
  else for await (const chunk of chunks) if (!options.has("t")) await command.out.write(chunk);
}

/** Compresses and decompresses files. */
export const gzip = program(
  async (command) => {
    const options = command.options("cdfktnqv123456789");
    const isDecompressing = command.name !== "gzip" || options.has("dt");
    const rules =
      command.name === "zcat" ? { ...options, has: (letters: string) => letters.includes("c") || options.has(letters) } : options;
    for (const path of options.operands.length > 0 ? options.operands : ["-"]) {
      try {
        await work(command, path, rules, isDecompressing);
      } catch (error) {
        if (error instanceof Failure) command.complain(error.message);
        else command.complain(`${path}: ${reasonOf(error)}`);
      }
    }
  },
  { usage: "[-cfkdt123456789] [FILE]..." },
);
