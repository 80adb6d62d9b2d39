import { posix } from "node:path";
import { FileError } from "./file-error.js";
import type { FileSystem } from "./file-system.js";
import { archivePath } from "./pack-path.js";
import type { FileKind, FileStatus } from "./tree.js";

/** What the header `X-Docker-Container-Path-Stat` says about a file, in JSON and base64. */
export interface PathStat {
  /** The last part of the path as the request has it. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** Kind and permission bits as Go's `os.FileMode` numbers them. */
  readonly mode: number;
  /** Time of the last change in RFC 3339. */
  readonly mtime: string;
  /** The absolute path that a symbolic link leads to; empty for other files. */
  readonly linkTarget: string;
}

/** The bits of Go's `os.FileMode` for kinds of files. */
const kindBits: Readonly<Record<FileKind, number>> = {
  file: 0,
  directory: 2 ** 31,
  symlink: 2 ** 27,
  block: 2 ** 26,
  character: 2 ** 26 + 2 ** 21,
  fifo: 2 ** 25,
  socket: 2 ** 24,
};

/** Returns kind and permission bits as Go's `os.FileMode` numbers them. */
function goFileMode({ kind, mode }: Pick<FileStatus, "kind" | "mode">): number {
  const special = (mode & 0o4000 ? 2 ** 23 : 0) + (mode & 0o2000 ? 2 ** 22 : 0) + (mode & 0o1000 ? 2 ** 20 : 0);
  return kindBits[kind] + special + (mode & 0o777);
}

/** Formats nanoseconds since 1970 as Go does: in RFC 3339 with as many decimals as needed. */
function goTime(nanoseconds: bigint): string {
  const rest = ((nanoseconds % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const seconds = new Date(Number((nanoseconds - rest) / 1_000_000n)).toISOString().slice(0, 19);
  const decimals = rest.toString().padStart(9, "0").replace(/0+$/, "");
  return `${seconds}${decimals && `.${decimals}`}Z`;
}

/** Returns where a link leads. What it leads to need not exist. */
async function linkTarget(files: FileSystem, absolute: string, target: string): Promise<string> {
  try {
    return (await files.locate(absolute, true)).absolute;
  } catch (error) {
    if (!(error instanceof FileError) || (error.code !== "ENOENT" && error.code !== "ENOTDIR")) throw error;
    return posix.resolve(posix.dirname(absolute), target);
  }
}

/**
 * Describes a file of a container, as `HEAD /containers/{id}/archive` does.
 *
 * @param files - the files of the container.
 * @param path - the path as the request has it.
 * @throws {@link FileError} when the path leads to no file, or is a link that leads in circles.
 */
export async function pathStat(files: FileSystem, path: string): Promise<PathStat> {
  const { lookup } = archivePath(path);
  const status = await files.lstat(lookup);
  const { absolute } = await files.locate(lookup);
  return {
    name: posix.basename(path) || "/",
    size: status.size,
    mode: goFileMode(status),
    mtime: goTime(status.mtime),
    linkTarget: status.kind === "symlink" ? await linkTarget(files, absolute, status.target ?? "") : "",
  };
}
