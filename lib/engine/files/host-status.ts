import type { BigIntStats } from "node:fs";
import { deviceNumbers } from "../../archive/file-source.js";
import type { FileKind, FileStatus } from "./tree.js";

function kindOf(stats: BigIntStats): FileKind {
  if (stats.isDirectory()) return "directory";
  if (stats.isSymbolicLink()) return "symlink";
  if (stats.isFIFO()) return "fifo";
  if (stats.isCharacterDevice()) return "character";
  if (stats.isBlockDevice()) return "block";
  return stats.isSocket() ? "socket" : "file";
}

/**
 * Converts what the host knows about a file.
 *
 * @param stats - the result of the system call.
 * @param target - target of a symbolic link.
 */
export function hostStatus(stats: BigIntStats, target?: string): FileStatus {
  const kind = kindOf(stats);
  const isDevice = kind === "character" || kind === "block";
  return {
    kind,
    mode: Number(stats.mode) & 0o7777,
    uid: Number(stats.uid),
    gid: Number(stats.gid),
    size: Number(stats.size),
    mtime: stats.mtimeNs,
    inode: Number(stats.ino),
    links: kind === "directory" ? 1 : Number(stats.nlink),
    ...(target === undefined ? undefined : { target }),
    ...(isDevice && { device: deviceNumbers(Number(stats.rdev)) }),
  };
}
