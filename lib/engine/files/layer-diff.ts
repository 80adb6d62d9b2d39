import type { Readable } from "node:stream";
import { WHITEOUT } from "./apply-layer.js";
import type { LayeredTree } from "./layered-tree.js";
import { type DirectoryNode, type Node, nodeStatus } from "./node.js";
import { type PackedFile, packFiles } from "./tar-entry.js";
import { childPath, compareNames, lastPart, parentPath } from "./tree-path.js";

/** A change of a container's files, as `GET /containers/{id}/changes` answers it. */
export interface FileChange {
  /** Absolute path. */
  readonly Path: string;
  /** 0 for a file that was modified, 1 for one that was added, 2 for one that was removed. */
  readonly Kind: 0 | 1 | 2;
}

function sameAttributes(a: Node["attributes"], b: Node["attributes"]): boolean {
  if (a === b) return true;
  const names = Object.keys(a ?? {});
  if (names.length !== Object.keys(b ?? {}).length) return false;
  return names.every((name) => {
    const value = b?.[name];
    return value !== undefined && Buffer.compare(a?.[name] ?? Buffer.alloc(0), value) === 0;
  });
}

/** Returns whether a file differs from the one in the layers. The time of a directory does not count. */
function differs(before: Node, after: Node): boolean {
  if (before === after) return false;
  const common = before.kind === after.kind && before.mode === after.mode && before.uid === after.uid && before.gid === after.gid;
  if (!common || !sameAttributes(before.attributes, after.attributes)) return true;
  if (before.kind === "directory" || after.kind === "directory") return false;
  const devices = [before.device, after.device].map((device) => device?.join(","));
  const content = before.content === after.content && before.target === after.target;
  return !content || before.mtime !== after.mtime || devices[0] !== devices[1];
}

/** Compares the files of a tree with its layers. */
class Comparison {
  readonly changes: FileChange[] = [];
  readonly #tree: LayeredTree;

  constructor(tree: LayeredTree) {
    this.#tree = tree;
  }

  /** Compares a directory. Without one in the layers, all in it is new. */
  compare(path: string, before: DirectoryNode | undefined, after: DirectoryNode): void {
    const names = [...after.entries.keys()].sort(compareNames);
    for (const name of names) {
      const now = this.#tree.nodes.child(after, name);
      if (now) this.#compareFile(childPath(path, name), before?.entries.get(name), now);
    }
    const removed = [...(before?.entries.keys() ?? [])].filter((name) => !after.entries.has(name));
    for (const name of removed.sort(compareNames)) this.changes.push({ Path: childPath(path, name), Kind: 2 });
  }

  #compareFile(path: string, before: Node | undefined, after: Node): void {
    if (before === after && after.kind !== "directory") return;
    const at = this.changes.length;
    const changed = !before || differs(before, after);
    if (changed) this.changes.push({ Path: path, Kind: before ? 0 : 1 });
    if (after.kind !== "directory") return;
    this.compare(path, before?.kind === "directory" ? before : undefined, after);
    // a directory in which something changed counts as modified
    if (!changed && this.changes.length > at) this.changes.splice(at, 0, { Path: path, Kind: 0 });
  }
}

/**
 * Lists what a container changed in the files of its image, as Docker does: directories with changes in them count as modified, and a
 * removed directory is listed without what was in it. Each directory comes before its files, which are sorted by name, removed ones
 * last.
 */
export function changes(tree: LayeredTree): FileChange[] {
  const comparison = new Comparison(tree);
  comparison.compare("/", tree.base.root, tree.nodes.root);
  return comparison.changes;
}

/** Finds the unchanged names of files that got a further name, so that a layer can hold them as hard links to each other. */
function linkedFiles(tree: LayeredTree, files: readonly PackedFile[]): PackedFile[] {
  const linked = new Set(files.filter(({ status }) => status.links > 1).map(({ status }) => status.inode));
  const packed = new Set(files.map(({ path }) => path));
  const found: PackedFile[] = [];
  const search = (path: string, directory: DirectoryNode): void => {
    for (const name of [...directory.entries.keys()].sort(compareNames)) {
      const node = tree.nodes.child(directory, name);
      const at = childPath(path, name);
      if (node?.kind === "directory") search(at, node);
      else if (node && linked.has(node.inode) && !packed.has(at))
        found.push({ tree, path: at, status: nodeStatus(node), name: at.slice(1) });
    }
  };
  if (linked.size > 0) search("/", tree.nodes.root);
  return found;
}

async function* diffFiles(tree: LayeredTree, remove: Removal): AsyncGenerator<readonly (PackedFile | string)[], void, undefined> {
  const files = changes(tree).flatMap(({ Path: path, Kind }): readonly (PackedFile | string)[] =>
    Kind === 2 ? remove(path) : [{ tree, path, status: nodeStatus(tree.nodes.get(path)), name: path.slice(1) }],
  );
  const linked = linkedFiles(
    tree,
    files.filter((file) => typeof file !== "string"),
  );
  yield await Promise.resolve([...linked, ...files]);
}

/** Returns what stands for a removed file in an archive. */
export type Removal = (path: string) => readonly (PackedFile | string)[];

/** Returns the name of the entry of a layer that removes a file. */
export const whiteoutName = (path: string): string => childPath(parentPath(path), WHITEOUT + lastPart(path)).slice(1);

/** Packs what a container changed in the files of its image, with other entries than whiteouts for removed files. */
export function packDifference(tree: LayeredTree, remove: Removal): Readable {
  return packFiles(() => diffFiles(tree, remove));
}

/**
 * Packs what a container changed in the files of its image as a layer: with whiteouts for removed files. The same changes give the same
 * bytes. The tree should not change meanwhile.
 *
 * @returns the uncompressed tar archive. It fails if the content of a file cannot be read.
 */
export function diffLayer(tree: LayeredTree): Readable {
  return packDifference(tree, (path) => [whiteoutName(path)]);
}
