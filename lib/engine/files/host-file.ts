import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { hostError } from "./host-directory.js";
import { hostStatus } from "./host-status.js";
import type { FileStatus, OpenFile } from "./tree.js";

/** The size of the pieces in which a file is read, in bytes. */
const CHUNK = 64 * 1024;

/** A regular file of the host that is open. */
export class HostFile implements OpenFile {
  readonly #handle: FileHandle;
  readonly #path: string;
  /** Why the file could only be opened for reading. */
  readonly #readOnly: unknown;
  /** Appends run one after the other, because each begins at the end that the one before left. */
  #appending: Promise<void> = Promise.resolve();

  /**
   * @param handle - the open file.
   * @param path - its path in the tree, for errors.
   * @param readOnly - the error of opening it for writing.
   */
  constructor(handle: FileHandle, path: string, readOnly?: unknown) {
    this.#handle = handle;
    this.#path = path;
    this.#readOnly = readOnly;
  }

  read(position: number, length: number): Promise<Buffer> {
    return this.#guard(async () => {
      const buffer = Buffer.allocUnsafe(length);
      const { bytesRead } = await this.#handle.read(buffer, 0, length, position);
      return buffer.subarray(0, bytesRead);
    });
  }

  write(data: Uint8Array, position?: number): Promise<void> {
    return this.#guard(async () => {
      this.#checkWritable();
      if (position !== undefined) return this.#writeAt(data, position);
      const append = async (): Promise<void> => this.#writeAt(data, (await this.#handle.stat()).size);
      this.#appending = this.#appending.then(append, append);
      return this.#appending;
    });
  }

  truncate(length: number): Promise<void> {
    return this.#guard(() => {
      this.#checkWritable();
      return this.#handle.truncate(length);
    });
  }

  status(): Promise<FileStatus> {
    return this.#guard(async () => hostStatus(await this.#handle.stat({ bigint: true })));
  }

  close(): Promise<void> {
    return this.#guard(() => this.#handle.close());
  }

  async #writeAt(data: Uint8Array, position: number): Promise<void> {
    for (let at = 0; at < data.length;) {
      const { bytesWritten } = await this.#handle.write(data, at, data.length - at, position + at);
      at += bytesWritten;
    }
  }

  #checkWritable(): void {
    if (this.#readOnly !== undefined) throw hostError(this.#path, this.#readOnly);
  }

  async #guard<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      throw hostError(this.#path, error);
    }
  }
}

/** Opens a file without following a link, and without waiting for the other end of a FIFO. */
export const openHostFile = (hostPath: string, flags: number, mode?: number): Promise<FileHandle> =>
  open(hostPath, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK, mode);

/** Yields the bytes of an open file from `from` to `to`, which is excluded, or to the end. */
export async function* hostChunks(
  handle: FileHandle,
  from = 0,
  to = Number.POSITIVE_INFINITY,
): AsyncGenerator<Buffer, void, undefined> {
  for (let at = from; at < to;) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(CHUNK, to - at)), 0, undefined, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
