import { closeSync, constants, fstat, fstatSync, lstat, open, read, readlink, type Stats } from "node:fs";
import { promisify } from "node:util";
import { ArchiveError } from "../errors/usage-errors.js";
import { changedKind, packError } from "./errors.js";
import { type EntryBody, entryTypeOf, type FoundPath, type LoadedEntry } from "./loaded-entry.js";
import type { TarHeader } from "./tar-header.js";

/** Files up to this size, in bytes, are read in one piece, several of them concurrently. */
const SMALL = 128 * 1024;

/** The size of the chunks in which larger files are read, in bytes. */
const CHUNK = 256 * 1024;

// a file may have been replaced by a link or a pipe since the directory was listed: do not follow the link, and do not wait for
// the pipe (Windows has neither flag)
const READ_FLAGS = constants.O_RDONLY | (process.platform === "win32" ? 0 : constants.O_NOFOLLOW | constants.O_NONBLOCK);

const openFile = promisify(open);
const statLink = promisify(lstat);
const readLink = promisify(readlink);

function readInto(fd: number, buffer: Buffer, offset: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    read(fd, buffer, offset, buffer.length - offset, position, (error, bytesRead) =>
      error ? reject(error) : resolve(bytesRead),
    );
  });
}

function exactStat(fd: number): Promise<{ dev: bigint; ino: bigint }> {
  return new Promise((resolve, reject) => {
    fstat(fd, { bigint: true }, (error, stats) => (error ? reject(error) : resolve(stats)));
  });
}

const shrunk = (path: string, size: number, rest: number): ArchiveError =>
  new ArchiveError(`cannot pack ${path}: it shrank from ${size} to ${size - rest} bytes while it was being packed`);

/** Overrides for the metadata of files. */
export interface EntryFacts {
  /** User ID of the owner; by default the file's own. */
  uid: number | undefined;
  /** Group ID of the owner; by default the file's own. */
  gid: number | undefined;
  /** Permission bits for files; by default the file's own. Other entries always keep their permission bits. */
  mode: number | undefined;
  /** Modification time, in seconds since 1970; by default the file's own. */
  mtime: number | undefined;
}

// Windows has no execute permission, so all files from there are packed as executable: otherwise, nothing would run in a Linux
// container
const modeOf = (stats: Stats): number => (process.platform === "win32" ? (stats.mode & 0o755) | 0o111 : stats.mode & 0o7777);

function headerOf(found: FoundPath, stats: Stats, facts: EntryFacts, more?: Partial<TarHeader>): TarHeader {
  return {
    name: found.name,
    type: found.type,
    mode: (found.type === "file" ? facts.mode : undefined) ?? modeOf(stats),
    uid: facts.uid ?? stats.uid,
    gid: facts.gid ?? stats.gid,
    size: 0,
    mtime: facts.mtime ?? Math.floor(stats.mtimeMs / 1000),
    ...more,
  };
}

/** Yields the first `size` bytes of an open file in pieces, and closes the file. */
export function fileBody(path: string, fd: number, size: number): EntryBody {
  let isOpen = true;
  const close = (): void => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
    try {
      for (let rest = size; rest > 0;) {
        const buffer = Buffer.allocUnsafe(Math.min(CHUNK, rest));
        const length = await readInto(fd, buffer, 0, size - rest);
        if (length === 0) throw shrunk(path, size, rest);
        rest -= length;
        yield buffer.subarray(0, length);
      }
    } catch (error) {
      throw packError(path, error);
    } finally {
      close();
    }
  }
  return { chunks, close };
}

async function readWhole(path: string, fd: number, size: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(size);
  for (let at = 0; at < size;) {
    const length = await readInto(fd, buffer, at, at);
    if (length === 0) throw shrunk(path, size, size - at);
    at += length;
  }
  return buffer;
}

async function loadFile(found: FoundPath, facts: EntryFacts): Promise<LoadedEntry> {
  const { path } = found;
  const fd = await openFile(path, READ_FLAGS);
  let keep = false;
  try {
    // for an open file, these two synchronous calls do not access the disk, and take a tenth of the time of asynchronous ones
    const stats = fstatSync(fd);
    if (!stats.isFile()) throw changedKind(path);
    const header = headerOf(found, stats, facts, { size: stats.size });
    let inode: string | undefined;
    if (stats.nlink > 1) {
      const { dev, ino } = await exactStat(fd);
      inode = `${dev}:${ino}`;
    }
    if (stats.size <= SMALL) return { header, content: await readWhole(path, fd, stats.size), inode };
    keep = true;
    return { header, content: fileBody(path, fd, stats.size), inode };
  } finally {
    if (!keep) closeSync(fd);
  }
}

/** Splits a Linux device number. */
export function deviceNumbers(device: number): [major: number, minor: number] {
  const high = Math.floor(device / 2 ** 32);
  return [((device >>> 8) & 0xfff) | (high & ~0xfff), (device & 0xff) | ((device >>> 12) & 0xfff00)];
}

/**
 * Loads the entry of a path that a walk has found: its metadata, and the content of a small file. A larger file remains open; the
 * body of the entry reads and closes it.
 *
 * @throws {@link ArchiveError} when the path no longer exists, cannot be read or has changed its type.
 */
export async function loadPath(found: FoundPath, facts: EntryFacts): Promise<LoadedEntry> {
  try {
    if (found.type === "file") return await loadFile(found, facts);
    const stats = await statLink(found.path);
    if (entryTypeOf(stats) !== found.type) throw changedKind(found.path);
    if (found.type === "symlink") return { header: headerOf(found, stats, facts, { linkname: await readLink(found.path) }) };
    if (found.type === "directory" || found.type === "fifo") return { header: headerOf(found, stats, facts) };
    return { header: headerOf(found, stats, facts, { device: deviceNumbers(stats.rdev) }) };
  } catch (error) {
    throw packError(found.path, error);
  }
}
