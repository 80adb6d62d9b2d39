import type { Readable } from "node:stream";
import { changes, diffLayer, type FileChange } from "./layer-diff.js";
import { LayeredTree } from "./layered-tree.js";
import type { RootTree } from "./root-tree.js";
import { type TreeSizes, treeSizes } from "./sizes.js";

/** The files of a container, of which those that it wrote are in memory. */
export class LayeredRoot extends LayeredTree implements RootTree {
  changes(): Promise<FileChange[]> {
    return Promise.resolve(changes(this));
  }

  diff(): Readable {
    return diffLayer(this);
  }

  sizes(): Promise<TreeSizes> {
    return Promise.resolve(treeSizes(this));
  }
}
