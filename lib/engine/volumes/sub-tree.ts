import type { Readable } from "node:stream";
import type { FileChanges, FileStatus, NewFile, OpenFile, Tree } from "../files/tree.js";

/** A file or directory of a tree as a tree of its own: the subpath of a volume. */
export class SubTree implements Tree {
  readonly #tree: Tree;
  readonly #base: string;

  /**
   * @param tree - the whole tree.
   * @param base - the canonical path in it that becomes the root.
   */
  constructor(tree: Tree, base: string) {
    this.#tree = tree;
    this.#base = base === "/" ? "" : base;
  }

  status(path: string): Promise<FileStatus | undefined> {
    return this.#tree.status(this.#at(path));
  }

  list(path: string): Promise<string[]> {
    return this.#tree.list(this.#at(path));
  }

  open(path: string): Promise<OpenFile> {
    return this.#tree.open(this.#at(path));
  }

  read(path: string, from?: number, to?: number): Readable {
    return this.#tree.read(this.#at(path), from, to);
  }

  create(path: string, file: NewFile, content?: Uint8Array | Readable): Promise<void> {
    return this.#tree.create(this.#at(path), file, content);
  }

  makeDirectory(path: string, file: NewFile): Promise<void> {
    return this.#tree.makeDirectory(this.#at(path), file);
  }

  makeLink(path: string, target: string, file?: Omit<NewFile, "mode">): Promise<void> {
    return this.#tree.makeLink(this.#at(path), target, file);
  }

  link(path: string, existing: string): Promise<void> {
    return this.#tree.link(this.#at(path), this.#at(existing));
  }

  makeNode(path: string, kind: "fifo" | "character" | "block", file: NewFile, device?: readonly [number, number]): Promise<void> {
    return this.#tree.makeNode(this.#at(path), kind, file, device);
  }

  change(path: string, changes: FileChanges): Promise<void> {
    return this.#tree.change(this.#at(path), changes);
  }

  remove(path: string): Promise<void> {
    return this.#tree.remove(this.#at(path));
  }

  rename(from: string, to: string): Promise<void> {
    return this.#tree.rename(this.#at(from), this.#at(to));
  }

  #at(path: string): string {
    return path === "/" ? this.#base || "/" : `${this.#base}${path}`;
  }
}
