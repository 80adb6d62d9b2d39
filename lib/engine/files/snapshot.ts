import type { DirectoryNode } from "./node.js";
import { emptyRoot } from "./node-tree.js";

/** A hierarchy of files that never changes: the layers of an image up to one of them. Snapshots share what they have in common. */
export class Snapshot {
  /** The snapshot without files. */
  static readonly empty = new Snapshot(emptyRoot());
  /** Its root directory. */
  readonly root: DirectoryNode;

  constructor(root: DirectoryNode) {
    this.root = root;
  }
}
