import { Readable } from "node:stream";
import { isBytes } from "../../wire/realm.js";
import { SystemClock } from "../clock.js";
import { FileContent, MemoryBudget, NoRoomError } from "./file-content.js";
import { FileError } from "./file-error.js";
import { directoryNode, type LeafNode, leafNode, nodeStatus } from "./node.js";
import { NodeTree } from "./node-tree.js";
import { Snapshot } from "./snapshot.js";
import type { FileChanges, FileStatus, NewFile, OpenFile, Tree } from "./tree.js";

/** Settings of a {@link LayeredTree}. */
export interface LayeredTreeOptions {
  /** The files that the tree starts with, if something was written over the layers before. */
  readonly written?: Snapshot;
  /** Returns the time of a change in nanoseconds since 1970. The default is the time of the system. */
  readonly now?: () => bigint;
  /** The maximum number of bytes that written files may take in memory. Beyond it, writes fail with `ENOSPC`. No limit by default. */
  readonly maxBytes?: number;
}

const systemClock = new SystemClock();

/** A regular file that is open. It follows the file through removal and renaming. */
class OpenNode implements OpenFile {
  readonly #tree: LayeredTree;
  readonly #node: LeafNode;
  readonly #path: string;

  constructor(tree: LayeredTree, node: LeafNode, path: string) {
    this.#tree = tree;
    this.#node = node;
    this.#path = path;
  }

  read(position: number, length: number): Promise<Buffer> {
    return this.#tree.contentOf(this.#node).read(position, length);
  }

  async write(data: Uint8Array, position?: number): Promise<void> {
    await this.#tree.writeTo(this.#node, this.#path, data, position);
  }

  async truncate(length: number): Promise<void> {
    this.#tree.cut(this.#node, length);
    return Promise.resolve();
  }

  status(): Promise<FileStatus> {
    return Promise.resolve(this.#tree.statusOf(this.#node));
  }

  close(): Promise<void> {
    this.#tree.closed(this.#node);
    return Promise.resolve();
  }
}

/**
 * The files of a container: the layers of its image, which never change, and what was written over them, in memory. Any number of
 * trees share a snapshot. Reading the layers' content takes no memory.
 */
export class LayeredTree implements Tree {
  /** The layers below. */
  readonly base: Snapshot;
  /** The files as nodes. */
  readonly nodes: NodeTree;
  readonly #now: () => bigint;
  readonly #budget: MemoryBudget;
  /** How often each file is open, by its inode. */
  readonly #opened = new Map<number, number>();

  /**
   * @param base - the layers below. Without them, the tree starts empty.
   * @param options - clock and limit.
   */
  constructor(base: Snapshot = Snapshot.empty, options: LayeredTreeOptions = {}) {
    this.base = base;
    this.#now = options.now ?? (() => systemClock.now());
    this.#budget = new MemoryBudget(options.maxBytes);
    this.nodes = new NodeTree((options.written ?? base).root, this.#now, (node) => this.#unlinked(node));
  }

  /** The number of bytes that written files take in memory. */
  get bytes(): number {
    return this.#budget.used;
  }

  async status(path: string): Promise<FileStatus | undefined> {
    const node = this.nodes.find(path);
    return Promise.resolve(node && nodeStatus(node));
  }

  async list(path: string): Promise<string[]> {
    return Promise.resolve([...this.nodes.directory(path).entries.keys()]);
  }

  async open(path: string): Promise<OpenFile> {
    return Promise.resolve(new OpenNode(this, this.#hold(path), path));
  }

  read(path: string, from?: number, to?: number): Readable {
    const hold = (): LeafNode => this.#hold(path);
    const content = (node: LeafNode): FileContent => this.contentOf(node);
    const closed = (node: LeafNode): void => this.closed(node);
    async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
      const node = hold();
      try {
        yield* content(node).chunks(from, to);
      } finally {
        closed(node);
      }
    }
    return Readable.from(chunks(), { objectMode: false });
  }

  async create(path: string, file: NewFile, content?: Uint8Array | Readable): Promise<void> {
    this.nodes.checkPlace(path, true);
    const written = new FileContent(undefined, this.#budget);
    try {
      if (isBytes(content)) await written.write(content, 0);
      else if (content) for await (const chunk of content as AsyncIterable<Uint8Array>) await written.append(chunk);
      this.nodes.checkPlace(path, true);
      this.nodes.attach(path, leafNode(this.nodes, this.#dated(file), "file", { content: written }));
    } catch (error) {
      written.free();
      throw error instanceof NoRoomError ? new FileError("ENOSPC", path) : error;
    }
  }

  async makeDirectory(path: string, file: NewFile): Promise<void> {
    if (this.nodes.find(path)) throw new FileError("EEXIST", path);
    this.nodes.checkPlace(path, false);
    this.nodes.attach(path, directoryNode(this.nodes, this.#dated(file)));
    return Promise.resolve();
  }

  async makeLink(path: string, target: string, file: Omit<NewFile, "mode"> = {}): Promise<void> {
    this.nodes.checkPlace(path, false);
    this.nodes.attach(path, leafNode(this.nodes, this.#dated({ ...file, mode: 0o777 }), "symlink", { target }));
    return Promise.resolve();
  }

  async link(path: string, existing: string): Promise<void> {
    this.nodes.link(path, existing);
    return Promise.resolve();
  }

  async makeNode(
    path: string,
    kind: "fifo" | "character" | "block",
    file: NewFile,
    device?: readonly [number, number],
  ): Promise<void> {
    this.nodes.checkPlace(path, false);
    const numbers = kind === "fifo" ? undefined : (device ?? [0, 0]);
    this.nodes.attach(path, leafNode(this.nodes, this.#dated(file), kind, { device: numbers }));
    return Promise.resolve();
  }

  async change(path: string, changes: FileChanges): Promise<void> {
    this.nodes.change(path, changes);
    return Promise.resolve();
  }

  async remove(path: string): Promise<void> {
    this.nodes.remove(path);
    return Promise.resolve();
  }

  async rename(from: string, to: string): Promise<void> {
    this.nodes.rename(from, to);
    return Promise.resolve();
  }

  /** Returns the content of a regular file. */
  contentOf(node: LeafNode): FileContent {
    return this.nodes.current(node).content ?? new FileContent();
  }

  /** Returns the status of an open file. */
  statusOf(node: LeafNode): FileStatus {
    return nodeStatus(this.nodes.current(node));
  }

  /** Writes to an open file; at its end if `position` is undefined. */
  async writeTo(node: LeafNode, path: string, data: Uint8Array, position?: number): Promise<void> {
    const own = this.#writable(node);
    own.mtime = this.#now();
    try {
      await (position === undefined ? own.content?.append(data) : own.content?.write(data, position));
    } catch (error) {
      throw error instanceof NoRoomError ? new FileError("ENOSPC", path) : error;
    }
  }

  /** Cuts an open file off, or extends it with zeros. */
  cut(node: LeafNode, length: number): void {
    const own = this.#writable(node);
    own.mtime = this.#now();
    own.content?.truncate(length);
  }

  /** Notes that an open file was closed. */
  closed(node: LeafNode): void {
    const rest = (this.#opened.get(node.inode) ?? 0) - 1;
    if (rest > 0) this.#opened.set(node.inode, rest);
    else this.#opened.delete(node.inode);
    if (rest === 0) this.#unlinked(this.nodes.current(node));
  }

  /** Finds a regular file, whose content stays until {@link LayeredTree.closed} is called. */
  #hold(path: string): LeafNode {
    const node = this.nodes.file(path);
    this.#opened.set(node.inode, (this.#opened.get(node.inode) ?? 0) + 1);
    return node;
  }

  /** Returns the node with a content that this tree may change. */
  #writable(node: LeafNode): LeafNode {
    const own = this.nodes.own(node);
    if (own.content?.budget !== this.#budget) own.content = own.content?.copy(this.#budget);
    return own;
  }

  #dated<T extends Partial<NewFile>>(file: T): T & { mtime: bigint } {
    return { ...file, mtime: file.mtime ?? this.#now() };
  }

  /** Frees the content of a file that has no name and is not open. */
  #unlinked(node: LeafNode): void {
    const { content } = node;
    if (node.links === 0 && content?.budget === this.#budget && !this.#opened.has(node.inode)) content.free();
  }
}
