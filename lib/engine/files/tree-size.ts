import { changes } from "./layer-diff.js";
import { LayeredTree } from "./layered-tree.js";
import type { Tree } from "./tree.js";
import { childPath } from "./tree-path.js";

/** Returns the bytes of all regular files of a tree. A file with several hard links counts once. */
export async function treeSize(tree: Tree): Promise<number> {
  const seen = new Set<number>();
  const sizeBelow = async (path: string): Promise<number> => {
    const status = await tree.status(path);
    if (status?.kind === "file" && !seen.has(status.inode)) {
      seen.add(status.inode);
      return status.size;
    }
    if (status?.kind !== "directory") return 0;
    let size = 0;
    for (const name of await tree.list(path)) size += await sizeBelow(childPath(path, name));
    return size;
  };
  return sizeBelow("/");
}

/** Returns the bytes of the regular files that were written over the layers of a tree; of all files of a tree without layers. */
export async function diffSize(tree: Tree): Promise<number> {
  if (!(tree instanceof LayeredTree)) return treeSize(tree);
  let size = 0;
  for (const { Path } of changes(tree)) {
    const status = await tree.status(Path);
    if (status?.kind === "file") size += status.size;
  }
  return size;
}
