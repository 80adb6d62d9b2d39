import { spawn } from "node:child_process";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as zlib from "node:zlib";
import { handled } from "../../wire/quiet.js";
import { errorCode, errorMessage } from "../../wire/realm.js";
import { EngineError } from "../engine-error.js";
import { ZstdTransform } from "./zstd-transform.js";

/** The compressions of layers, contexts and archives. */
export type Compression = "none" | "gzip" | "zstd" | "bzip2" | "xz";

/** The most bytes that content may have when it is decompressed, unless the engine is started with another limit. */
export const UNPACKED_LIMIT = 1024 ** 3;

/** The number of bytes that {@link compressionOf} needs. */
const MAGIC = 6;

const startsWith = (bytes: Buffer, ...start: readonly number[]): boolean => start.every((byte, at) => bytes[at] === byte);

/** Returns the compression of content by its first bytes. */
function compressionOf(head: Buffer): Compression {
  if (startsWith(head, 0x1f, 0x8b, 0x08)) return "gzip";
  if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) return "zstd";
  if (startsWith(head, 0x42, 0x5a, 0x68)) return "bzip2";
  if (startsWith(head, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)) return "xz";
  return "none";
}

async function* rejoined(held: readonly Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  try {
    yield* held;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

/** Creates a transform that decompresses zstd. Node.js 22.15 introduced one; older versions use JavaScript. */
function zstd(): NodeJS.ReadWriteStream {
  // the types are those of the oldest supported version
  const create = (zlib as { createZstdDecompress?: () => NodeJS.ReadWriteStream }).createZstdDecompress;
  return create ? create() : new ZstdTransform();
}

/** Decompresses a stream, passing on failures of both sides. */
async function* through(
  source: AsyncIterable<Buffer>,
  transform: NodeJS.ReadWriteStream,
): AsyncGenerator<Buffer, void, undefined> {
  const input = Readable.from(source, { objectMode: false });
  const output = input.on("error", (error) => (transform as unknown as Readable).destroy(error)).pipe(transform);
  try {
    for await (const chunk of output as AsyncIterable<Buffer>) yield chunk;
  } finally {
    input.destroy();
    (transform as unknown as Readable).destroy();
  }
}

/** Decompresses with a command of the machine, as Docker does. */
async function* filtered(source: AsyncIterable<Buffer>, name: "bzip2" | "xz"): AsyncGenerator<Buffer, void, undefined> {
  const child = spawn(name, ["-d", "-c", "-q"], { stdio: ["pipe", "pipe", "ignore"] });
  const ended = new Promise<void>((resolve, reject) => {
    const fail = (message: string, cause?: unknown): void => reject(new EngineError(500, message, { cause }));
    child.once("error", (error) => {
      const isMissing = errorCode(error) === "ENOENT";
      fail(isMissing ? `exec: "${name}": executable file not found in $PATH` : `${name}: ${errorMessage(error)}`, error);
    });
    child.once("close", (code) => {
      if (code === 0) resolve();
      else fail(`${name}: the content is not valid`);
    });
  });
  // a command that has ended early says so itself
  const fed = pipeline(Readable.from(source, { objectMode: false }), child.stdin).catch((error: unknown) => {
    if (errorCode(error) !== "EPIPE" && errorCode(error) !== "ERR_STREAM_PREMATURE_CLOSE") child.stdout.destroy(error as Error);
  });
  try {
    void handled(ended);
    yield* child.stdout as AsyncIterable<Buffer>;
    await fed;
    await ended;
  } finally {
    child.kill();
  }
}

type Filter = (source: AsyncIterable<Buffer>) => AsyncGenerator<Buffer, void, undefined>;

const filters: Readonly<Record<Exclude<Compression, "none">, Filter>> = {
  gzip: (source) => through(source, zlib.createGunzip()),
  zstd: (source) => through(source, zstd()),
  bzip2: (source) => filtered(source, "bzip2"),
  xz: (source) => filtered(source, "xz"),
};

/** Content whose compression is known. */
export interface SniffedContent {
  /** How it is compressed. */
  readonly compression: Compression;
  /** The content, unchanged. It must be read to its end or left, so that the source is closed. */
  readonly content: AsyncGenerator<Buffer, void, undefined>;
}

/**
 * Finds out how content is compressed.
 *
 * @param source - the content.
 */
export async function sniff(source: AsyncIterable<Buffer>): Promise<SniffedContent> {
  const chunks = source[Symbol.asyncIterator]();
  const held: Buffer[] = [];
  let length = 0;
  try {
    while (length < MAGIC) {
      const next = await chunks.next();
      if (next.done) break;
      held.push(next.value);
      length += next.value.length;
    }
    return { compression: compressionOf(Buffer.concat(held).subarray(0, MAGIC)), content: rejoined(held, chunks) };
  } catch (error) {
    await chunks.return?.();
    throw error;
  }
}

/** Passes content on up to a limit. */
async function* limited(content: AsyncIterable<Buffer>, limit: number): AsyncGenerator<Buffer, void, undefined> {
  let length = 0;
  for await (const chunk of content) {
    length += chunk.length;
    if (length > limit) throw new EngineError(400, `the content is larger than ${limit} bytes when it is decompressed`);
    yield chunk;
  }
}

/**
 * Decompresses content.
 *
 * @param content - the content.
 * @param compression - how it is compressed.
 * @param limit - the most bytes that it may have then.
 * @throws {@link EngineError} while it is read, when it has more, or is compressed in a way that this machine has no command for.
 */
export function decompress(
  content: AsyncIterable<Buffer>,
  compression: Compression,
  limit = UNPACKED_LIMIT,
): AsyncIterable<Buffer> {
  return compression === "none" ? content : limited(filters[compression](content), limit);
}
