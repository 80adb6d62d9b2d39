import { changes } from "./layer-diff.js";
import type { LayeredTree } from "./layered-tree.js";
import type { DirectoryNode, Node } from "./node.js";

/** The sizes of a container's files in bytes. Each file counts once, whatever the number of its hard links. */
export interface TreeSizes {
  /** The files that were added or modified: `SizeRw`. */
  readonly written: number;
  /** All files: `SizeRootFs`. */
  readonly total: number;
}

/** Returns the sizes of the files of a tree. Directories, links and devices count as nothing. */
export function treeSizes(tree: LayeredTree): TreeSizes {
  const { nodes } = tree;
  const all = new Set<Node>();
  const collect = (directory: DirectoryNode): void => {
    for (const entry of directory.entries.values()) {
      const node = nodes.current(entry);
      if (node.kind === "directory") collect(node);
      else all.add(node);
    }
  };
  collect(nodes.root);
  const changed = changes(tree).flatMap(({ Path, Kind }) => (Kind === 2 ? [] : [nodes.get(Path)]));
  return { written: sum(new Set(changed)), total: sum(all) };
}

function sum(nodes: ReadonlySet<Node>): number {
  let bytes = 0;
  for (const node of nodes) if (node.kind === "file") bytes += node.content?.size ?? 0;
  return bytes;
}
