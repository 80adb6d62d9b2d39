import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isError } from "../../wire/realm.js";
import { EngineError } from "../engine-error.js";
import { HostTree } from "../files/host-tree.js";
import { LayeredTree } from "../files/layered-tree.js";
import type { Tree } from "../files/tree.js";
import type { DataRoot } from "../store/data-root.js";
import { removeOthers } from "../store/safe-files.js";
import { volumePlace } from "./volume-options.js";

/** The files of volumes: in folders of the data root, or in memory. */
export class VolumeFiles {
  /** The folder with one folder for each volume; undefined if the state is in memory. */
  readonly #directory: string | undefined;
  readonly #trees = new Map<string, Promise<Tree>>();

  private constructor(directory: string | undefined) {
    this.#directory = directory;
  }

  /** Opens the files of the volumes of a data root. What volumes without a record left is removed. */
  static async open(root: DataRoot, exists: (name: string) => boolean): Promise<VolumeFiles> {
    const directory = await root.directory("volumes");
    if (directory !== undefined) await removeOthers(directory, exists);
    return root.held("volume files", () => new VolumeFiles(directory));
  }

  /** Returns the path that `inspect` shows. Nothing is there if the state is in memory. */
  mountpoint(name: string): string {
    return join(this.#directory ?? "/var/lib/docker/volumes", name, "_data");
  }

  /** Creates the files of a new volume: none. What an earlier volume of the same name left is removed. */
  async create(name: string): Promise<void> {
    await this.remove(name);
    if (this.#directory !== undefined) await mkdir(this.mountpoint(name), { recursive: true, mode: 0o755 });
  }

  /** Removes the files of a volume; not those of a folder of the host that it stands for. */
  async remove(name: string): Promise<void> {
    this.#trees.delete(name);
    if (this.#directory !== undefined) await rm(join(this.#directory, name), { recursive: true, force: true });
  }

  /** Removes the files of a volume that are kept only while it is mounted. */
  unmounted(name: string, options: Readonly<Record<string, string>> | null): void {
    if (options?.type === "tmpfs") this.#trees.delete(name);
  }

  /**
   * Returns the files of a volume.
   *
   * @throws an {@link EngineError} with status 500 when the folder that it stands for cannot be opened.
   */
  tree(name: string, options: Readonly<Record<string, string>> | null): Promise<Tree> {
    const tree = this.#trees.get(name) ?? this.#openTree(name, options);
    this.#trees.set(name, tree);
    // what cannot be opened now may be there later
    tree.catch(() => this.#trees.get(name) === tree && this.#trees.delete(name));
    return tree;
  }

  /** Returns the folder of the machine with the files of a volume; undefined if they are in memory. */
  folder(name: string, options: Readonly<Record<string, string>> | null): string | undefined {
    const place = volumePlace(options);
    if (place.kind === "folder") return place.path;
    return place.kind === "local" && this.#directory !== undefined ? this.mountpoint(name) : undefined;
  }

  async #openTree(name: string, options: Readonly<Record<string, string>> | null): Promise<Tree> {
    const place = volumePlace(options);
    if (place.kind === "tmpfs")
      return new LayeredTree(undefined, place.maxBytes === undefined ? {} : { maxBytes: place.maxBytes });
    if (place.kind === "local") {
      return this.#directory === undefined ? new LayeredTree() : HostTree.open(this.mountpoint(name));
    }
    try {
      return await HostTree.open(place.path);
    } catch (error) {
      const mountpoint = this.mountpoint(name);
      const reason = `failed to mount local volume: mount ${place.path}:${mountpoint}, flags: 0x1000`;
      const message = isError(error) && "code" in error && error.code === "ENOENT" ? "no such file or directory" : String(error);
      throw new EngineError(500, `error while mounting volume '${mountpoint}': ${reason}: ${message}`, { cause: error });
    }
  }
}
