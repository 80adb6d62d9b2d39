import type { Readable } from "node:stream";
import { ArchiveStream } from "../../archive/archive-stream.js";
import type { LoadedEntry } from "../../archive/loaded-entry.js";
import { loadInOrder, writeArchive } from "../../archive/pack.js";
import { ATTRIBUTE_RECORD } from "../../archive/read-details.js";
import type { EntryType, TarHeader } from "../../archive/tar-header.js";
import { FileError, isGone } from "./file-error.js";
import type { FileKind, FileStatus, Tree } from "./tree.js";

/** Files up to this size, in bytes, are read in one piece. */
const SMALL = 128 * 1024;

const types: Readonly<Record<Exclude<FileKind, "socket">, EntryType>> = {
  file: "file",
  directory: "directory",
  symlink: "symlink",
  fifo: "fifo",
  character: "character-device",
  block: "block-device",
};

/** Numbers the trees, because files of two trees may have the same inode. */
const treeNumbers = new WeakMap<Tree, number>();
let lastTree = 0;

function treeNumber(tree: Tree): number {
  const known = treeNumbers.get(tree) ?? ++lastTree;
  treeNumbers.set(tree, known);
  return known;
}

/** A file that is about to be packed. */
export interface PackedFile {
  /** The tree that holds it. */
  readonly tree: Tree;
  /** Its path in the tree. */
  readonly path: string;
  /** Its status. */
  readonly status: FileStatus;
  /** Its name in the archive. */
  readonly name: string;
}

/** Yields exactly `size` bytes of a file, with zeros for those that are gone by then. */
async function* exactly(tree: Tree, path: string, size: number): AsyncGenerator<Buffer, void, undefined> {
  let rest = size;
  for await (const chunk of tree.read(path, 0, size) as AsyncIterable<Buffer>) {
    const part = chunk.subarray(0, rest);
    rest -= part.length;
    if (part.length > 0) yield part;
  }
  yield* zeros(rest);
}

/** Does the same for a file whose size has been announced, also if it is gone. */
async function* announced(tree: Tree, path: string, size: number): AsyncGenerator<Buffer, void, undefined> {
  let rest = size;
  try {
    for await (const part of exactly(tree, path, size)) {
      rest -= part.length;
      yield part;
    }
  } catch (error) {
    if (!isGone(error)) throw error;
    yield* zeros(rest);
  }
}

function* zeros(count: number): Generator<Buffer, void, undefined> {
  for (let rest = count; rest > 0; rest -= Math.min(rest, SMALL)) yield Buffer.alloc(Math.min(rest, SMALL));
}

function recordsOf({ attributes = {} }: FileStatus): TarHeader["records"] {
  const entries = Object.entries(attributes).map(([name, value]) => [ATTRIBUTE_RECORD + name, value] as const);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

/**
 * Loads a file of a tree for an archive. Times are whole seconds, as in Docker's archives.
 *
 * @param file - the file. It must not be a socket, which archives cannot hold.
 * @returns undefined if the file is gone.
 */
async function loadFile({ tree, path, status, name }: PackedFile): Promise<LoadedEntry | undefined> {
  const { kind, mode, uid, gid, size, target: linkname, device } = status;
  if (kind === "socket") throw new FileError("ENOTSUP", path);
  const isFile = kind === "file";
  const mtime = Math.floor(Number(status.mtime / 1_000_000n) / 1000);
  const records = recordsOf(status);
  const header: TarHeader = {
    name,
    type: types[kind],
    mode,
    uid,
    gid,
    size: isFile ? size : 0,
    mtime,
    linkname,
    device,
    records,
  };
  const inode = status.links > 1 && kind !== "directory" ? `${treeNumber(tree)}:${status.inode}` : undefined;
  if (!isFile || size === 0) return { header, inode };
  if (size > SMALL) return { header, inode, content: { chunks: () => announced(tree, path, size), close: () => undefined } };
  const pieces: Buffer[] = [];
  try {
    for await (const piece of exactly(tree, path, size)) pieces.push(piece);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
  return { header, inode, content: Buffer.concat(pieces) };
}

/** A removed file of the layers below, which a layer holds as a whiteout. Its time is 1970, so that equal layers have equal digests. */
function loadRemoval(name: string): LoadedEntry {
  return { header: { name, type: "file", mode: 0o600, uid: 0, gid: 0, size: 0, mtime: 0 } };
}

/**
 * Packs files. Several are read at once, and written in order; those that are gone by then are left out. A further hard link to a file that was packed is packed as a link.
 *
 * @param files - the files in order, in lists; a string is the name of a whiteout. Sockets are left out.
 * @returns the uncompressed tar archive.
 */
export function packFiles(files: () => AsyncGenerator<readonly (PackedFile | string)[], void, undefined>): Readable {
  async function* packable(): AsyncGenerator<readonly (PackedFile | string)[], void, undefined> {
    for await (const batch of files()) yield batch.filter((file) => typeof file === "string" || file.status.kind !== "socket");
  }
  const load = async (file: PackedFile | string): Promise<LoadedEntry | undefined> =>
    typeof file === "string" ? loadRemoval(file) : loadFile(file);
  return new ArchiveStream(() => writeArchive(loadInOrder(packable(), load)));
}
