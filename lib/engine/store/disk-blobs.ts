import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type Durability, moveIntoPlace, removeFile, temporaryPath } from "../../store/safe-files.js";
import { errorCode, isBytes } from "../../wire/realm.js";
import { type BlobContent, type BlobStore, checkedDigest, hexOf, MissingBlobError, type StoredBlob } from "./blobs.js";

/** The number of bytes that are collected before they are written. */
const BATCH = 256 * 1024;

/** Blobs as files of a directory: `sha256/<hex>`, and incomplete ones in `tmp`. */
export class DiskBlobs implements BlobStore {
  readonly #blobs: string;
  readonly #temporary: string;
  readonly #durability: Durability;

  private constructor(directory: string, durability: Durability) {
    this.#blobs = join(directory, "sha256");
    this.#temporary = join(directory, "tmp");
    this.#durability = durability;
  }

  /**
   * Opens the blobs in a directory, which is created if it does not exist. Incomplete blobs of an earlier process are removed:
   * only one process may use the directory at a time.
   */
  static async open(directory: string, durability: Durability = "process"): Promise<DiskBlobs> {
    const blobs = new DiskBlobs(directory, durability);
    await mkdir(blobs.#blobs, { recursive: true, mode: 0o700 });
    await rm(blobs.#temporary, { recursive: true, force: true });
    await mkdir(blobs.#temporary, { mode: 0o700 });
    return blobs;
  }

  async write(content: BlobContent, expected?: string): Promise<StoredBlob> {
    const temporary = temporaryPath(this.#temporary);
    try {
      const { hex, size } = await this.#spool(temporary, isBytes(content) ? [content] : content);
      const digest = checkedDigest(hex, expected);
      await moveIntoPlace(temporary, this.#path(digest), this.#durability);
      return { digest, size };
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  read(digest: string, from = 0, to = Number.POSITIVE_INFINITY): Readable {
    if (from >= to) return Readable.from([], { objectMode: false });
    const file = createReadStream(this.#path(digest), { start: from, end: to - 1, highWaterMark: BATCH });
    const destroy = file._destroy.bind(file);
    file._destroy = (error, callback) => destroy(errorCode(error) === "ENOENT" ? new MissingBlobError(digest) : error, callback);
    return file;
  }

  bytes(digest: string): Promise<Buffer> {
    return this.#found(digest, (path) => readFile(path));
  }

  async size(digest: string): Promise<number> {
    return (await this.#found(digest, (path) => stat(path))).size;
  }

  async has(digest: string): Promise<boolean> {
    if (hexOf(digest) === undefined) return false;
    return stat(this.#path(digest)).then(
      () => true,
      () => false,
    );
  }

  remove(digest: string): Promise<void> {
    return removeFile(this.#path(digest), this.#durability);
  }

  async list(): Promise<StoredBlob[]> {
    const names = await readdir(this.#blobs);
    const digests = names.map((name) => `sha256:${name}`).filter((digest) => hexOf(digest) !== undefined);
    return Promise.all(digests.map(async (digest) => ({ digest, size: await this.size(digest) })));
  }

  /** Returns the path of a blob. Only digests lead to a path, so that no name leads outside the directory. */
  #path(digest: string): string {
    const hex = hexOf(digest);
    if (hex === undefined) throw new MissingBlobError(digest);
    return join(this.#blobs, hex);
  }

  async #found<T>(digest: string, access: (path: string) => Promise<T>): Promise<T> {
    try {
      return await access(this.#path(digest));
    } catch (error) {
      throw errorCode(error) === "ENOENT" ? new MissingBlobError(digest, { cause: error }) : error;
    }
  }

  async #spool(path: string, content: Iterable<Uint8Array> | AsyncIterable<unknown>): Promise<{ hex: string; size: number }> {
    const hash = createHash("sha256");
    const file = await open(path, "wx", 0o600);
    let size = 0;
    let batch: Uint8Array[] = [];
    let held = 0;
    try {
      for await (const chunk of content) {
        const bytes = isBytes(chunk) ? chunk : Buffer.from(String(chunk));
        hash.update(bytes);
        size += bytes.length;
        held += bytes.length;
        batch.push(bytes);
        if (held < BATCH) continue;
        await writeAll(file, batch);
        batch = [];
        held = 0;
      }
      await writeAll(file, batch);
      if (this.#durability === "power") await file.sync();
    } finally {
      await file.close();
    }
    return { hex: hash.digest("hex"), size };
  }
}

/** Writes pieces at the end of a file. A single call may write less than all of them, on a full disk for example. */
async function writeAll(file: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  if (pieces.length === 1 && pieces[0]) await file.writeFile(pieces[0]);
  else if (pieces.length > 1) await file.writeFile(Buffer.concat(pieces));
}
