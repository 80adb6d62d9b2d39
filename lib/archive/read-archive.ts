import type { Readable } from "node:stream";
import { type Extract, extract, type Header } from "tar-stream";
import { DockerError } from "../errors/docker-error.js";
import { quoted } from "../errors/quote.js";
import { ArchiveError, InputStreamError } from "../errors/usage-errors.js";
import { MEMORY_LIMIT } from "../wire/limits.js";
import { errorMessage } from "../wire/realm.js";
import { type ArchiveEntry, type ArchiveEntryHeader, OpenEntry } from "./open-entry.js";
import type { EntryType } from "./tar-header.js";

/**
 * A header as tar-stream really returns it. Its type declarations are incomplete.
 *
 * @internal
 */
export interface RawHeader extends Omit<Header, "type" | "linkname" | "pax"> {
  type: Header["type"] | null;
  linkname: string | null;
  pax: Readonly<Record<string, string>> | null;
  /** Where the content begins in the archive. */
  byteOffset: number;
}

/**
 * Creates the entry that the reader yields.
 *
 * @internal
 */
export type MakeEntry<E extends OpenEntry> = (
  header: ArchiveEntryHeader,
  next: () => Promise<IteratorResult<Buffer, unknown>>,
  raw: RawHeader,
) => E;

/**
 * Options of tar-stream, whose type declarations are incomplete. `v7`, the oldest format, counts as unknown, because its headers
 * do not name it.
 *
 * @internal
 */
export const readerOptions: Parameters<typeof extract>[0] & { allowUnknownFormat: boolean } = { allowUnknownFormat: true };

const BLOCK = 512;

const entryTypes: readonly EntryType[] = ["file", "link", "symlink", "character-device", "block-device", "directory", "fifo"];

/** Converts an error from tar-stream or from the source into one of this package's errors. */
function readError(error: unknown, where: string): DockerError {
  if (error instanceof DockerError) return error;
  const reason = errorMessage(error);
  if (reason === "Unexpected end of data") return new ArchiveError(`the archive is truncated ${where}`, { cause: error });
  // tar-stream's message is a question
  const problem = reason.startsWith("Invalid tar header")
    ? "no tar header; a compressed archive must be decompressed first"
    : reason;
  return new ArchiveError(`the archive is corrupt ${where}: ${problem}`, { cause: error });
}

/** Returns a number from the extended header, or else from the entry's own header; 0 if neither is a number. */
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
  // old archives have no type for directories
  if (raw.type === "file" && raw.name.endsWith("/")) return "directory";
  return entryTypes.find((type) => type === raw.type);
}

function headerOf(raw: RawHeader): ArchiveEntryHeader {
  if (Object.keys(raw.pax ?? {}).some((key) => key.startsWith("GNU.sparse."))) {
    throw new ArchiveError(`archive entry ${quoted(raw.name)} is a sparse file, which is not supported`);
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
  /** Number of bytes read. */
  length: number;
  /** The error that ended reading early. */
  failure: DockerError | undefined;
}

/** Passes an archive to tar-stream with backpressure, and counts its bytes. The last block may be completed. */
async function feed(source: Readable, parser: Extract, state: FeedState, mayLackEnd: boolean): Promise<void> {
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      if (parser.destroyed) return;
      state.length += chunk.length;
      if (!parser.write(chunk)) await drained(parser);
    }
    // what is shorter than a block is no entry
    if (mayLackEnd && state.length > BLOCK && state.length % BLOCK !== 0)
      parser.write(Buffer.alloc(BLOCK - (state.length % BLOCK)));
    parser.end(undefined);
  } catch (error) {
    state.failure =
      error instanceof DockerError ? error : new InputStreamError("the source stream of the archive failed", { cause: error });
    parser.destroy(state.failure);
  }
}

/**
 * Reads the entries of a tar archive in order.
 *
 * Supports the formats `ustar` and `v7`, and extended headers (pax and GNU). The archive is read with backpressure. Leaving the
 * loop destroys the stream.
 *
 * @param tar - the uncompressed archive.
 * @throws {@link ArchiveError} when the archive is corrupt or cut off, even between two entries.
 * @throws {@link InputStreamError} when the stream fails. If it fails with one of this package's errors, that error is thrown
 * unchanged.
 */
export function readArchive(tar: Readable): AsyncGenerator<ArchiveEntry, void, undefined> {
  return readEntries(tar, extract(readerOptions), (header, next) => new OpenEntry(header, next));
}

/**
 * Reads the entries of a tar archive in order, with more than {@link readArchive} returns.
 *
 * @param tar - the uncompressed archive.
 * @param parser - the parser, created with {@link readerOptions}.
 * @param make - creates each entry.
 * @param mayLackEnd - whether the archive may end with the content of an entry, without padding and the blocks that mark its end.
 *
 * @internal
 */
export async function* readEntries<E extends OpenEntry>(
  tar: Readable,
  parser: Extract,
  make: MakeEntry<E>,
  mayLackEnd = false,
): AsyncGenerator<E, void, undefined> {
  const state: FeedState = { length: 0, failure: undefined };
  let where = "at its start";
  let end = mayLackEnd ? 0 : BLOCK;
  const guard = async <T>(result: Promise<T>): Promise<T> => {
    try {
      return await result;
    } catch (error) {
      throw state.failure ?? readError(error, where);
    }
  };
  const entries = parser[Symbol.asyncIterator]();
  const feeding = feed(tar, parser, state, mayLackEnd);
  try {
    for (;;) {
      const next = await guard(entries.next());
      if (next.done) break;
      const source = next.value;
      const raw = source.header as RawHeader; // wider than tar-stream's type, as above
      const header = headerOf(raw);
      where = `in ${quoted(header.name)}`;
      const size = mayLackEnd ? header.size : Math.ceil(header.size / BLOCK) * BLOCK + BLOCK;
      end = source.offset + BLOCK + size;
      const chunks = (source as AsyncIterable<Buffer>)[Symbol.asyncIterator](); // yields buffers
      const entry = make(header, () => guard(chunks.next()), raw);
      yield entry;
      await entry.skip();
      where = `after ${quoted(header.name)}`;
    }
    await feeding;
    if (state.length < end) throw new ArchiveError(`the archive is truncated ${where}`);
  } finally {
    parser.destroy();
    tar.destroy();
  }
}

/** Options for {@link readSingleFile}. */
export interface ReadSingleFileOptions {
  /** The maximum size of the file, in bytes. By default 64 MiB. */
  limit?: number | undefined;
}

/**
 * Reads the only file in an archive, such as the one that an engine sends for a file in a container.
 *
 * @param tar - the uncompressed archive.
 * @param options - the size limit.
 * @throws {@link ArchiveError} when the file exceeds the limit, or the archive is corrupt or does not contain exactly one file.
 * @throws {@link InputStreamError} when the stream fails.
 */
export async function readSingleFile(tar: Readable, options: ReadSingleFileOptions = {}): Promise<Buffer> {
  let content: Buffer | undefined;
  for await (const entry of readArchive(tar)) {
    if (content) throw new ArchiveError(`the archive contains more than one file: ${quoted(entry.name)}`);
    if (entry.type !== "file") {
      const kind =
        entry.type === "symlink" ? `a symbolic link to ${quoted(entry.linkname ?? "")}` : (entry.type ?? "an unknown type");
      throw new ArchiveError(
        `the archive does not contain a file: ${quoted(entry.name)} is ${entry.type === "directory" ? "a directory" : kind}`,
      );
    }
    content = await entry.buffer(options.limit ?? MEMORY_LIMIT);
  }
  if (!content) throw new ArchiveError("the archive is empty");
  return content;
}
