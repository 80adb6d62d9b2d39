import type { Readable } from "node:stream";
import type { FileChange } from "./layer-diff.js";
import type { TreeSizes } from "./sizes.js";
import type { Tree } from "./tree.js";

/** The files of a container: those of its image and what it wrote over them. */
export interface RootTree extends Tree {
  /** Lists what differs from the image, as Docker does. */
  changes(): Promise<FileChange[]>;
  /** Packs what differs from the image as a layer. */
  diff(): Readable;
  /** Measures the files. */
  sizes(): Promise<TreeSizes>;
}
