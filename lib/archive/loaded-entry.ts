import type { Dirent } from "node:fs";
import type { EntryType, TarHeader } from "./tar-header.js";

/** A path that a walk has found. */
export interface FoundPath {
  /** Where it is on this machine. */
  readonly path: string;
  /** Its name in the archive, with `/` between its components. */
  readonly name: string;
  /** What it is. */
  readonly type: EntryType;
}

/** A content that is read while the archive is written. */
export interface EntryBody {
  /** Yields exactly as many bytes as the entry's header says, or throws. */
  readonly chunks: () => AsyncGenerator<Buffer, void, undefined>;
  /** Frees what the content holds. Has to be called whether it was read or not; calling it again does nothing. */
  readonly close: () => void;
}

/** An entry that is ready to be written. */
export interface LoadedEntry {
  /** Its header. */
  readonly header: TarHeader;
  /** Its content: in memory when it is small, else still to be read; undefined when it has none. */
  readonly content?: Buffer | EntryBody | undefined;
  /** What files with several names have in common, where the file has more than one. */
  readonly inode?: string | undefined;
}

type KindTests = "isFile" | "isDirectory" | "isSymbolicLink" | "isFIFO" | "isCharacterDevice" | "isBlockDevice";

/** Tells as what something of the file system goes into an archive; undefined for a socket, which does not. */
export function entryTypeOf(entry: Pick<Dirent, KindTests>): EntryType | undefined {
  if (entry.isFile()) return "file";
  if (entry.isDirectory()) return "directory";
  if (entry.isSymbolicLink()) return "symlink";
  if (entry.isFIFO()) return "fifo";
  if (entry.isCharacterDevice()) return "character-device";
  return entry.isBlockDevice() ? "block-device" : undefined;
}
