import { Readable } from "node:stream";
import * as zlib from "node:zlib";
import { EngineError } from "../engine-error.js";

/** The compressions of layers. */
export type Compression = "none" | "gzip" | "zstd";

/** The number of bytes that {@link compressionOf} needs. */
const MAGIC = 6;

const startsWith = (bytes: Buffer, ...start: readonly number[]): boolean => start.every((byte, at) => bytes[at] === byte);

/**
 * Returns the compression of content by its first bytes.
 *
 * @throws {@link EngineError} when it is one that is not supported.
 */
function compressionOf(head: Buffer): Compression {
  if (startsWith(head, 0x1f, 0x8b, 0x08)) return "gzip";
  if (startsWith(head, 0x28, 0xb5, 0x2f, 0xfd)) return "zstd";
  if (startsWith(head, 0x42, 0x5a, 0x68)) throw new EngineError(400, "bzip2 compression is not supported: use gzip");
  if (startsWith(head, 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00))
    throw new EngineError(400, "xz compression is not supported: use gzip");
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

/** Creates a transform that decompresses zstd, where Node.js has one. */
function zstd(): NodeJS.ReadWriteStream {
  // Node.js 22.15 introduced it, and the types are those of the oldest supported version
  const create = (zlib as { createZstdDecompress?: () => NodeJS.ReadWriteStream }).createZstdDecompress;
  if (!create) throw new EngineError(501, "zstd compression needs Node.js 22.15 or later");
  return create();
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
 * @throws {@link EngineError} when the compression is not supported.
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

/**
 * Decompresses content.
 *
 * @param content - the content.
 * @param compression - how it is compressed.
 * @throws {@link EngineError} when this Node.js cannot do it.
 */
export function decompress(content: AsyncIterable<Buffer>, compression: Compression): AsyncIterable<Buffer> {
  if (compression === "none") return content;
  return through(content, compression === "gzip" ? zlib.createGunzip() : zstd());
}
