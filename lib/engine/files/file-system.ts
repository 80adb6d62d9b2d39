import type { Readable } from "node:stream";
import type { FileChanges, FileStatus, NewFile, OpenFile, Tree } from "./tree.js";

/** The place of a file after all links in its path were followed. */
export interface Location {
  /** The tree that holds it. */
  readonly tree: Tree;
  /** Its canonical path in that tree. */
  readonly path: string;
  /** Its absolute path in the file system, without links. */
  readonly absolute: string;
}

/** A tree that is visible at a path of a {@link FileSystem}. */
export interface MountPoint {
  /** The path at which the tree is visible. */
  readonly path: string;
  /** The tree. */
  readonly tree: Tree;
  /** Whether writing is refused. */
  readonly readOnly?: boolean;
  /** Permissions of the directory under it, if that is created; 0755 by default. */
  readonly mode?: number;
}

/**
 * The files of a container as its processes see them: a root tree and the trees that are mounted in it. Symbolic links are
 * followed within this root only, also by absolute targets and `..`.
 *
 * Paths are absolute; programs resolve relative ones with {@link ProgramContext.resolve}. All methods throw {@link FileError}.
 */
export interface FileSystem {
  /** Finds a file. `follow` also follows a link as the last part; by default, it is not. The file itself need not exist, its directory must. */
  locate(path: string, follow?: boolean): Promise<Location>;
  /** Returns the absolute path of a file that exists, without links. */
  realPath(path: string): Promise<string>;
  /** Returns the status of what a path leads to. */
  stat(path: string): Promise<FileStatus>;
  /** Returns the status of a file, without following it if it is a link. */
  lstat(path: string): Promise<FileStatus>;
  /** Returns whether a path leads to a file. */
  exists(path: string): Promise<boolean>;
  /** Returns the sorted names in a directory, mount points included. */
  list(path: string): Promise<string[]>;
  /** Reads a whole file. */
  readFile(path: string): Promise<Buffer>;
  /** Streams a file. */
  read(path: string): Promise<Readable>;
  /** Writes a whole file, creating it with mode 0666 minus the umask 022 unless it exists. */
  writeFile(path: string, content: string | Uint8Array | Readable, file?: Partial<NewFile>): Promise<void>;
  /** Opens a file as `open(2)` does with these flags: `r`, `r+`, `w`, `w+`, `a`, `a+`, and `wx` which fails if it exists. */
  open(path: string, flags: OpenFlags, file?: Partial<NewFile>): Promise<OpenFile>;
  /** Creates a directory with mode 0777 minus the umask 022; with `parents`, also the missing ones above it. */
  makeDirectory(path: string, options?: Partial<NewFile> & { parents?: boolean }): Promise<void>;
  /** Creates a symbolic link. */
  makeLink(target: string, path: string): Promise<void>;
  /** Creates a hard link. */
  link(existing: string, path: string): Promise<void>;
  /** Creates a FIFO. */
  makeFifo(path: string, mode?: number): Promise<void>;
  /** Changes attributes; of a link itself if `follow` is false. */
  change(path: string, changes: FileChanges, follow?: boolean): Promise<void>;
  /** Removes a file or an empty directory; with `recursive`, all that is in it, and nothing happens if it does not exist. */
  remove(path: string, options?: { recursive?: boolean }): Promise<void>;
  /** Renames a file or directory. Throws `EXDEV` between two trees. */
  rename(from: string, to: string): Promise<void>;
}

/** The ways to open a file. */
export type OpenFlags = "r" | "r+" | "w" | "w+" | "wx" | "a" | "a+";
