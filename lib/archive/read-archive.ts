import { Readable } from "node:stream";
import { extract, type Extract, type Header } from "tar-stream";
import { DockerError } from "../errors/docker-error.js";
import { ArchiveError, InputStreamError } from "../errors/usage-errors.js";
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

/** What the library really says of an entry: its types leave some of it out. */
interface RawHeader extends Omit<Header, "type" | "linkname" | "pax"> {
  type: Header["type"] | null;
  linkname: string | null;
  pax: Readonly<Record<string, string>> | null;
}

const BLOCK = 512;

const entryTypes: readonly EntryType[] = ["file", "link", "symlink", "character-device", "block-device", "directory", "fifo"];

/** Turns what went wrong in the library, or in the stream that the archive comes from, into one of our errors. */
function readError(error: unknown, where: string): DockerError {
  if (error instanceof DockerError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (reason === "Unexpected end of data") return new ArchiveError(`the archive is cut off ${where}`, { cause: error });
  return new ArchiveError(`the archive is damaged ${where}: ${reason}`, { cause: error });
}

/** A number of an extended header, which goes before that of the entry's own; 0 when neither is one. */
function numberOf(raw: RawHeader, key: "uid" | "gid"): number {
  const value = Number(raw.pax?.[key] ?? raw[key]);
  return Number.isSafeInteger(value) ? value : 0;
}

function timeOf(raw: RawHeader): Date {
  const time = raw.pax?.["mtime"] === undefined ? raw.mtime : new Date(Number(raw.pax["mtime"]) * 1000);
  return Number.isNaN(time.getTime()) ? new Date(0) : time;
}

function typeOf(raw: RawHeader): EntryType | undefined {
  if (raw.type === "contiguous-file") return "file";
  // archives from before directories had a type of their own
  if (raw.type === "file" && raw.name.endsWith("/")) return "directory";
  return entryTypes.find((type) => type === raw.type);
}

function headerOf(raw: RawHeader): ArchiveEntryHeader {
  if (Object.keys(raw.pax ?? {}).some((key) => key.startsWith("GNU.sparse."))) {
    throw new ArchiveError(`the archive holds ${raw.name} in a form for files with holes, which cannot be read`);
  }
  return {
    name: raw.name,
    type: typeOf(raw),
    size: raw.type === "directory" ? 0 : raw.size,
    mode: raw.mode & 0o7777,
    mtime: timeOf(raw),
    uid: numberOf(raw, "uid"),
    gid: numberOf(raw, "gid"),
    linkname: raw.linkname ?? undefined,
  };
}

/** The entry that the reader stands at. */
class OpenEntry implements ArchiveEntry {
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
    await this.#pulled?.catch(() => undefined); // the one who waits for it is told
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

function drained(parser: Extract): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      parser.off("drain", done).off("close", done);
      resolve();
    };
    parser.on("drain", done).on("close", done);
  });
}

interface FeedState {
  /** Bytes that have been read. */
  length: number;
  /** Why reading ended early. */
  failure: DockerError | undefined;
}

/** Hands an archive to the library piece by piece, as fast as that takes it. Counts the bytes. */
async function feed(source: Readable, parser: Extract, state: FeedState): Promise<void> {
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      if (parser.destroyed) return;
      state.length += chunk.length;
      if (!parser.write(chunk)) await drained(parser);
    }
    parser.end(undefined);
  } catch (error) {
    state.failure =
      error instanceof DockerError
        ? error
        : new InputStreamError("the stream that an archive was read from failed", { cause: error });
    parser.destroy(state.failure);
  }
}

/**
 * Reads a tar archive entry by entry, in its order.
 *
 * Extended headers (pax and GNU) are understood. The archive is read as fast as its entries are taken; leaving the loop destroys it.
 *
 * @param tar - the archive, not compressed.
 * @throws {@link ArchiveError} when it is damaged or cut off, even right between two entries.
 * @throws {@link InputStreamError} when the stream fails; an error of this package is passed on as it is.
 */
export async function* readArchive(tar: Readable): AsyncGenerator<ArchiveEntry, void, undefined> {
  const parser = extract();
  const state: FeedState = { length: 0, failure: undefined };
  let where = "at its beginning";
  let end = 0;
  const guard = async <T>(result: Promise<T>): Promise<T> => {
    try {
      return await result;
    } catch (error) {
      throw state.failure ?? readError(error, where);
    }
  };
  const entries = parser[Symbol.asyncIterator]();
  const feeding = feed(tar, parser, state);
  try {
    for (;;) {
      const next = await guard(entries.next());
      if (next.done) break;
      const source = next.value;
      const header = headerOf(source.header as RawHeader); // wider than the library's own type, as above
      where = `in ${header.name}`;
      end = source.offset + BLOCK + Math.ceil(header.size / BLOCK) * BLOCK;
      const chunks = (source as AsyncIterable<Buffer>)[Symbol.asyncIterator](); // it holds what was written: buffers
      const entry = new OpenEntry(header, () => guard(chunks.next()));
      yield entry;
      await entry.skip();
      where = `after ${header.name}`;
    }
    await feeding;
    if (state.length < end + BLOCK) throw new ArchiveError(`the archive is cut off ${where}`);
  } finally {
    parser.destroy();
    tar.destroy();
  }
}

/** Options of {@link readSingleFile}. */
export interface ReadSingleFileOptions {
  /** Most bytes that the file may have. By default 64 MiB. */
  limit?: number | undefined;
}

/**
 * Reads the content of the one file that an archive holds, such as an engine sends for the path of a file in a container.
 *
 * @param tar - the archive, not compressed.
 * @param options - how large the file may be.
 * @throws {@link ArchiveError} when it is larger, the archive holds something else than one file, or is damaged.
 * @throws {@link InputStreamError} when the stream fails.
 */
export async function readSingleFile(tar: Readable, options: ReadSingleFileOptions = {}): Promise<Buffer> {
  let content: Buffer | undefined;
  for await (const entry of readArchive(tar)) {
    if (content) throw new ArchiveError(`the archive holds more than one file: ${entry.name}`);
    if (entry.type !== "file") {
      const kind = entry.type === "symlink" ? `a symbolic link to ${entry.linkname ?? ""}` : (entry.type ?? "something else");
      throw new ArchiveError(`the archive holds no file: ${entry.name} is ${entry.type === "directory" ? "a directory" : kind}`);
    }
    content = await entry.buffer(options.limit ?? 64 * 1024 * 1024);
  }
  if (!content) throw new ArchiveError("the archive holds no file: it is empty");
  return content;
}
