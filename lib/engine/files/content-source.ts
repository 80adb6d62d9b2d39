import { Readable } from "node:stream";

/** Bytes that never change, such as an uncompressed layer in the store of blobs. */
export interface ContentSource {
  /**
   * Streams a part of the bytes.
   *
   * @param from - the first byte. The default is 0.
   * @param to - the byte after the last one. The default is the end.
   */
  read(from?: number, to?: number): Readable;
  /**
   * Reads a part of the bytes into memory, if the source can do so at less cost than by a stream.
   *
   * @param from - the first byte.
   * @param to - the byte after the last one.
   */
  readRange?(from: number, to: number): Promise<Buffer>;
}

/** A part of a source. */
export interface ContentRange {
  /** The source. */
  readonly source: ContentSource;
  /** Its first byte in the source. */
  readonly from: number;
  /** The number of bytes. */
  readonly size: number;
}

/** Returns bytes in memory as a source. */
export function bytesSource(bytes: Uint8Array): ContentSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    read: (from, to) => {
      const part = buffer.subarray(from, to);
      return Readable.from(part.length === 0 ? [] : [part], { objectMode: false });
    },
    readRange: (from, to) => Promise.resolve(buffer.subarray(from, to)),
  };
}

/** Reads a part of a source into memory. Returns fewer bytes than asked for at the end of the source. */
export async function readSource(source: ContentSource, from: number, to: number): Promise<Buffer> {
  if (from >= to) return Buffer.alloc(0);
  if (source.readRange) return source.readRange(from, to);
  const chunks: Buffer[] = [];
  for await (const chunk of source.read(from, to) as AsyncIterable<Buffer>) chunks.push(chunk);
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}
