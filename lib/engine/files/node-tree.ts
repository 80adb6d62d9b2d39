import { FileError } from "./file-error.js";
import { copyNode, type DirectoryNode, type LeafNode, type Node } from "./node.js";
import type { FileChanges } from "./tree.js";
import { checkLength, isWithin, lastPart, parentPath, partsOf, PATH_MAX } from "./tree-path.js";

/** The maximum number of directories in each other, which renaming could otherwise pile up beyond the longest path. */
const MAX_DEPTH = PATH_MAX / 2;

/**
 * A hierarchy of nodes over one that never changes. A node of the lower hierarchy is copied when it is changed; the parents of the
 * copy still hold the original, for which {@link NodeTree.current} returns the copy. All operations are synchronous, so that each
 * happens as a whole.
 */
export class NodeTree {
  /** The root of the lower hierarchy. */
  readonly base: DirectoryNode;
  readonly #copies = new Map<Node, Node>();
  readonly #now: () => bigint;
  readonly #unlinked: (node: LeafNode) => void;

  /**
   * @param base - the root of the hierarchy that never changes.
   * @param now - returns the time of a change in nanoseconds since 1970.
   * @param unlinked - called with each file that has lost its last name.
   */
  constructor(base: DirectoryNode, now: () => bigint, unlinked: (node: LeafNode) => void = () => undefined) {
    this.base = base;
    this.#now = now;
    this.#unlinked = unlinked;
  }

  /** The root. */
  get root(): DirectoryNode {
    return this.current(this.base);
  }

  /** Returns the current state of a node that a directory of this tree holds. */
  current<T extends Node>(node: T): T {
    // a copy has the type of its original
    return node.owner === this ? node : ((this.#copies.get(node) as T | undefined) ?? node);
  }

  /** Returns the node in a form that this tree may change. */
  own<T extends Node>(node: T): T {
    const current = this.current(node);
    if (current.owner === this) return current;
    const copy = copyNode(current, this);
    this.#copies.set(node, copy);
    return copy;
  }

  /** Returns a file in a directory. */
  child(directory: DirectoryNode, name: string): Node | undefined {
    const node = directory.entries.get(name);
    return node && this.current(node);
  }

  /** Returns the file at a path, or undefined if there is none. */
  find(path: string): Node | undefined {
    let node: Node | undefined = this.root;
    for (const part of partsOf(path)) {
      if (node?.kind !== "directory") return undefined;
      node = this.child(node, part);
    }
    return node;
  }

  /** Returns the file at a path. Throws `ENOENT` or `ENOTDIR` if there is none. */
  get(path: string): Node {
    const node = this.find(path);
    if (!node) throw this.#missing(path);
    return node;
  }

  /** Returns the directory at a path. */
  directory(path: string): DirectoryNode {
    const node = this.get(path);
    if (node.kind !== "directory") throw new FileError("ENOTDIR", path);
    return node;
  }

  /** Returns the regular file at a path. */
  file(path: string): LeafNode {
    const node = this.get(path);
    if (node.kind === "directory") throw new FileError("EISDIR", path);
    if (node.kind !== "file") throw new FileError("EINVAL", path);
    return node;
  }

  /** Checks that a file can be created at a path, where no file or one other than a directory is. */
  checkPlace(path: string, replace: boolean): void {
    checkLength(path);
    if (path === "/") throw new FileError(replace ? "EISDIR" : "EEXIST", path);
    const existing = this.child(this.#parent(path), lastPart(path));
    if (existing && !replace) throw new FileError("EEXIST", path);
    if (existing?.kind === "directory") throw new FileError("EISDIR", path);
  }

  /** Puts a node at a path, in place of the file that is there. */
  attach(path: string, node: Node): void {
    const parent = this.own(this.#parent(path));
    const name = lastPart(path);
    this.#release(this.child(parent, name));
    parent.entries.set(name, node);
    if (node.kind !== "directory") node.links++;
    parent.mtime = this.#now();
  }

  /** Removes a file, or an empty directory. */
  remove(path: string): void {
    const node = this.get(path);
    if (path === "/") throw new FileError("EBUSY", path);
    if (node.kind === "directory" && node.entries.size > 0) throw new FileError("ENOTEMPTY", path);
    this.#detach(path);
    this.#release(node);
  }

  /** Removes a file, or a directory with all that is in it. */
  removeAll(path: string): void {
    const node = this.find(path);
    if (!node || path === "/") return;
    this.#detach(path);
    for (const pending = [node]; ;) {
      const next = pending.pop();
      if (!next) return;
      this.#release(next);
      if (next.kind === "directory") for (const entry of next.entries.values()) pending.push(this.current(entry));
    }
  }

  /** Creates a further hard link to a file. */
  link(path: string, existing: string): void {
    const node = this.get(existing);
    if (node.kind === "directory") throw new FileError("EPERM", existing);
    this.checkPlace(path, false);
    this.attach(path, this.own(node));
  }

  /** Changes attributes of a file. The mode of a symbolic link never changes, as on Linux. */
  change(path: string, changes: FileChanges): void {
    const node = this.own(this.get(path));
    if (changes.mode !== undefined && node.kind !== "symlink") node.mode = changes.mode & 0o7777;
    node.uid = changes.uid ?? node.uid;
    node.gid = changes.gid ?? node.gid;
    node.mtime = changes.mtime ?? node.mtime;
    if (changes.attributes) node.attributes = Object.keys(changes.attributes).length > 0 ? changes.attributes : undefined;
  }

  /** Renames a file or directory, as `rename(2)` does. */
  rename(from: string, to: string): void {
    checkLength(to);
    if (from === "/" || to === "/") throw new FileError("EBUSY", from === "/" ? from : to);
    this.#parent(from);
    const target = this.#parent(to); // a missing directory counts before a missing file
    const node = this.get(from);
    const existing = this.child(target, lastPart(to));
    if (existing === node) return;
    if (node.kind === "directory") {
      if (isWithin(to, from)) throw new FileError("EINVAL", to);
      if (this.#height(node) + partsOf(to).length > MAX_DEPTH) throw new FileError("ENAMETOOLONG", to);
      if (existing && existing.kind !== "directory") throw new FileError("ENOTDIR", to);
    }
    if (existing?.kind === "directory") {
      if (isWithin(from, to)) throw new FileError("ENOTEMPTY", to);
      if (node.kind !== "directory") throw new FileError("EISDIR", to);
      if (existing.entries.size > 0) throw new FileError("ENOTEMPTY", to);
    }
    this.#detach(from);
    this.#release(existing);
    const parent = this.own(this.#parent(to));
    parent.entries.set(lastPart(to), node);
    parent.mtime = this.#now();
  }

  /**
   * Returns the root of a hierarchy with all changes, which shares unchanged directories with the lower one. The tree must not be
   * used afterwards.
   */
  freeze(directory: DirectoryNode = this.root): DirectoryNode {
    let frozen = directory;
    for (const [name, entry] of directory.entries) {
      const current = this.current(entry);
      const final = current.kind === "directory" ? this.freeze(current) : current;
      if (final === entry) continue;
      if (frozen.owner !== this) frozen = copyNode(frozen, this);
      frozen.entries.set(name, final);
    }
    return frozen;
  }

  /** Returns the number of directories in each other, this one included. */
  #height(directory: DirectoryNode): number {
    let height = 0;
    for (let level = [directory]; level.length > 0; height++) {
      level = level.flatMap(({ entries }) =>
        [...entries.values()].flatMap((entry) => {
          const node = this.current(entry);
          return node.kind === "directory" ? [node] : [];
        }),
      );
    }
    return height;
  }

  #parent(path: string): DirectoryNode {
    const parent = parentPath(path);
    const node = this.find(parent);
    if (!node) throw this.#missing(parent, path);
    if (node.kind !== "directory") throw new FileError("ENOTDIR", path);
    return node;
  }

  #detach(path: string): void {
    const parent = this.own(this.#parent(path));
    parent.entries.delete(lastPart(path));
    parent.mtime = this.#now();
  }

  /** Takes a name away from a file. The content of the last one stays for those who have it open. */
  #release(node: Node | undefined): void {
    if (!node || node.kind === "directory") return;
    const own = this.own(node);
    if (--own.links === 0) this.#unlinked(own);
  }

  /** Returns the error for a path without a file: whether a directory is missing or is none. */
  #missing(path: string, named = path): FileError {
    for (let parent = parentPath(path); parent !== "/"; parent = parentPath(parent)) {
      const node = this.find(parent);
      if (node) return new FileError(node.kind === "directory" ? "ENOENT" : "ENOTDIR", named);
    }
    return new FileError("ENOENT", named);
  }
}
