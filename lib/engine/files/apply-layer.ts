import { type DetailedEntry, readDetails } from "../../archive/read-details.js";
import { quoted } from "../../errors/quote.js";
import { ArchiveError } from "../../errors/usage-errors.js";
import type { ContentSource } from "./content-source.js";
import { FileContent } from "./file-content.js";
import { type DirectoryNode, directoryNode, type LeafNode, leafNode, type Node } from "./node.js";
import { NodeTree } from "./node-tree.js";
import { Snapshot } from "./snapshot.js";
import type { NewFile } from "./tree.js";
import { childPath, insideParts, looseParts, parentPath, PATH_MAX } from "./tree-path.js";

/** The prefix of an entry that removes a file of the layers below. */
export const WHITEOUT = ".wh.";

/** The name of an entry that removes all files of the layers below from its directory. */
const OPAQUE = ".wh..wh..opq";

/** The prefix of further names that older engines used for themselves. */
const RESERVED = ".wh..wh.";

/** The maximum number of symbolic links in a path. */
const MAX_LINKS = 40;

const kinds: Partial<Record<NonNullable<DetailedEntry["type"]>, LeafNode["kind"]>> = {
  file: "file",
  symlink: "symlink",
  fifo: "fifo",
  "character-device": "character",
  "block-device": "block",
};

/** A layer that is being applied. */
class Application {
  readonly #tree: NodeTree;
  readonly #source: ContentSource;
  /** The nodes that this layer brought, which an opaque directory keeps. */
  readonly #brought = new Set<Node>();

  constructor(base: Snapshot, source: ContentSource) {
    this.#tree = new NodeTree(base.root, () => 0n);
    this.#source = source;
  }

  async run(): Promise<Snapshot> {
    for await (const entry of readDetails(this.#source.read())) {
      const parts = partsInside(entry);
      if (parts.length === 0) {
        if (entry.type === "directory") this.#tree.change("/", attributesOf(entry));
        continue;
      }
      const directory = this.#directoryOf(entry, parts.slice(0, -1));
      const name = parts.at(-1) ?? "";
      if (name.startsWith(WHITEOUT)) this.#whiteOut(entry, directory, name);
      else this.#put(entry, childPath(directory, name));
    }
    return new Snapshot(this.#tree.freeze());
  }

  #whiteOut(entry: DetailedEntry, directory: string, name: string): void {
    if (name === OPAQUE) this.#empty(directory);
    else if (!name.startsWith(RESERVED)) {
      const hidden = name.slice(WHITEOUT.length);
      if (["", ".", ".."].includes(hidden)) throw new ArchiveError(`the layer has an invalid whiteout ${quoted(entry.name)}`);
      this.#remove(childPath(directory, hidden));
    }
  }

  /** Removes the files of the layers below from a directory. */
  #empty(path: string): void {
    const directory = this.#tree.directory(path);
    for (const [name, entry] of [...directory.entries]) {
      const node = this.#tree.current(entry);
      if (!this.#brought.has(node)) this.#remove(childPath(path, name));
      else if (node.kind === "directory") this.#empty(childPath(path, name));
    }
  }

  #put(entry: DetailedEntry, path: string): void {
    const existing = this.#tree.find(path);
    const file = attributesOf(entry);
    if (entry.type === "directory") {
      if (existing?.kind === "directory") {
        this.#tree.change(path, { ...file, attributes: file.attributes ?? {} });
        this.#brought.add(this.#tree.get(path));
        return;
      }
      this.#attach(path, directoryNode(this.#tree, file));
    } else if (entry.type === "link") this.#link(entry, path);
    else {
      const kind = entry.type && kinds[entry.type];
      if (!kind) throw new ArchiveError(`the layer's entry ${quoted(entry.name)} has an unknown type`);
      const range = { source: this.#source, from: entry.position, size: entry.size };
      const content = kind === "file" ? new FileContent(range) : undefined;
      const target = kind === "symlink" ? (entry.linkname ?? "") : undefined;
      if (kind === "symlink") file.mode = 0o777;
      this.#attach(path, leafNode(this.#tree, file, kind, { content, target, device: entry.device }));
    }
  }

  #link(entry: DetailedEntry, path: string): void {
    const parts = partsInside(entry, entry.linkname ?? "");
    const target = this.#tree.find(childPath(this.#directoryOf(entry, parts.slice(0, -1)), parts.at(-1) ?? ""));
    if (!target || target.kind === "directory")
      throw new ArchiveError(
        `the layer's entry ${quoted(entry.name)} is a hard link to ${quoted(entry.linkname ?? "")}, which is not a file`,
      );
    if (this.#tree.find(path) === target) return;
    this.#attach(path, this.#tree.own(target));
  }

  /** Puts a node at a path; what was there is removed first. */
  #attach(path: string, node: Node): void {
    this.#keepTime(path, () => {
      this.#tree.removeAll(path);
      this.#tree.attach(path, node);
    });
    this.#brought.add(node);
  }

  #remove(path: string): void {
    this.#keepTime(path, () => this.#tree.removeAll(path));
  }

  /** Keeps the time of the directory in which something changes: the times of directories come from the layer alone. */
  #keepTime(path: string, change: () => void): void {
    const { mtime } = this.#tree.directory(parentPath(path));
    change();
    if (this.#tree.directory(parentPath(path)).mtime !== mtime) this.#tree.change(parentPath(path), { mtime });
  }

  /** Finds the directory of an entry, following links within the root, and creates what is missing. */
  #directoryOf(entry: DetailedEntry, parts: readonly string[]): string {
    let path = "/";
    let links = 0;
    const rest = [...parts].reverse();
    for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
      if (part === "..") {
        path = parentPath(path);
        continue;
      }
      const next = childPath(path, part);
      if (next.length > PATH_MAX) throw new ArchiveError(`the layer's entry ${quoted(entry.name)} has a path that is too long`);
      const node = this.#tree.find(next);
      if (node?.kind !== "symlink" && node?.kind !== "directory") {
        if (part.startsWith(WHITEOUT)) throw new ArchiveError(`the layer's entry ${quoted(entry.name)} is below a whiteout`);
        this.#attach(next, this.#implied(entry));
      }
      if (node?.kind !== "symlink") path = next;
      else {
        const target = node.target ?? "";
        if (++links > MAX_LINKS) throw new ArchiveError(`the layer's entry ${quoted(entry.name)} leads through too many links`);
        if (target.startsWith("/")) path = "/";
        rest.push(...looseParts(target).reverse());
      }
    }
    return path;
  }

  #implied(entry: DetailedEntry): DirectoryNode {
    return directoryNode(this.#tree, { mode: 0o755, mtime: entry.mtimeNanoseconds });
  }
}

/** Splits the name of an entry. Throws if it leads outside the layer. */
function partsInside(entry: DetailedEntry, name = entry.name): string[] {
  const parts = insideParts(name);
  if (!parts) throw new ArchiveError(`the layer's entry ${quoted(entry.name)} leads outside the layer`);
  if (name.includes("\0") || Buffer.byteLength(name) > PATH_MAX || parts.some((part) => Buffer.byteLength(part) > 255))
    throw new ArchiveError(`the layer's entry ${quoted(entry.name)} has an invalid name`);
  return parts;
}

function attributesOf(entry: DetailedEntry): NewFile & { mtime: bigint } {
  const { mode, uid, gid, mtimeNanoseconds: mtime, attributes } = entry;
  return { mode, uid, gid, mtime, ...(attributes && { attributes }) };
}

/**
 * Applies a layer to the layers below it.
 *
 * Names and links never leave the root: a name that leads outside is an error, and symbolic links among the directories of a name are
 * followed within the root. Whiteouts remove files of the layers below.
 *
 * @param base - the layers below; {@link Snapshot.empty} for the first one.
 * @param layer - the uncompressed tar archive. It is read once now; the content of its files is read again when it is needed.
 * @returns a new snapshot.
 * @throws {@link ArchiveError} when the layer is not a valid archive, or its entries do not fit together.
 */
export function applyLayer(base: Snapshot, layer: ContentSource): Promise<Snapshot> {
  return new Application(base, layer).run();
}
