import type { Readable } from "node:stream";
import { isGone } from "../../files/file-error.js";
import type { FileChange } from "../../files/layer-diff.js";
import { whiteoutName } from "../../files/layer-diff.js";
import { type DirectoryNode, type Node, nodeStatus } from "../../files/node.js";
import type { RootTree } from "../../files/root-tree.js";
import type { TreeSizes } from "../../files/sizes.js";
import type { Snapshot } from "../../files/snapshot.js";
import { type PackedFile, packFiles } from "../../files/tar-entry.js";
import type { FileStatus, Tree } from "../../files/tree.js";
import { childPath, compareNames } from "../../files/tree-path.js";
import { SubTree } from "../../volumes/sub-tree.js";

/** The folders of a container's root. */
export interface RootFolders {
  /** All files, as the container sees them without its mounts. */
  readonly all: Tree;
  /** Those that the container has written, with marks for those that it removed. Undefined for a root that is a plain copy. */
  readonly upper: Tree | undefined;
  /** The files of the image, with those that every container has. */
  readonly image: () => Promise<Snapshot>;
}

/** A file that differs from the image. */
interface ChangedFile {
  readonly change: FileChange;
  readonly status?: FileStatus;
}

/** The files of a container in folders of the machine. */
export class FolderRoot extends SubTree implements RootTree {
  readonly #folders: RootFolders;
  /** The tree in which written files are found. */
  readonly #written: Tree;

  constructor(folders: RootFolders) {
    super(folders.all, "/");
    this.#folders = folders;
    this.#written = folders.upper ?? folders.all;
  }

  async changes(): Promise<FileChange[]> {
    return (await this.#changed()).map(({ change }) => change);
  }

  diff(): Readable {
    const tree = this.#written;
    const changed = (): Promise<ChangedFile[]> => this.#changed();
    async function* files(): AsyncGenerator<readonly (PackedFile | string)[], void, undefined> {
      yield (await changed()).map(({ change: { Path: path }, status }) =>
        status ? { tree, path, status, name: path.slice(1) } : whiteoutName(path),
      );
    }
    return packFiles(files);
  }

  async sizes(): Promise<TreeSizes> {
    const changed = await this.#changed();
    const written = new Map(changed.flatMap(({ status }) => (status?.kind === "file" ? [[status.inode, status.size]] : [])));
    const bytes = [...written.values()].reduce((sum, size) => sum + size, 0);
    const hidden = new Set(changed.flatMap(({ change, status }) => (status?.kind === "directory" ? [] : [change.Path])));
    return { written: bytes, total: bytes + sizeBelow("/", (await this.#folders.image()).root, hidden, new Set()) };
  }

  async #changed(): Promise<ChangedFile[]> {
    const found: ChangedFile[] = [];
    await this.#compare("/", (await this.#folders.image()).root, found);
    return found;
  }

  /** Compares a directory. Without one in the image, all in it is new. */
  async #compare(path: string, before: DirectoryNode | undefined, found: ChangedFile[]): Promise<void> {
    // a directory may be gone by now: processes of the container go on
    const names = (await listed(this.#written, path)).sort(compareNames);
    for (const name of names) await this.#compareFile(childPath(path, name), before?.entries.get(name), found);
    if (!before) return;
    const left = new Set(await listed(this.#folders.all, path));
    const removed = [...before.entries.keys()].filter((name) => !left.has(name));
    for (const name of removed.sort(compareNames)) found.push({ change: { Path: childPath(path, name), Kind: 2 } });
  }

  async #compareFile(path: string, before: Node | undefined, found: ChangedFile[]): Promise<void> {
    const status = await this.#written.status(path);
    if (!status || isMark(status)) return;
    const changed: ChangedFile = { change: { Path: path, Kind: before ? 0 : 1 }, status };
    const at = found.length;
    if (status.kind !== "directory") {
      // what is in the folder of written files was written
      if (!before || this.#folders.upper || differs(nodeStatus(before), status)) found.push(changed);
      return;
    }
    const isSame = before?.kind === "directory" && sameOwner(nodeStatus(before), status);
    if (!isSame) found.push(changed);
    await this.#compare(path, before?.kind === "directory" ? before : undefined, found);
    // a directory in which something changed counts as modified
    if (isSame && found.length > at) found.splice(at, 0, changed);
  }
}

/** Returns the names in a directory; none if it does not exist. */
async function listed(tree: Tree, path: string): Promise<string[]> {
  try {
    return await tree.list(path);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** Whether a file only marks that one of the layers below was removed. */
const isMark = ({ kind, device }: FileStatus): boolean => kind === "character" && device?.[0] === 0 && device[1] === 0;

const sameOwner = (a: FileStatus, b: FileStatus): boolean => a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;

/** Whether a copied file was changed. Archives keep whole seconds. */
function differs(before: FileStatus, after: FileStatus): boolean {
  const seconds = ({ mtime }: FileStatus): bigint => mtime / 1_000_000_000n;
  if (before.kind !== after.kind || before.target !== after.target) return true;
  if (before.kind !== "symlink" && !sameOwner(before, after)) return true;
  return before.kind === "file" && (before.size !== after.size || seconds(before) !== seconds(after));
}

/** Adds up the files of an image that are still visible. */
function sizeBelow(path: string, directory: DirectoryNode, hidden: ReadonlySet<string>, counted: Set<number>): number {
  let bytes = 0;
  for (const [name, node] of directory.entries) {
    const at = childPath(path, name);
    if (hidden.has(at) || counted.has(node.inode)) continue;
    if (node.kind === "directory") bytes += sizeBelow(at, node, hidden, counted);
    else if (node.kind === "file") bytes += node.content?.size ?? 0;
    if (node.kind !== "directory") counted.add(node.inode);
  }
  return bytes;
}
