import type { Dirent } from "node:fs";
import type { EntryType, TarHeader } from "./tar-header.js";

/** A path that a walk has found. */
export interface FoundPath {
  /** Its path on this machine. */
  readonly path: string;
  /** Its name in the archive, with `/` as separator. */
  readonly name: string;
  /** Its type. */
  readonly type: EntryType;
}

/** Content that is read while the archive is written. */
export interface EntryBody {
  /** Yields exactly the number of bytes in the entry's header, or throws. */
  readonly chunks: () => AsyncGenerator<Buffer, void, undefined>;
  /** Releases the resources of the content. It must be called even if the content was not read. Further calls do nothing. */
  readonly close: () => void;
}

/** An entry that is ready to be written. */
export interface LoadedEntry {
  /** Its header. */
  readonly header: TarHeader;
  /** Its content: in memory if it is small, otherwise still to be read; undefined if it has none. */
  readonly content?: Buffer | EntryBody | undefined;
  /** The identity of a file that has several names; undefined for other files. */
  readonly inode?: string | undefined;
}

type KindTests = "isFile" | "isDirectory" | "isSymbolicLink" | "isFIFO" | "isCharacterDevice" | "isBlockDevice";

/** Returns the entry type of a file; undefined for a socket, which archives cannot hold. */
export function entryTypeOf(entry: Pick<Dirent, KindTests>): EntryType | undefined {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  if (entry.isSymbolicLink()) return "symlink";
  if (entry.isFIFO()) return "fifo";
  if (entry.isCharacterDevice()) return "character-device";
  return entry.isBlockDevice() ? "block-device" : undefined;
}
