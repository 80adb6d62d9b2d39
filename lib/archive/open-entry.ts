import { Readable } from "node:stream";
import { ArchiveError } from "../errors/usage-errors.js";
import { ignoreErrors } from "../wire/quiet.js";
import type { EntryType } from "./tar-header.js";

/** What an archive says of one of its entries. */
export interface ArchiveEntryHeader {
  /** Path in the archive, as it stands there. It may be absolute or lead out of the archive. */
  readonly name: string;
  /** What the entry is; undefined for kinds that only some other program knows. */
  readonly type: EntryType | undefined;
  /** Length of the content in bytes. */
  readonly size: number;
  /** Permission bits, setuid, setgid and sticky included. */
  readonly mode: number;
  /** Time of the last change. */
  readonly mtime: Date;
  /** User ID of the owner. */
  readonly uid: number;
  /** Group ID of the owner. */
  readonly gid: number;
  /** Target of a symbolic link; name of the entry that a hard link repeats. */
  readonly linkname: string | undefined;
}

/** An entry of an archive that is being read, with its content. What is not read of that before the next entry is asked for is skipped. */
export interface ArchiveEntry extends ArchiveEntryHeader {
  /** The content. Destroying it leaves the archive readable. */
  readonly content: Readable;
  /**
   * Reads the content, or what is left of it, into memory.
   *
   * @param limit - most bytes that it may have. By default any number.
   * @throws {@link ArchiveError} when it has more, or the archive is damaged.
   */
  buffer(limit?: number): Promise<Buffer>;
  /**
   * Reads the content, or what is left of it, piece by piece, without a stream in between. Leaving the loop leaves the archive readable.
   *
   * @throws {@link ArchiveError} when the archive is damaged, or the next entry has been asked for meanwhile.
   */
  chunks(): AsyncGenerator<Buffer, void, undefined>;
}

/** The entry that the reader stands at. */
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
   * @param header - what the archive says of it.
   * @param next - gives the next piece of its content.
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
    this.#ended = header.size === 0; // the library never ends a content that is empty
  }

  get content(): Readable {
    this.#content ??= Readable.from(this.chunks(), { objectMode: false });
    return this.#content;
  }

  async buffer(limit = Number.POSITIVE_INFINITY): Promise<Buffer> {
    if (this.#left > limit)
      throw new ArchiveError(`${this.name} has ${this.#left} bytes in the archive, more than the ${limit} allowed`);
    const chunks: Buffer[] = [];
    for await (const chunk of this.chunks()) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  async *chunks(): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const chunk = this.#passed ? undefined : await this.#pull();
      if (this.#passed) throw new ArchiveError(`the content of ${this.name} was passed over before it was read to its end`);
      if (!chunk) return;
      yield chunk;
    }
  }

  /** Passes over what has not been read of the content. */
  async skip(): Promise<void> {
    this.#passed = this.#left > 0;
    // without an error: nobody may be listening for one any more
    if (this.#passed) this.#content?.destroy();
    await this.#pulled?.catch(ignoreErrors); // reported to the reader that awaits it
    while (!this.#ended) await this.#pull();
  }

  async #pull(): Promise<Buffer | undefined> {
    // the library would forget the first of two who wait at the same time
    if (this.#pulled) throw new ArchiveError(`the content of ${this.name} is being read already`);
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
