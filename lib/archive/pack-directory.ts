import type { Readable } from "node:stream";
import { ArchiveStream } from "./archive-stream.js";
import { type EntryFacts, loadPath } from "./file-source.js";
import { IgnoreMatcher } from "./ignore-file.js";
import { loadInOrder, writeArchive } from "./pack.js";
import { walk } from "./walk.js";

/** Overrides for the metadata of all entries. */
export interface PackOptions {
  /** User ID of the owner. By default 0. */
  uid?: number | undefined;
  /** Group ID of the owner. By default 0. */
  gid?: number | undefined;
  /** Whether to keep the owners of files, unless `uid` and `gid` are set. Defaults to false. */
  keepOwner?: boolean | undefined;
  /** Modification time of all entries. By default each file's own. */
  mtime?: Date | undefined;
}

/** Options for {@link packDirectory}. */
export interface PackDirectoryOptions extends PackOptions {
  /** Patterns of files to leave out, as in a `.dockerignore` file. */
  ignore?: readonly string[] | undefined;
}

/** Returns the overrides that the options request. */
export function factsOf(options: PackOptions): EntryFacts {
  const owner = options.keepOwner ? undefined : 0;
  return {
    uid: options.uid ?? owner,
    gid: options.gid ?? owner,
    mode: undefined,
    mtime: options.mtime && Math.floor(options.mtime.getTime() / 1000),
  };
}

/**
 * Packs the content of a directory as a tar archive. The directory itself has no entry.
 *
 * The archive is generated on demand during a walk through the directory, so only a few files are held in memory. Entries are
 * sorted and keep their modes. Symbolic links are packed as links, additional names of a file become hard links, empty
 * directories are kept, and sockets are left out. Identical trees produce identical bytes.
 *
 * @param directory - the local directory.
 * @param options - patterns and overrides.
 * @returns the archive. It fails with an {@link ArchiveError} that names the file if a file cannot be read, disappears or
 * shrinks. A file that grows is packed with the size that it had when it was opened.
 * @throws {@link InvalidOptionError} when a pattern is malformed.
 */
export function packDirectory(directory: string, options: PackDirectoryOptions = {}): Readable {
  const facts = factsOf(options);
  const ignore = options.ignore && new IgnoreMatcher(options.ignore);
  const found = walk({ root: directory, prefix: "", ignore });
  return new ArchiveStream(() => writeArchive(loadInOrder(found, (path) => loadPath(path, facts))));
}
