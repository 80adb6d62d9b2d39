import { Readable } from "node:stream";
import { isBytes } from "../../wire/realm.js";
import { type BlobContent, type BlobStore, checkedDigest, digestOf, MissingBlobError, type StoredBlob } from "./blobs.js";

/** The size of the pieces in which a blob is streamed, in bytes. */
const PIECE = 64 * 1024;

/** Blobs in memory. They end with the object. */
export class MemoryBlobs implements BlobStore {
  readonly #blobs: Map<string, Buffer>;

  /** @param from - blobs that these also have. */
  constructor(from?: MemoryBlobs) {
    this.#blobs = new Map(from ? from.#blobs : []);
  }

  async write(content: BlobContent, expected?: string): Promise<StoredBlob> {
    const bytes = isBytes(content) ? Buffer.from(content) : await joined(content);
    const digest = checkedDigest(digestOf(bytes).slice("sha256:".length), expected);
    if (!this.#blobs.has(digest)) this.#blobs.set(digest, bytes);
    return { digest, size: bytes.length };
  }

  read(digest: string, from = 0, to = Number.POSITIVE_INFINITY): Readable {
    const blob = this.#blobs.get(digest);
    if (blob) return Readable.from(pieces(blob.subarray(from, to)), { objectMode: false });
    const stream = new Readable({ read: () => stream.destroy(new MissingBlobError(digest)) });
    return stream;
  }

  bytes(digest: string): Promise<Buffer> {
    const blob = this.#blobs.get(digest);
    return blob ? Promise.resolve(blob) : Promise.reject(new MissingBlobError(digest));
  }

  async size(digest: string): Promise<number> {
    return (await this.bytes(digest)).length;
  }

  has(digest: string): Promise<boolean> {
    return Promise.resolve(this.#blobs.has(digest));
  }

  remove(digest: string): Promise<void> {
    this.#blobs.delete(digest);
    return Promise.resolve();
  }

  list(): Promise<StoredBlob[]> {
    return Promise.resolve(Array.from(this.#blobs, ([digest, { length }]) => ({ digest, size: length })));
  }
}

async function joined(content: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(isBytes(chunk) ? chunk : Buffer.from(String(chunk)));
  return Buffer.concat(chunks);
}

function* pieces(bytes: Buffer): Generator<Buffer, void, undefined> {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}
