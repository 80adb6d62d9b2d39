import { basename, posix, resolve } from "node:path";
import { Readable } from "node:stream";
import { quoted } from "../errors/quote.js";
import { InvalidOptionError } from "../errors/usage-errors.js";
import { type ByteSource, readableOf } from "../wire/byte-source.js";
import { ignoreUnheardErrors } from "../wire/quiet.js";
import { ArchiveStream } from "./archive-stream.js";
import { type EntryFacts, loadPath } from "./file-source.js";
import { IgnoreMatcher } from "./ignore-file.js";
import type { FoundPath, LoadedEntry } from "./loaded-entry.js";
import { loadInOrder, writeArchive } from "./pack.js";
import { factsOf, type PackOptions } from "./pack-directory.js";
import { spool, streamBody } from "./spool.js";
import type { TarHeader } from "./tar-header.js";
import { findPath, walk } from "./walk.js";

/** Metadata of an entry, which overrides the metadata for the whole archive. */
export interface EntryAttributes {
  /**
   * Permission bits of a file, including setuid, setgid and sticky. By default 0o644 for entries with content, and 0o755 for
   * directories.
   */
  mode?: number | undefined;
  /** Modification time. By default the current time for entries with content, and the file's own for local files. */
  mtime?: Date | undefined;
  /** User ID of the owner. By default 0. */
  uid?: number | undefined;
  /** Group ID of the owner. By default 0. */
  gid?: number | undefined;
}

/** A file with content. */
export interface ContentEntry extends EntryAttributes {
  /** Path in the archive. */
  name: string;
  /** The content. A stream is destroyed together with the archive, even if it has not been read yet. */
  content: ByteSource;
  /**
   * Length of a content stream in bytes. With it, the stream is packed directly, and must yield exactly this many bytes. A stream
   * of unknown length is read to its end first: up to 1 MiB into memory, and a longer stream into a temporary file.
   */
  size?: number | undefined;
}

/** A directory, empty or filled by later entries. */
export interface DirectoryEntry extends EntryAttributes {
  /** Path in the archive. */
  name: string;
  /** Marks the entry as a directory. */
  directory: true;
}

/** A symbolic link. */
export interface SymlinkEntry extends EntryAttributes {
  /** Path in the archive. */
  name: string;
  /** The target of the link, unchanged. */
  linkTo: string;
}

/** A local file or directory. Symbolic links are packed as links. */
export interface HostEntry extends EntryAttributes {
  /** Path on this machine. A directory is packed with its content. */
  path: string;
  /**
   * Path in the archive; by default the last component of `path`. With `.`, the content of a directory is packed without the
   * directory itself.
   */
  name?: string | undefined;
  /** Patterns of files to leave out, as in a `.dockerignore` file, relative to the directory. */
  ignore?: readonly string[] | undefined;
}

/** An entry to pack. */
export type PackEntry = ContentEntry | DirectoryEntry | SymlinkEntry | HostEntry;

/** Normalizes a name for archives: makes it relative, and removes `.` components. The root is `.`. */
function entryName(name: string): string {
  const normal = posix.normalize(name).replace(/^\/+/, "").replace(/\/$/, "");
  if (name === "" || name.includes("\0") || normal === ".." || normal.startsWith("../")) {
    throw new InvalidOptionError("name", `not a path inside an archive: ${quoted(name)}`);
  }
  return normal === "" ? "." : normal;
}

function headerOf(entry: Exclude<PackEntry, HostEntry>, options: PackOptions, rest: Pick<TarHeader, "type" | "mode">): TarHeader {
  const name = entryName(entry.name);
  if (name === "." && rest.type !== "directory")
    throw new InvalidOptionError("name", `a ${rest.type} cannot be the root of an archive`);
  return {
    name,
    type: rest.type,
    mode: entry.mode ?? rest.mode,
    uid: entry.uid ?? options.uid ?? 0,
    gid: entry.gid ?? options.gid ?? 0,
    size: 0,
    mtime: Math.floor((entry.mtime ?? options.mtime ?? new Date()).getTime() / 1000),
  };
}

/** An entry whose content has been opened. */
export type OpenedEntry = Exclude<PackEntry, ContentEntry> | OpenedContent;
type OpenedContent = Omit<ContentEntry, "content"> & { readonly content: string | Uint8Array | Readable };

function opened(entry: PackEntry): OpenedEntry {
  if (!("content" in entry)) return entry;
  const { content } = entry;
  if (typeof content === "string" || ArrayBuffer.isView(content)) return { ...entry, content };
  return { ...entry, content: readableOf(content, "content", { operation: "packEntries" }) };
}

async function loadContent(entry: OpenedContent, options: PackOptions): Promise<LoadedEntry> {
  const header = headerOf(entry, options, { type: "file", mode: 0o644 });
  const { content, size } = entry;
  if (content instanceof Readable) {
    const taken =
      size === undefined ? await spool(header.name, content) : { size, content: streamBody(header.name, content, size) };
    return { header: { ...header, size: taken.size }, content: taken.content };
  }
  const bytes =
    typeof content === "string" ? Buffer.from(content) : Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return { header: { ...header, size: bytes.length }, content: bytes };
}

async function* findHost(entry: HostEntry): AsyncGenerator<readonly FoundPath[], void, undefined> {
  const path = resolve(entry.path);
  const name = entryName(entry.name ?? basename(path));
  const found = await findPath(path, name);
  if (!found) return;
  if (name !== ".") yield [found];
  else if (found.type !== "directory")
    throw new InvalidOptionError("name", `${path} is not a directory: specify a name for it in the archive`);
  if (found.type !== "directory") return;
  const ignore = entry.ignore && new IgnoreMatcher(entry.ignore);
  yield* walk({ root: path, prefix: name === "." ? "" : `${name}/`, ignore });
}

/**
 * Loads entries in order, including local files.
 *
 * @param entries - the entries.
 * @param options - metadata for all entries.
 */
export async function* loadEntries(
  entries: Iterable<OpenedEntry>,
  options: PackOptions,
): AsyncGenerator<LoadedEntry, void, undefined> {
  for (const entry of entries) {
    if ("path" in entry) {
      const general = factsOf(options);
      const facts: EntryFacts = {
        uid: entry.uid ?? general.uid,
        gid: entry.gid ?? general.gid,
        mode: entry.mode,
        mtime: entry.mtime ? Math.floor(entry.mtime.getTime() / 1000) : general.mtime,
      };
      yield* loadInOrder(findHost(entry), (found) => loadPath(found, facts));
    } else if ("content" in entry) yield await loadContent(entry, options);
    else if ("linkTo" in entry) {
      yield { header: { ...headerOf(entry, options, { type: "symlink", mode: 0o777 }), linkname: entry.linkTo } };
    } else yield { header: headerOf(entry, options, { type: "directory", mode: 0o755 }) };
  }
}

/**
 * Packs content, local files and local directories as a tar archive.
 *
 * The archive is generated on demand: content streams with a `size` and local files are read in order, with backpressure.
 *
 * @param entries - the entries, in order. Parent directories need no entries.
 * @param options - metadata for all entries.
 * @returns the archive. It fails with an {@link ArchiveError} that names the file if a local file cannot be read, with an {@link
 * InputStreamError} if a content stream fails or has a different length, and with an {@link InvalidOptionError} if a name leads
 * outside the archive. At the end of the archive, every content stream has been destroyed.
 */
export function packEntries(entries: Iterable<PackEntry>, options: PackOptions = {}): Readable {
  const list = Array.from(entries, opened);
  const streams = list.flatMap((entry) => ("content" in entry && entry.content instanceof Readable ? [entry.content] : []));
  // a stream may fail before it is read: the read reports the failure
  for (const stream of streams) ignoreUnheardErrors(stream);
  return new ArchiveStream((signal) => {
    signal.addEventListener("abort", () => streams.forEach((stream) => stream.destroy()), { once: true });
    return writeArchive(loadEntries(list, options));
  });
}
