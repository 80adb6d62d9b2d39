import type { Readable } from "node:stream";
import { extract, type Extract, type Header } from "tar-stream";
import { DockerError } from "../errors/docker-error.js";
import { ArchiveError, InputStreamError } from "../errors/usage-errors.js";
import { type ArchiveEntry, type ArchiveEntryHeader, OpenEntry } from "./open-entry.js";
import type { EntryType } from "./tar-header.js";

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
