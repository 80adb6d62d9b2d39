import { FileError } from "./file-error.js";
import type { FileSystem, Location } from "./file-system.js";
import type { FileStatus, NewFile, Tree } from "./tree.js";
import { childPath } from "./tree-path.js";

/** A directory that is being copied into a tree. */
class Copying {
  readonly #files: FileSystem;
  readonly #target: Tree;
  /** Where files with several names were copied to, by their inode. */
  readonly #copied = new Map<number, string>();

  constructor(files: FileSystem, target: Tree) {
    this.#files = files;
    this.#target = target;
  }

  /** Copies what is in a directory, and then the attributes of the directory, whose time changes until then. */
  async directory(from: Location, to: string, status: FileStatus): Promise<void> {
    for (const name of await this.#files.list(from.absolute)) {
      const source = await this.#files.locate(childPath(from.absolute, name));
      // what is mounted below is not part of the directory
      const entry = source.tree === from.tree ? await source.tree.status(source.path) : undefined;
      if (entry) await this.#file(source, childPath(to, name), entry);
    }
    await this.#target.change(to, attributesOf(status));
  }

  async #file(source: Location, to: string, status: FileStatus): Promise<void> {
    const file = attributesOf(status);
    const { kind, inode, links, target = "", device } = status;
    const linked = kind === "directory" ? undefined : this.#copied.get(inode);
    if (linked !== undefined) return this.#target.link(to, linked);
    if (links > 1 && kind !== "directory") this.#copied.set(inode, to);
    switch (kind) {
      case "directory":
        await this.#target.makeDirectory(to, file);
        return this.directory(source, to, status);
      case "file":
        return this.#target.create(to, file, source.tree.read(source.path));
      case "symlink":
        return this.#target.makeLink(to, target, file);
      case "socket":
        return; // it belongs to a process
      default:
        return this.#target.makeNode(to, kind, file, device);
    }
  }
}

const attributesOf = ({ mode, uid, gid, mtime, attributes }: FileStatus): NewFile => ({
  mode,
  uid,
  gid,
  mtime,
  ...(attributes && { attributes }),
});

/**
 * Fills a new volume with what the image has at its mount point, as Docker does: files of all kinds with their attributes, and the
 * attributes of the directory itself. A volume that is not empty, or has a file as its root, stays as it is.
 *
 * @param files - the files of the container, before the volume is mounted.
 * @param path - the mount point. Links in it are followed.
 * @param volume - the files of the volume.
 * @returns whether anything was copied: false without a directory at the mount point, too.
 * @throws {@link FileError} when a file cannot be read or created.
 */
export async function copyUp(files: FileSystem, path: string, volume: Tree): Promise<boolean> {
  const source = await directoryAt(files, path);
  if (!source || (await volume.status("/"))?.kind !== "directory" || (await volume.list("/")).length > 0) return false;
  await new Copying(files, volume).directory(source.place, "/", source.status);
  return true;
}

async function directoryAt(files: FileSystem, path: string): Promise<{ place: Location; status: FileStatus } | undefined> {
  try {
    const place = await files.locate(path, true);
    const status = await place.tree.status(place.path);
    return status?.kind === "directory" ? { place, status } : undefined;
  } catch (error) {
    if (error instanceof FileError && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
    throw error;
  }
}
