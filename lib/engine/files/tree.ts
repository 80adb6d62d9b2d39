import type { Readable } from "node:stream";

/** The kinds of files. */
export type FileKind = "file" | "directory" | "symlink" | "fifo" | "character" | "block" | "socket";

/** What a file system knows about a file besides its content. */
export interface FileStatus {
  /** Its kind. */
  readonly kind: FileKind;
  /** Its permission bits, including setuid, setgid and sticky. */
  readonly mode: number;
  /** ID of its owner. */
  readonly uid: number;
  /** ID of its group. */
  readonly gid: number;
  /** Its size in bytes. The size of a symbolic link is the length of its target. */
  readonly size: number;
  /** Time of the last change of its content, in nanoseconds since 1970. */
  readonly mtime: bigint;
  /** A number that only its hard links share within the tree. */
  readonly inode: number;
  /** The number of its hard links. */
  readonly links: number;
  /** Target of a symbolic link. */
  readonly target?: string;
  /** Major and minor number of a device. */
  readonly device?: readonly [major: number, minor: number];
  /** Extended attributes by name, such as `security.capability`. */
  readonly attributes?: Readonly<Record<string, Uint8Array>>;
}

/** The attributes of a new file. */
export interface NewFile {
  /** Permission bits. */
  mode: number;
  /** ID of the owner. The default is 0. */
  uid?: number;
  /** ID of the group. The default is 0. */
  gid?: number;
  /** Time of the last change, in nanoseconds since 1970. The default is now. */
  mtime?: bigint;
  /** Extended attributes. */
  attributes?: Readonly<Record<string, Uint8Array>>;
}

/** The attributes of a file that {@link Tree.change} changes. Others stay as they are. */
export type FileChanges = Partial<Pick<NewFile, "mode" | "uid" | "gid" | "mtime" | "attributes">>;

/** An open file of a {@link Tree}. It stays usable after the file is removed or renamed. */
export interface OpenFile {
  /** Whether it is a stream of bytes without positions: a FIFO. Reads wait until there are bytes. */
  readonly isStream?: boolean;
  /** Returns at most `length` bytes from `position`, and no bytes at the end of the file. `signal` ends a wait for them. */
  read(position: number, length: number, signal?: AbortSignal): Promise<Buffer>;
  /** Writes bytes at `position`; at the end of the file if `position` is undefined. `signal` ends a wait for a reader. */
  write(data: Uint8Array, position?: number, signal?: AbortSignal): Promise<void>;
  /** Cuts the file off, or extends it with zeros. */
  truncate(length: number): Promise<void>;
  /** Returns the current status. */
  status(): Promise<FileStatus>;
  /** Frees the file. */
  close(): Promise<void>;
}

/**
 * A hierarchy of files: the layers of a container, a volume, a folder of the host, or a virtual hierarchy such as `/proc`.
 *
 * Paths are canonical: absolute, without `.`, `..`, empty parts and trailing slashes, and no part but the last is a symbolic link.
 * The root is `/`. A tree never follows links; {@link FileSystem} does, and combines trees. All methods throw {@link FileError}.
 */
export interface Tree {
  /** Returns the status of a file, or undefined if it does not exist. */
  status(path: string): Promise<FileStatus | undefined>;
  /** Returns the names in a directory, in no particular order. */
  list(path: string): Promise<string[]>;
  /** Opens a regular file that exists, for reading and writing. A read-only tree throws `EROFS` on the first write. */
  open(path: string): Promise<OpenFile>;
  /** Streams a regular file from the byte `from` up to the byte before `to`; by default all of it. */
  read(path: string, from?: number, to?: number): Readable;
  /** Creates a regular file, empty or with a content; replaces the file that exists. The parent directory must exist. */
  create(path: string, file: NewFile, content?: Uint8Array | Readable): Promise<void>;
  /** Creates a directory. The parent must exist, and the path must not. */
  makeDirectory(path: string, file: NewFile): Promise<void>;
  /** Creates a symbolic link. */
  makeLink(path: string, target: string, file?: Omit<NewFile, "mode">): Promise<void>;
  /** Creates a further hard link to a file. */
  link(path: string, existing: string): Promise<void>;
  /** Creates a FIFO or a device. */
  makeNode(path: string, kind: "fifo" | "character" | "block", file: NewFile, device?: readonly [number, number]): Promise<void>;
  /** Changes attributes of a file. */
  change(path: string, changes: FileChanges): Promise<void>;
  /** Removes a file, or an empty directory. */
  remove(path: string): Promise<void>;
  /** Renames a file or directory within the tree. Replaces the file at the new path, as `rename(2)` does. */
  rename(from: string, to: string): Promise<void>;
}
