import type { Readable } from "node:stream";
import { ArchiveStream } from "./archive-stream.js";
import { type EntryFacts, loadPath } from "./file-source.js";
import { IgnoreMatcher } from "./ignore-file.js";
import { loadInOrder, writeArchive } from "./pack.js";
import { walk } from "./walk.js";

/** Facts of all entries of an archive that differ from what the file system says of the files. */
export interface PackOptions {
  /** User ID of the owner. By default 0. */
  uid?: number | undefined;
  /** Group ID of the owner. By default 0. */
  gid?: number | undefined;
  /** Whether the entries belong to the files' own users and groups, where `uid` and `gid` do not say otherwise. By default false. */
  keepOwner?: boolean | undefined;
  /** Time of the last change of every entry. By default each file's own. */
  mtime?: Date | undefined;
}

/** Options of {@link packDirectory}. */
export interface PackDirectoryOptions extends PackOptions {
  /** Patterns in the form of a `.dockerignore` file: what they name is left out. */
  ignore?: readonly string[] | undefined;
}

/** What the options say of every entry. */
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
 * Packs what a directory holds as a tar archive. The directory itself gets no entry.
 *
 * The archive streams from the walk: no more than a few files are held at any time, and none is read before its bytes are wanted. Entries
 * are sorted; they keep their modes, symbolic links stay links, further names of a file become hard links, empty directories are kept and
 * sockets are left out. The same tree gives the same bytes.
 *
 * @param directory - the directory on this machine.
 * @param options - what differs from the files.
 * @returns the archive. Its error is an {@link ArchiveError} that names the path when something cannot be read, vanishes or shrinks
 * meanwhile. A file that grows is packed with the length it had when its turn came.
 * @throws {@link InvalidOptionError} when a pattern is malformed.
 */
export function packDirectory(directory: string, options: PackDirectoryOptions = {}): Readable {
  const facts = factsOf(options);
  const ignore = options.ignore && new IgnoreMatcher(options.ignore);
  const found = walk({ root: directory, prefix: "", ignore });
  return new ArchiveStream(() => writeArchive(loadInOrder(found, (path) => loadPath(path, facts))));
}
