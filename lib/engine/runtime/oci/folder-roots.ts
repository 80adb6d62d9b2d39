import { chmod, chown, mkdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { withInitLayer } from "../../containers/init-layer.js";
import type { ContainerRecord } from "../../containers/record.js";
import type { PlacedTree, RootStore } from "../../containers/root-store.js";
import { HostTree } from "../../files/host-tree.js";
import { Snapshot } from "../../files/snapshot.js";
import { FolderRoot } from "./folder-root.js";
import { LayerFolders, type SnapshotOf, unpackDifference } from "./layer-folders.js";
import type { Namespaces } from "./namespaces.js";
import { requireCommand } from "./run-command.js";

/** Options without which moved directories and hard links would be in the upper folder in forms that only the kernel can read. */
export const OVERLAY_OPTIONS = "redirect_dir=off,metacopy=off,index=off";

/** The root file systems of containers as folders of the machine: overlays of layers where the machine mounts them, or plain copies. */
export class FolderRoots implements RootStore {
  /** Holds a folder for each container. */
  readonly folder: string;
  readonly #parent: string;
  readonly #namespaces: Namespaces;
  readonly #overlays: boolean;
  readonly #layers: LayerFolders;
  readonly #roots = new Map<string, Promise<FolderRoot>>();

  /**
   * @param folder - holds the folders of layers and of containers.
   * @param overlays - whether overlays can be mounted.
   */
  constructor(folder: string, namespaces: Namespaces, overlays: boolean) {
    this.#parent = folder;
    this.folder = join(folder, "containers");
    this.#namespaces = namespaces;
    this.#overlays = overlays;
    this.#layers = new LayerFolders(join(folder, "layers"));
  }

  /** Returns the path of a container's root, as the mount namespace of the engine has it. */
  path(id: string): string {
    return join(this.folder, id, "root");
  }

  root(record: ContainerRecord, snapshot: SnapshotOf): Promise<FolderRoot> {
    const root = this.#roots.get(record.id) ?? this.#open(record, snapshot);
    this.#roots.set(record.id, root);
    // what fails now may succeed later
    root.catch(() => this.#roots.delete(record.id));
    return root;
  }

  async #open(record: ContainerRecord, snapshot: SnapshotOf): Promise<FolderRoot> {
    const { id, layers } = record;
    const image = async (): Promise<Snapshot> => withInitLayer(await snapshot(layers));
    if (this.#overlays) await this.#mount(id, layers, snapshot);
    else await this.#copy(id, image);
    const all = HostTree.at(this.#namespaces.path(this.path(id)));
    const upper = this.#overlays ? await HostTree.open(join(this.folder, id, "upper")) : undefined;
    return new FolderRoot({ all, upper, image });
  }

  async #mount(id: string, layers: readonly string[], snapshot: SnapshotOf): Promise<void> {
    const names = await this.#layers.names(layers, snapshot);
    if (await this.#namespaces.isMounted(this.path(id))) return;
    const place = join(this.folder, id);
    const upper = join(place, "upper");
    if (!(await stat(upper).catch(() => undefined))) {
      // the root directory of an overlay is that of its upper folder
      const { mode, uid, gid } = await stat(join(this.#parent, "layers", names.at(-1) ?? ""));
      for (const name of ["work", "root", "upper"]) await mkdir(join(place, name), { recursive: true, mode: 0o711 });
      await chown(upper, uid, gid);
      await chmod(upper, mode & 0o7777);
    }
    // paths relative to the folder of the layers are short: all options must fit in one page of memory
    const own = `upperdir=../containers/${id}/upper,workdir=../containers/${id}/work`;
    const options = `lowerdir=${[...names].reverse().join(":")},${own},${OVERLAY_OPTIONS}`;
    const script = 'cd "$1" && exec mount -t overlay overlay -o "$2" "$3"';
    const mount = ["sh", "-c", script, "sh", join(this.#parent, "layers"), options, this.path(id)];
    await requireCommand(this.#namespaces.enter(mount));
  }

  async #copy(id: string, image: () => Promise<Snapshot>): Promise<void> {
    const root = this.path(id);
    if (await stat(root).catch(() => undefined)) return;
    const unfinished = `${root}.tmp`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { recursive: true, mode: 0o755 });
    await unpackDifference(unfinished, Snapshot.empty, await image(), false);
    await rename(unfinished, root);
  }

  async own({ id }: ContainerRecord): Promise<PlacedTree> {
    const folder = join(this.folder, id, "own");
    await mkdir(folder, { recursive: true, mode: 0o755 });
    return { tree: await HostTree.open(folder), folder };
  }

  keep(): Promise<void> {
    return Promise.resolve(); // it is on disk already
  }

  async remove({ id }: ContainerRecord): Promise<void> {
    this.#roots.delete(id);
    if (this.#overlays && (await this.#namespaces.isMounted(this.path(id))))
      await requireCommand(this.#namespaces.enter(["umount", "-l", this.path(id)]));
    await rm(join(this.folder, id), { recursive: true, force: true });
  }

  /** Removes the layers that no image and no container has any more. */
  collect(used: Iterable<readonly string[]>): Promise<void> {
    return this.#layers.collect(used);
  }
}
