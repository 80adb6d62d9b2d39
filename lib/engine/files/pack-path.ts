import { posix } from "node:path";
import type { Readable } from "node:stream";
import { isGone } from "./file-error.js";
import type { FileSystem } from "./file-system.js";
import { MountedFiles } from "./mounted-files.js";
import { type PackedFile, packFiles } from "./tar-entry.js";
import type { Tree } from "./tree.js";
import { childPath } from "./tree-path.js";

/** A path of a container as requests for archives write it. */
export interface ArchivePath {
  /** The path to look up: cleaned as text, with a slash at the end if it should lead to a directory. */
  readonly lookup: string;
  /** The name of its entry in an archive: its last part, `.` for the content of a directory, or `/`. */
  readonly base: string;
}

/** Cleans a path of a request. `..` is resolved before links are, as in Docker, and relative paths start at the root. */
export function archivePath(path: string): ArchivePath {
  const clean = posix.normalize(`/${path}`).replace(/(?<=.)\/$/, "");
  const inside = /(^|\/)\.$/.test(path);
  const directory = (inside || path.endsWith("/")) && clean !== "/";
  return { lookup: directory ? `${clean}/` : clean, base: inside ? "." : posix.basename(clean) || "/" };
}

/** Returns what a search found; undefined if a directory on the way was removed since it was listed. */
async function unlessGone<T>(search: Promise<T>): Promise<T | undefined> {
  try {
    return await search;
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Finds a file and, if it is a directory, all that is in it, sorted by name. */
async function* walk(files: FileSystem, path: string, name: string): AsyncGenerator<readonly PackedFile[], void, undefined> {
  const place = await unlessGone(files.locate(path));
  const status = await place?.tree.status(place.path);
  if (!place || !status) return;
  yield [{ ...place, status, name }];
  if (status.kind === "directory") yield* walkDirectory(files, place.absolute, name === "/" ? "/" : `${name}/`);
}

async function* walkDirectory(
  files: FileSystem,
  path: string,
  prefix: string,
): AsyncGenerator<readonly PackedFile[], void, undefined> {
  for (const name of (await unlessGone(files.list(path))) ?? []) yield* walk(files, childPath(path, name), prefix + name);
}

/**
 * Packs a file or directory of a container, as `GET /containers/{id}/archive` does. The first entry has the name of the last part of the
 * path; `.` as the last part packs the content of a directory. A link is packed as a link, unless the path ends with a slash or `/.`.
 *
 * @param files - the files of the container.
 * @param path - the path as the request has it.
 * @returns the uncompressed tar archive.
 * @throws {@link FileError} when the path leads to no file.
 */
export async function packPath(files: FileSystem, path: string): Promise<Readable> {
  const { lookup, base } = archivePath(path);
  await files.lstat(lookup);
  const { absolute } = await files.locate(lookup);
  return packFiles(() => walk(files, absolute, base));
}

/**
 * Packs all files of a tree, as `GET /containers/{id}/export` does. What is mounted in a container is not part of its tree.
 *
 * @returns the uncompressed tar archive.
 */
export function exportTree(tree: Tree): Readable {
  return packFiles(() => walkDirectory(MountedFiles.of(tree), "/", ""));
}
