import { type DirectoryNode, directoryNode } from "./node.js";

/** A hierarchy of files that never changes: the layers of an image up to one of them. Snapshots share what they have in common. */
export class Snapshot {
  /** The snapshot without files. */
  static readonly empty = new Snapshot(directoryNode({}, { mode: 0o755, mtime: 0n }));

  /** Its root directory. */
  readonly root: DirectoryNode;

  /** @param root - the root directory. Nothing may change it any more. */
  constructor(root: DirectoryNode) {
    this.root = root;
  }
}
