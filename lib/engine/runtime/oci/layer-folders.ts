import { chmod, chown, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { withInitLayer } from "../../containers/init-layer.js";
import { packDifference } from "../../files/layer-diff.js";
import { LayeredTree } from "../../files/layered-tree.js";
import { Snapshot } from "../../files/snapshot.js";
import { chainIds } from "../../store/layers.js";
import { requireCommand, runCommand } from "./run-command.js";

/** Returns the files of layers, the lowest first. */
export type SnapshotOf = (layers: readonly string[]) => Promise<Snapshot>;

/** Names of folders are short, because the options of a mount must fit in one page of memory. */
const NAME_LENGTH = 16;

/** A file of an upper layer that hides what the layers below have, as the overlay file system marks it. */
const hidden = { kind: "character", mode: 0, uid: 0, gid: 0, size: 0, mtime: 0n, inode: 0, links: 1, device: [0, 0] } as const;

let tarFlags: Promise<readonly string[]> | undefined;

/** Returns the flags of `tar`. Only that of GNU knows extended attributes. */
function extractionFlags(): Promise<readonly string[]> {
  tarFlags ??= runCommand(["tar", "--version"]).then(({ output }) =>
    output.includes("GNU tar")
      ? ["--numeric-owner", "--same-owner", "--xattrs", "--xattrs-include=security.*", "--xattrs-include=user.*"]
      : [],
  );
  return tarFlags;
}

/**
 * Writes what a snapshot has over another one into an empty folder.
 *
 * @param hides - whether removed files become marks of the overlay file system. Otherwise they are left out.
 */
export async function unpackDifference(folder: string, base: Snapshot, top: Snapshot, hides: boolean): Promise<void> {
  const tree = new LayeredTree(base, { written: top });
  const archive = packDifference(tree, (path) => (hides ? [{ tree, path, status: hidden, name: path.slice(1) }] : []));
  await requireCommand(["tar", "-xp", ...(await extractionFlags()), "-C", folder, "-f", "-"], archive);
  const { mode, uid, gid } = top.root;
  await chown(folder, uid, gid);
  await chmod(folder, mode);
}

/** The layers of images as folders, each with what it has over those below it. */
export class LayerFolders {
  readonly #folder: string;
  readonly #unpacking = new Map<string, Promise<void>>();

  /** @param folder - holds a folder for each layer. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Returns the names of the folders of an image and of the files that every container has, the lowest first. */
  async names(layers: readonly string[], snapshot: SnapshotOf): Promise<string[]> {
    const names: string[] = [];
    for (const [at, chain] of chainIds(layers).entries()) {
      const name = nameOf(chain);
      await this.#ensure(
        name,
        () => snapshot(layers.slice(0, at)),
        () => snapshot(layers.slice(0, at + 1)),
      );
      names.push(name);
    }
    const init = initName(layers);
    const image = (): Promise<Snapshot> => snapshot(layers);
    await this.#ensure(init, image, async () => withInitLayer(await image()));
    return [...names, init];
  }

  /** Removes the folders of layers that no image and no container has any more. */
  async collect(used: Iterable<readonly string[]>): Promise<void> {
    const names = new Set([...used].flatMap((layers) => [...chainIds(layers).map(nameOf), initName(layers)]));
    for (const name of await readdir(this.#folder)) {
      if (names.has(name) || this.#unpacking.has(name)) continue;
      await rm(join(this.#folder, name), { recursive: true, force: true });
    }
  }

  async #ensure(name: string, below: () => Promise<Snapshot>, above: () => Promise<Snapshot>): Promise<void> {
    const unpacking = this.#unpacking.get(name) ?? this.#unpack(name, below, above);
    this.#unpacking.set(name, unpacking);
    await unpacking.finally(() => this.#unpacking.delete(name));
  }

  async #unpack(name: string, below: () => Promise<Snapshot>, above: () => Promise<Snapshot>): Promise<void> {
    const folder = join(this.#folder, name);
    if (await stat(folder).catch(() => undefined)) return;
    const unfinished = `${folder}.tmp`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true, mode: 0o755 });
    const base = await below();
    await unpackDifference(unfinished, base, await above(), true);
    await rename(unfinished, folder);
  }
}

const nameOf = (chain: string): string => chain.replace(/^sha256:/, "").slice(0, NAME_LENGTH);

/** The files that every container has are a layer of their own on each image. */
const initName = (layers: readonly string[]): string => `${nameOf(chainIds(layers).at(-1) ?? "").slice(0, NAME_LENGTH - 1)}i`;
