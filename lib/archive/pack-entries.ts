import { basename, posix, resolve } from "node:path";
import { Readable } from "node:stream";
import { InvalidOptionError } from "../errors/usage-errors.js";
import { ignoreErrors } from "../wire/quiet.js";
import { ArchiveStream } from "./archive-stream.js";
import { type EntryFacts, loadPath } from "./file-source.js";
import { IgnoreMatcher } from "./ignore-file.js";
import type { FoundPath, LoadedEntry } from "./loaded-entry.js";
import { loadInOrder, writeArchive } from "./pack.js";
import { factsOf, type PackOptions } from "./pack-directory.js";
import { spool, streamBody } from "./spool.js";
import type { TarHeader } from "./tar-header.js";
import { findPath, walk } from "./walk.js";

/** Facts of one entry; they go before those of the whole archive. */
export interface EntryAttributes {
  /** Permission bits of a file, setuid, setgid and sticky included. By default 0o644 for a given content, 0o755 for a given directory. */
  mode?: number | undefined;
  /** Time of the last change. By default now for what is given, and a file's own for what is packed from this machine. */
  mtime?: Date | undefined;
  /** User ID of the owner. By default 0. */
  uid?: number | undefined;
  /** Group ID of the owner. By default 0. */
  gid?: number | undefined;
}

/** A file whose content is given. */
export interface ContentEntry extends EntryAttributes {
  /** Path in the archive. */
  name: string;
  /** The content. A stream is destroyed when the archive is, even before its turn. */
  content: string | Uint8Array | Readable;
  /**
   * Length of a content stream in bytes. The stream then goes into the archive as it comes, and has to yield exactly so many bytes.
   * A stream whose length is not known is read to its end first: up to 1 MiB into memory, a longer one into a temporary file.
   */
  size?: number | undefined;
}

/** A directory that holds nothing, or what later entries put into it. */
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
  /** What the link points at, as it is to be written into the link. */
  linkTo: string;
}

/** A file or directory of this machine. A symbolic link is packed as one. */
export interface HostEntry extends EntryAttributes {
  /** Path on this machine. A directory is packed with all that it holds. */
  path: string;
  /** Path in the archive; by default the last component of `path`. With `.` what a directory holds is packed without the directory. */
  name?: string | undefined;
  /** Patterns in the form of a `.dockerignore` file, from the directory down: what they name is left out. */
  ignore?: readonly string[] | undefined;
}

/** Something to put into an archive. */
export type PackEntry = ContentEntry | DirectoryEntry | SymlinkEntry | HostEntry;

/** Brings a name into the form that archives use: relative, without `.` components; `.` for the root. */
function entryName(name: string): string {
  const normal = posix.normalize(name).replace(/^\/+/, "").replace(/\/$/, "");
  if (name === "" || name.includes("\0") || normal === ".." || normal.startsWith("../")) {
    throw new InvalidOptionError("name", `not a path inside an archive: ${JSON.stringify(name)}`);
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

async function loadContent(entry: ContentEntry, options: PackOptions): Promise<LoadedEntry> {
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
    throw new InvalidOptionError("name", `${path} is no directory: it needs a name in the archive`);
  if (found.type !== "directory") return;
  const ignore = entry.ignore && new IgnoreMatcher(entry.ignore);
  yield* walk({ root: path, prefix: name === "." ? "" : `${name}/`, ignore });
}

/**
 * Loads given entries in order, and what they name on this machine.
 *
 * @param entries - the entries.
 * @param options - facts of all of them.
 */
export async function* loadEntries(
  entries: Iterable<PackEntry>,
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
 * Packs given contents, and files and directories of this machine, as a tar archive.
 *
 * The archive streams: a content stream with a `size` and the files of this machine are read as the archive's bytes are wanted, in order.
 *
 * @param entries - what to pack, in order. Parents of a path need no entry of their own.
 * @param options - facts of all entries.
 * @returns the archive. Its error is an {@link ArchiveError} that names the path when something on this machine cannot be read, an
 * {@link InputStreamError} when a content stream fails or is not as long as was said, an {@link InvalidOptionError} for a name that leads
 * out of the archive. When the archive ends, however it does, every content stream has been destroyed.
 */
export function packEntries(entries: Iterable<PackEntry>, options: PackOptions = {}): Readable {
  const list = [...entries];
  const streams = list.flatMap((entry) => ("content" in entry && entry.content instanceof Readable ? [entry.content] : []));
  // a stream may fail long before its turn: reading it reports the failure
  for (const stream of streams) stream.on("error", ignoreErrors);
  return new ArchiveStream((signal) => {
    signal.addEventListener("abort", () => streams.forEach((stream) => stream.destroy()), { once: true });
    return writeArchive(loadEntries(list, options));
  });
}
