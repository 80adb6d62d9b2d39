import { randomBytes } from "node:crypto";
import { join } from "node:path";
import type { Records } from "../../store/records.js";
import type { Volume, VolumesPruneResponse } from "../../types/volume.js";
import { atLeast } from "../../wire/api-version.js";
import type { Clock } from "../clock.js";
import { rfc3339 } from "../containers/record.js";
import { badRequest, conflict, EngineError, notFound } from "../engine-error.js";
import type { EventLog } from "../events/event-log.js";
import type { FileSystem } from "../files/file-system.js";
import { MountedFiles } from "../files/mounted-files.js";
import type { Tree } from "../files/tree.js";
import { filterFlag, type Filters, matchesLabels, matchesPattern, parseFlag } from "../server/query.js";
import type { DataRoot } from "../store/data-root.js";
import { Mutex } from "../store/mutex.js";
import { copyTree, treeSize } from "./copy-tree.js";
import { SubTree } from "./sub-tree.js";
import { type MemoryMounts, VolumeFiles } from "./volume-files.js";
import { ANONYMOUS, checkDriver, checkName, checkOptions, volumePlace } from "./volume-options.js";

/** What is kept of a volume over a restart of the engine. */
interface VolumeRecord {
  /** Time of creation in nanoseconds since 1970, in decimal digits. */
  readonly created: string;
  /** Labels; null if the client passed none. */
  readonly labels: Readonly<Record<string, string>> | null;
  /** Options of the driver; null if the client passed none. */
  readonly options: Readonly<Record<string, string>> | null;
}

/** A volume as responses contain it. */
export interface VolumeView extends Omit<Volume, "Labels" | "Options"> {
  /** Labels; null if the client passed none. */
  Labels: Readonly<Record<string, string>> | null;
  /** Options of the driver; null if the client passed none. */
  Options: Readonly<Record<string, string>> | null;
}

/** What a new volume is made from. All members are optional. */
export interface VolumeRequest {
  /** Name. Without it, the volume is anonymous. */
  readonly name?: string;
  /** Driver. The default is `local`. */
  readonly driver?: string;
  /** Options of the driver. */
  readonly options?: Readonly<Record<string, string>> | undefined;
  /** Labels. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** A mount of a volume by a container that starts. */
export interface VolumeMount {
  /** ID of the container. */
  readonly container: string;
  /** Path in the container. */
  readonly destination: string;
  /** Whether the container may not write. */
  readonly readOnly: boolean;
}

/** What volumes need from other parts of the engine. */
export interface VolumeDependencies {
  /** The events of the engine. */
  readonly events: EventLog;
  /** The time of the engine. */
  readonly clock: Clock;
  /** Returns the IDs of the containers, running or not, that use a volume. */
  readonly users: (name: string) => readonly string[];
  /** Mounts volumes in memory. By default they are kept in that of the engine. */
  readonly memory?: MemoryMounts | undefined;
}

/** The volumes of an engine. */
export class Volumes {
  readonly #records: Records<VolumeRecord>;
  readonly #files: VolumeFiles;
  readonly #needs: VolumeDependencies;
  /** The containers that mount each volume now, with repetitions. */
  readonly #mounted = new Map<string, string[]>();
  /** Creation, removal and copies into empty volumes do not overlap. */
  readonly #mutex = new Mutex();

  private constructor(records: Records<VolumeRecord>, files: VolumeFiles, needs: VolumeDependencies) {
    this.#records = records;
    this.#files = files;
    this.#needs = needs;
  }

  /** Opens the volumes of a data root. */
  static async open(root: DataRoot, needs: VolumeDependencies): Promise<Volumes> {
    const records = await root.records<VolumeRecord>("volumes");
    return new Volumes(records, await VolumeFiles.open(root, (name) => records.get(name) !== undefined, needs.memory), needs);
  }

  /** The number of volumes. */
  get count(): number {
    return this.#records.all().size;
  }

  /** Returns whether a volume exists. */
  has(name: string): boolean {
    return this.#records.get(name) !== undefined;
  }

  /**
   * Creates a volume, or returns the one that has the name.
   *
   * @throws an {@link EngineError} with status 400 for invalid names and options, and 404 for unknown drivers.
   */
  create(request: VolumeRequest = {}): Promise<VolumeView> {
    return this.#mutex.run(async () => {
      const name = request.name || randomBytes(32).toString("hex");
      checkDriver(name, request.driver ?? "");
      checkName(name);
      if (this.has(name)) return this.get(name);
      checkOptions(name, request.options ?? {});
      const labels = request.name ? (request.labels ?? null) : { ...request.labels, [ANONYMOUS]: "" };
      await this.#files.create(name);
      await this.#records.put(name, { created: String(this.#needs.clock.now()), labels, options: request.options ?? null });
      this.#needs.events.emit("volume", "create", name, { driver: "local" });
      return this.get(name);
    });
  }

  /**
   * Returns a volume.
   *
   * @throws an {@link EngineError} with status 404.
   */
  get(name: string): VolumeView {
    return this.#view(name, this.#record(name));
  }

  /**
   * Returns the volumes that satisfy all filters: `dangling`, `driver`, `label` and `name`.
   *
   * @throws an {@link EngineError} with status 400 for invalid values.
   */
  list(filters: Filters = new Map()): VolumeView[] {
    const isDangling = filters.has("dangling") ? filterFlag(filters, "dangling", false) : undefined;
    const drivers = filters.get("driver");
    return [...this.#records.all()]
      .filter(
        ([name, { labels }]) =>
          (isDangling === undefined || isDangling === (this.#needs.users(name).length === 0)) &&
          (!drivers || drivers.length === 0 || drivers.includes("local")) &&
          matchesLabels(labels ?? {}, filters.get("label")) &&
          matchesPattern(name, filters.get("name")),
      )
      .map(([name, record]) => this.#view(name, record));
  }

  /**
   * Removes a volume and its files.
   *
   * @param force - whether a missing volume is no error.
   * @throws an {@link EngineError} with status 404 for a missing volume, and 409 for one that containers use.
   */
  remove(name: string, force = false): Promise<void> {
    return this.#mutex.run(async () => {
      if (force && !this.has(name)) return;
      this.#record(name);
      const users = this.#needs.users(name);
      if (users.length > 0) throw conflict(`remove ${name}: volume is in use - [${users.join(", ")}]`);
      await this.#remove(name);
    });
  }

  /** Removes a volume that was created for a container, unless another container uses it. */
  removeUnused(name: string): Promise<void> {
    return this.#mutex.run(async () => {
      if (this.#records.get(name) && this.#needs.users(name).length === 0) await this.#remove(name);
    });
  }

  /**
   * Removes the volumes that no container uses.
   *
   * @param filters - `label`, `label!`, and `all`, which includes volumes with names.
   * @param version - the API version. Before 1.42, volumes with names are always included.
   */
  prune(filters: Filters = new Map(), version?: string): Promise<VolumesPruneResponse> {
    return this.#mutex.run(async () => {
      const isOld = version !== undefined && !atLeast(version, "1.42");
      const all = isOld || parseFlag(filters, "all");
      const unwanted = filters.get("label!") ?? [];
      let reclaimed = 0;
      const deleted: string[] = [];
      for (const { Name, Labels } of this.list(new Map([["dangling", ["true"]]]))) {
        const labels = Labels ?? {};
        const isKept = (!all && !Object.hasOwn(labels, ANONYMOUS)) || !matchesLabels(labels, filters.get("label"));
        if (isKept || (unwanted.length > 0 && matchesLabels(labels, unwanted))) continue;
        reclaimed += await this.#size(Name);
        await this.#remove(Name);
        deleted.push(Name);
      }
      this.#needs.events.emit("volume", "prune", "", { reclaimed: String(reclaimed) });
      return { VolumesDeleted: deleted, SpaceReclaimed: reclaimed };
    });
  }

  /** Returns all volumes with their sizes and the numbers of their users. */
  usage(): Promise<VolumeView[]> {
    const usage = async (volume: VolumeView): Promise<VolumeView> => {
      const RefCount = this.#needs.users(volume.Name).length;
      return { ...volume, UsageData: { RefCount, Size: await this.#size(volume.Name) } };
    };
    return Promise.all(this.list().map(usage));
  }

  /**
   * Returns the files of a volume, or of a directory or file in it.
   *
   * @param subpath - a path in the volume. Links in it do not lead out of it.
   * @throws an {@link EngineError} with status 404 when the volume or the subpath does not exist, and 400 for a subpath that is not
   *   relative or leads out of the volume.
   */
  async tree(name: string, subpath = ""): Promise<Tree> {
    const tree = await this.#files.tree(name, this.#record(name).options);
    return subpath === "" ? tree : new SubTree(tree, await this.#locate(name, tree, subpath));
  }

  /** Returns the path of a directory or file in the files of a volume. */
  async #locate(name: string, tree: Tree, subpath: string): Promise<string> {
    if (subpath.startsWith("/") || subpath.split("/").includes(".."))
      throw badRequest(`invalid mount config for type "volume": subpath must be a relative path within the volume`);
    const place = `${this.#files.mountpoint(name)}/${subpath}`;
    const missing = (): EngineError => notFound(`cannot access path ${place}: lstat ${place}: no such file or directory`);
    const found = await MountedFiles.of(tree)
      .locate(`/${subpath}`, true)
      .catch(() => undefined);
    if (!found || !(await tree.status(found.path))) throw missing();
    return found.path;
  }

  /** Notes that a container mounts a volume. */
  mount(name: string, { container, destination, readOnly }: VolumeMount): void {
    this.#mounted.set(name, [...(this.#mounted.get(name) ?? []), container]);
    const attributes = { container, destination, driver: "local", propagation: "", "read/write": String(!readOnly) };
    this.#needs.events.emit("volume", "mount", name, attributes);
  }

  /** Notes that a container mounts a volume no more: one of its mounts, if it has several. */
  unmount(name: string, container: string): void {
    const mounted = [...(this.#mounted.get(name) ?? [])];
    const index = mounted.indexOf(container);
    if (index === -1) return;
    mounted.splice(index, 1);
    if (mounted.length > 0) this.#mounted.set(name, mounted);
    else {
      this.#mounted.delete(name);
      this.#files.unmounted(name, this.#records.get(name)?.options ?? null);
    }
    this.#needs.events.emit("volume", "unmount", name, { container, driver: "local" });
  }

  /**
   * Copies what an image has at the path of a mount into the volume, if the volume is empty.
   *
   * @param files - the files of the image.
   * @param path - the path of the mount. Nothing is copied if it is not a directory.
   */
  copyInto(name: string, files: FileSystem, path: string): Promise<void> {
    return this.#mutex.run(async () => {
      const found = await files.locate(path, true).catch(() => undefined);
      if ((await found?.tree.status(found.path))?.kind !== "directory" || !found) return;
      try {
        const tree = await this.tree(name);
        if ((await tree.list("/")).length === 0) await copyTree(found.tree, found.path, tree);
      } catch (error) {
        throw error instanceof EngineError ? new EngineError(error.status, `failed to populate volume: ${error.message}`) : error;
      } finally {
        // as on Docker, what is copied into memory is lost unless a container that runs has it, too
        if (!this.#mounted.has(name)) this.#files.unmounted(name, this.#records.get(name)?.options ?? null);
      }
    });
  }

  /**
   * Returns the path of a volume's files, as containers see the machine; undefined if only the engine has them.
   *
   * @param subpath - a path in the volume.
   * @throws an {@link EngineError} as {@link tree} does.
   */
  async folder(name: string, subpath = ""): Promise<string | undefined> {
    const folder = this.#files.folder(name, this.#record(name).options);
    if (folder === undefined || subpath === "") return folder;
    return join(folder, await this.#locate(name, await this.tree(name), subpath));
  }

  #record(name: string): VolumeRecord {
    const record = this.#records.get(name);
    if (!record) throw notFound(`get ${name}: no such volume`);
    return record;
  }

  #view(name: string, { created, labels, options }: VolumeRecord): VolumeView {
    return {
      CreatedAt: rfc3339(BigInt(created) - (BigInt(created) % 1_000_000_000n)),
      Driver: "local",
      Labels: labels,
      Mountpoint: this.#files.mountpoint(name),
      Name: name,
      Options: options,
      Scope: "local",
    };
  }

  async #remove(name: string): Promise<void> {
    await this.#records.remove(name);
    await this.#files.remove(name);
    this.#needs.events.emit("volume", "destroy", name, { driver: "local" });
  }

  /** Returns the number of bytes of a volume. Folders of the host and what cannot be mounted count as empty, as on Docker. */
  async #size(name: string): Promise<number> {
    const { options } = this.#record(name);
    if (options?.type && (volumePlaceKind(options) !== "tmpfs" || !this.#mounted.has(name))) return 0;
    return treeSize(await this.#files.tree(name, options));
  }
}

/** Returns the kind of place of a volume; undefined if the engine cannot mount it. */
function volumePlaceKind(options: Readonly<Record<string, string>>): string | undefined {
  try {
    return volumePlace(options).kind;
  } catch {
    return undefined;
  }
}
