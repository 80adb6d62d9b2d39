import type { FileStatus, NewFile, Tree } from "../files/tree.js";
import { childPath } from "../files/tree-path.js";

/** Returns the attributes of a copy of a file. */
function attributesOf({ mode, uid, gid, mtime, attributes }: FileStatus): NewFile {
  return { mode, uid, gid, mtime, ...(attributes ? { attributes } : {}) };
}

/**
 * Copies the content of a directory into the root of another tree, with owners, permission bits, times and hard links. The root gets
 * the attributes of the directory.
 *
 * @param from - the tree that is read.
 * @param path - the directory in it.
 * @param to - the tree that is written. It must be empty.
 */
export async function copyTree(from: Tree, path: string, to: Tree): Promise<void> {
  const copies = new Map<number, string>();
  const copy = async (source: string, target: string): Promise<void> => {
    const status = await from.status(source);
    if (!status) return;
    const first = copies.get(status.inode);
    if (first !== undefined && status.kind !== "directory") {
      await to.link(target, first);
      return;
    }
    if (status.links > 1) copies.set(status.inode, target);
    const file = attributesOf(status);
    if (status.kind === "file") await to.create(target, file, from.read(source));
    else if (status.kind === "symlink") await to.makeLink(target, status.target ?? "", file);
    else if (status.kind === "directory") {
      if (target !== "/") await to.makeDirectory(target, file);
      for (const name of await from.list(source)) await copy(childPath(source, name), childPath(target, name));
      await to.change(target, file); // after the files in it, which changed its time
    } else if (status.kind !== "socket") await to.makeNode(target, status.kind, file, status.device);
  };
  await copy(path, "/");
}

/** Returns the number of bytes of the files in a tree. Hard links count once, directories not at all. */
export async function treeSize(tree: Tree): Promise<number> {
  const seen = new Set<number>();
  let size = 0;
  const visit = async (path: string): Promise<void> => {
    const status = await tree.status(path);
    if (status?.kind === "directory") {
      for (const name of await tree.list(path)) await visit(childPath(path, name));
    } else if (status && !seen.has(status.inode)) {
      seen.add(status.inode);
      size += status.size;
    }
  };
  await visit("/");
  return size;
}
