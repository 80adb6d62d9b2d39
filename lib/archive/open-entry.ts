import { Readable } from "node:stream";
import { quoted } from "../errors/quote.js";
import { ArchiveError } from "../errors/usage-errors.js";
import { ignoreErrors } from "../wire/quiet.js";
import type { EntryType } from "./tar-header.js";

/** The header of an entry in an archive. */
export interface ArchiveEntryHeader {
  /** Path in the archive, unchanged. It may be absolute, or lead outside the archive. */
  readonly name: string;
  /** Type of the entry; undefined for unknown types. */
  readonly type: EntryType | undefined;
  /** Length of the content in bytes. */
  readonly size: number;
  /** Permission bits, including setuid, setgid and sticky. */
  readonly mode: number;
  /** Modification time. */
  readonly mtime: Date;
  /** User ID of the owner. */
  readonly uid: number;
  /** Group ID of the owner. */
  readonly gid: number;
  /** Target of a symbolic link, or name of the entry that a hard link refers to. */
  readonly linkname: string | undefined;
}

/** An entry of an archive that is being read. Content that is not read before the next entry is requested is skipped. */
export interface ArchiveEntry extends ArchiveEntryHeader {
  /** The content. Destroying it skips the rest of it, not the rest of the archive. */
  readonly content: Readable;
  /**
   * Reads the remaining content into memory.
   *
   * @param limit - the maximum size, in bytes. No limit by default.
   * @throws {@link ArchiveError} when the content exceeds the limit, or the archive is corrupt.
   */
  buffer(limit?: number): Promise<Buffer>;
  /**
   * Yields the remaining content in pieces. Leaving the loop skips the rest of the content, not the rest of the archive.
   *
   * @throws {@link ArchiveError} when the archive is corrupt, or the next entry has been requested.
   */
  chunks(): AsyncGenerator<Buffer, void, undefined>;
}

/** The current entry of the reader. */
export class OpenEntry implements ArchiveEntry {
  readonly name: string;
  readonly type: EntryType | undefined;
  readonly size: number;
  readonly mode: number;
  readonly mtime: Date;
  readonly uid: number;
  readonly gid: number;
  readonly linkname: string | undefined;
  readonly #next: () => Promise<IteratorResult<Buffer, unknown>>;
  #left: number;
  #ended: boolean;
  #passed = false;
  #pulled: Promise<IteratorResult<Buffer, unknown>> | undefined;
  #content: Readable | undefined;

  /**
   * @param header - its header.
   * @param next - returns the next piece of its content.
   */
  constructor(header: ArchiveEntryHeader, next: () => Promise<IteratorResult<Buffer, unknown>>) {
    this.name = header.name;
    this.type = header.type;
    this.size = header.size;
    this.mode = header.mode;
    this.mtime = header.mtime;
    this.uid = header.uid;
    this.gid = header.gid;
    this.linkname = header.linkname;
    this.#next = next;
    this.#left = header.size;
    this.#ended = header.size === 0; // tar-stream never reports the end of empty content
  }

  get content(): Readable {
    this.#content ??= Readable.from(this.chunks(), { objectMode: false });
    return this.#content;
  }

  async buffer(limit = Number.POSITIVE_INFINITY): Promise<Buffer> {
    if (this.#left > limit)
      throw new ArchiveError(`${quoted(this.name)} has ${this.#left} bytes in the archive, more than the limit of ${limit}`);
    const chunks: Buffer[] = [];
    for await (const chunk of this.chunks()) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async *chunks(): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const chunk = this.#passed ? undefined : await this.#pull();
      if (this.#passed) throw new ArchiveError(`the content of ${quoted(this.name)} was skipped before it was fully read`);
      if (!chunk) return;
      yield chunk;
    }
  }

  /** Skips the remaining content. */
  async skip(): Promise<void> {
    this.#passed = this.#left > 0;
    // without an error, because there may be no listener left
    if (this.#passed) this.#content?.destroy();
    await this.#pulled?.catch(ignoreErrors); // reported to the reader that awaits it
    while (!this.#ended) await this.#pull();
  }

  async #pull(): Promise<Buffer | undefined> {
    // tar-stream would lose the first of two concurrent reads
    if (this.#pulled) throw new ArchiveError(`the content of ${quoted(this.name)} is already being read`);
    if (this.#ended) return undefined;
    try {
      this.#pulled = this.#next();
      const result = await this.#pulled;
      if (result.done) this.#ended = true;
      else this.#left -= result.value.length;
      return result.done ? undefined : result.value;
    } finally {
      this.#pulled = undefined;
    }
  }
}
