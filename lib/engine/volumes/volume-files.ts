import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { removeOthers } from "../../store/safe-files.js";
import { isError } from "../../wire/realm.js";
import { parseTmpfs } from "../containers/tmpfs-options.js";
import { HostTree } from "../files/host-tree.js";
import { LayeredTree } from "../files/layered-tree.js";
import type { Tree } from "../files/tree.js";
import type { DataRoot } from "../store/data-root.js";
import { mountError, volumePlace } from "./volume-options.js";

/** Mounts file systems in memory, for executors whose containers see folders of the machine. */
export interface MemoryMounts {
  /**
   * Mounts one on a folder, unless one is mounted there already.
   *
   * @returns its files.
   * @throws when the kernel refuses the options.
   */
  mount(path: string, options: readonly string[]): Promise<Tree>;
  /** Unmounts the one that is mounted on a folder, if there is one. */
  unmount(path: string): Promise<void>;
}

type Options = Readonly<Record<string, string>> | null;

/** The files of volumes: in folders of the data root, or in memory. */
export class VolumeFiles {
  /** The folder with one folder for each volume; undefined if the state is in memory. */
  readonly #directory: string | undefined;
  readonly #memory: MemoryMounts | undefined;
  readonly #trees = new Map<string, Promise<Tree>>();
  /** The ends of file systems in memory, for which a new one of the same volume waits. */
  readonly #ends = new Map<string, Promise<void>>();

  private constructor(directory: string | undefined, memory: MemoryMounts | undefined) {
    this.#directory = directory;
    this.#memory = directory === undefined ? undefined : memory;
  }

  /**
   * Opens the files of the volumes of a data root. What volumes without a record left is removed.
   *
   * @param memory - mounts volumes in memory. By default they are kept in that of the engine.
   */
  static async open(root: DataRoot, exists: (name: string) => boolean, memory?: MemoryMounts): Promise<VolumeFiles> {
    const directory = await root.directory("volumes");
    if (directory !== undefined) await removeOthers(directory, exists);
    return root.held("volume files", () => new VolumeFiles(directory, memory));
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
    this.#release(name);
    await this.#ends.get(name);
    if (this.#directory !== undefined) await rm(join(this.#directory, name), { recursive: true, force: true });
  }

  /** Removes the files of a volume that are kept only while it is mounted. */
  unmounted(name: string, options: Options): void {
    if (options?.type === "tmpfs") this.#release(name);
  }

  /** Forgets the files of a volume; those in memory are gone. */
  #release(name: string): void {
    const tree = this.#trees.get(name);
    this.#trees.delete(name);
    const memory = this.#memory;
    if (!tree || !memory) return;
    const end = tree
      .then(() => memory.unmount(this.mountpoint(name)))
      // what could not be mounted has no end, and what stays mounted is found by the next mount
      .catch(() => undefined)
      .finally(() => this.#ends.get(name) === end && this.#ends.delete(name));
    this.#ends.set(name, end);
  }

  /**
   * Returns the files of a volume.
   *
   * @throws an {@link EngineError} with status 500 when the folder that it stands for cannot be opened.
   */
  tree(name: string, options: Options): Promise<Tree> {
    const tree = this.#trees.get(name) ?? this.#openTree(name, options);
    this.#trees.set(name, tree);
    // what cannot be opened now may be there later
    tree.catch(() => this.#trees.get(name) === tree && this.#trees.delete(name));
    return tree;
  }

  /** Returns the folder with the files of a volume, as containers see the machine; undefined if only the engine has them. */
  folder(name: string, options: Options): string | undefined {
    const place = volumePlace(options);
    if (place.kind === "folder") return place.path;
    return this.#directory !== undefined && (place.kind === "local" || this.#memory) ? this.mountpoint(name) : undefined;
  }

  async #openTree(name: string, options: Options): Promise<Tree> {
    const place = volumePlace(options);
    const mountpoint = this.mountpoint(name);
    if (place.kind === "local") return this.#directory === undefined ? new LayeredTree() : HostTree.open(mountpoint);
    if (place.kind === "tmpfs") {
      await this.#ends.get(name);
      try {
        return await (this.#memory?.mount(mountpoint, place.options) ?? memoryTree(place.options));
      } catch (error) {
        throw mountError(mountpoint, place.device, place.options, "invalid argument", error);
      }
    }
    try {
      return await HostTree.open(place.path);
    } catch (error) {
      const message = isError(error) && "code" in error && error.code === "ENOENT" ? "no such file or directory" : String(error);
      throw mountError(mountpoint, place.path, place.options, message, error);
    }
  }
}

/** Returns a new file system in the memory of the engine. @throws when an option is wrong. */
async function memoryTree(options: readonly string[]): Promise<Tree> {
  const { size, mode, uid, gid } = parseTmpfs(options);
  const tree = new LayeredTree(undefined, size === undefined ? {} : { maxBytes: size });
  await tree.change("/", { mode, uid, gid });
  return tree;
}
