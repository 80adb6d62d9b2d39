import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { MountPoint } from "../../types/mounts.js";
import { errorCode } from "../../wire/realm.js";
import type { Clock } from "../clock.js";
import { badRequest, EngineError, notFound } from "../engine-error.js";
import { FileError } from "../files/file-error.js";
import { HostTree } from "../files/host-tree.js";
import { LayeredTree } from "../files/layered-tree.js";
import { MountedFiles } from "../files/mounted-files.js";
import type { RootTree } from "../files/root-tree.js";
import { Snapshot } from "../files/snapshot.js";
import { Snapshots } from "../files/snapshots.js";
import type { Tree } from "../files/tree.js";
import { type ContainerMount, NOT_A_DIRECTORY, StartError } from "../runtime/executor.js";
import type { BlobStore } from "../store/blobs.js";
import { Mutex } from "../store/mutex.js";
import { SubTree } from "../volumes/sub-tree.js";
import type { Volumes } from "../volumes/volumes.js";
import type { ContainerFiles } from "./container-host.js";
import { cleanPath, type MountRequest } from "./mount-requests.js";
import type { ContainerRecord } from "./record.js";
import type { PlacedTree, RootStore } from "./root-store.js";
import { parseTmpfs, type TmpfsOptions } from "./tmpfs-options.js";

/** What the storage of containers needs of other parts of the engine. */
export interface StorageParts {
  /** The layers. */
  readonly blobs: BlobStore;
  /** The volumes. */
  readonly volumes: Volumes;
  /** The time. */
  readonly clock: Clock;
  /** Keeps the root file systems. */
  readonly roots: RootStore;
}

/** The files in `/etc` that the engine writes. */
const etcFiles = ["hostname", "hosts", "resolv.conf"] as const;

/** The files of the containers of an engine. */
export class ContainerStorage {
  readonly #parts: StorageParts;
  readonly #etcs = new Map<string, Promise<PlacedTree>>();
  readonly #tmpfs = new Map<string, LayeredTree>();
  readonly #snapshots = new Snapshots();
  /** The files that are being opened, by container. */
  readonly #opening = new Map<string, Set<Promise<ContainerFiles>>>();
  /** What a container wrote is kept by one at a time. */
  readonly #keeping = new Map<string, Mutex>();

  constructor(parts: StorageParts) {
    this.#parts = parts;
  }

  /**
   * Returns the files of a container, with everything mounted that is mounted when it runs.
   *
   * @throws an {@link EngineError} with status 404 when the container is being removed: what is opened then would stay.
   */
  async files(record: ContainerRecord): Promise<ContainerFiles> {
    if (record.state.status === "removing") throw notFound(`No such container: ${record.id}`);
    const opening = this.#open(record);
    const all = this.#opening.get(record.id) ?? new Set();
    this.#opening.set(record.id, all.add(opening));
    try {
      return await opening;
    } finally {
      all.delete(opening);
    }
  }

  async #open(record: ContainerRecord): Promise<ContainerFiles> {
    const root = await this.#root(record);
    const mounted = MountedFiles.of(root, record.hostConfig.ReadonlyRootfs ?? false);
    const mounts: ContainerMount[] = [];
    const etc = await this.#etc(record);
    for (const name of etcFiles) {
      const tree = new SubTree(etc.tree, `/${name}`);
      const { path } = await mounted.mount({ path: `/etc/${name}`, tree });
      mounts.push({ destination: path, tree, readOnly: false, ...(etc.folder ? { source: join(etc.folder, name) } : {}) });
    }
    for (const mount of record.mounts) {
      const tree = await this.#tree(record, mount);
      // runtimes give a file system in memory the permissions of the directory that it covers
      const mode = mount.Type === "tmpfs" ? (await tree.status("/"))?.mode : undefined;
      const { path } = await mounted
        .mount({ path: mount.Destination, tree, readOnly: !mount.RW, ...(mode ? { mode } : {}) })
        .catch((error: unknown) => {
          throw isNoDirectory(error) ? mountFailure(mount, error) : error;
        });
      const isTmpfs = mount.Type === "tmpfs" || this.#isTmpfsVolume(mount);
      const place = await this.#place(record, mount);
      mounts.push({ destination: path, tree, readOnly: !mount.RW, ...place, ...(isTmpfs ? { isTmpfs } : {}) });
    }
    return { root, mounts, files: mounted };
  }

  /** Removes what no image and no container has any more, by the layers of all of them. Called once at the start of an engine. */
  async sweep(used: Iterable<readonly string[]>): Promise<void> {
    await this.#parts.roots.collect?.(used);
  }

  /** Returns the files in `/etc` that belong to the engine, not to the image. */
  #etc(record: ContainerRecord): Promise<PlacedTree> {
    const etc = this.#etcs.get(record.id) ?? this.#makeEtc(record);
    this.#etcs.set(record.id, etc);
    return etc;
  }

  async #makeEtc(record: ContainerRecord): Promise<PlacedTree> {
    const own = await this.#parts.roots.own(record);
    const present = await own.tree.list("/");
    // they are filled when the container starts, as on Docker
    for (const name of etcFiles) if (!present.includes(name)) await own.tree.create(`/${name}`, { mode: 0o644 }, Buffer.alloc(0));
    return own;
  }

  /** Writes one of the files in `/etc` that belong to the engine. */
  async write(record: ContainerRecord, name: (typeof etcFiles)[number], content: string): Promise<void> {
    const { tree } = await this.#etc(record);
    // the file itself stays, because it may be mounted
    const file = await tree.open(`/${name}`);
    await file.truncate(0);
    await file.write(Buffer.from(content), 0);
    await file.close();
  }

  #root(record: ContainerRecord): Promise<RootTree> {
    return this.#parts.roots.root(record, (layers) => this.snapshot(layers));
  }

  /**
   * Keeps what a container wrote over a restart of the engine.
   *
   * @param save - keeps the record, which names it.
   */
  keep(record: ContainerRecord, save: () => Promise<void>): Promise<void> {
    const { roots } = this.#parts;
    const mutex = this.#keeping.get(record.id) ?? new Mutex();
    this.#keeping.set(record.id, mutex);
    return mutex.run(async () => {
      await roots.keep(record);
      await save();
      await roots.settle?.(record);
    });
  }

  /** Returns the files of the layers of an image. */
  snapshot(layers: readonly string[]): Promise<Snapshot> {
    const { blobs } = this.#parts;
    return this.#snapshots.of(
      layers.map((diffId) => ({ diffId, content: { read: (from, to) => blobs.read(diffId, from, to) } })),
    );
  }

  #isTmpfsVolume({ Type, Name = "" }: MountPoint): boolean {
    return Type === "volume" && this.#parts.volumes.get(Name).Options?.["type"] === "tmpfs";
  }

  async #tree(record: ContainerRecord, { Type, Name = "", Source, Destination }: MountPoint): Promise<Tree> {
    if (Type === "volume") return this.#parts.volumes.tree(Name, subpathOf(record, Destination));
    if (Type === "bind") return HostTree.open(Source);
    const key = `${record.id}:${Destination}`;
    const tree = this.#tmpfs.get(key) ?? (await this.#newTmpfs(parseTmpfs(memoryOptions(record, Destination))));
    this.#tmpfs.set(key, tree);
    return tree;
  }

  /** Returns where the files of a mount are, for executors that mount what the machine has. */
  async #place(record: ContainerRecord, mount: MountPoint): Promise<Pick<ContainerMount, "source" | "memory" | "flags">> {
    const { Type, Name = "", Source, Destination } = mount;
    if (Type === "tmpfs") return { memory: memoryOptions(record, Destination) };
    const source = Type === "volume" ? await this.#parts.volumes.folder(Name, subpathOf(record, Destination)) : Source;
    const flags = this.#isTmpfsVolume(mount) ? flagsOf(this.#parts.volumes.get(Name).Options?.["o"] ?? "") : [];
    return source === undefined ? {} : { source, ...(flags.length > 0 ? { flags } : {}) };
  }

  async #newTmpfs({ size, mode, uid, gid }: TmpfsOptions): Promise<LayeredTree> {
    const now = (): bigint => this.#parts.clock.now();
    const tree = new LayeredTree(Snapshot.empty, { now, ...(size === undefined ? {} : { maxBytes: size }) });
    await tree.change("/", { mode, uid, gid });
    return tree;
  }

  /**
   * Creates the working directory of a new container, and the volumes and the folders that it mounts. Adds the mounts to its record.
   *
   * @throws {@link EngineError} when one of them cannot be created.
   */
  async mount(record: ContainerRecord, requests: readonly MountRequest[]): Promise<void> {
    await this.#makeWorkingDirectory(record);
    for (const request of requests) record.mounts.push(await this.#prepare(record, request));
  }

  /** As on Docker, it is created under the mounts, too, and copied into new volumes with the rest. */
  async #makeWorkingDirectory(record: ContainerRecord): Promise<void> {
    const path = cleanPath(record.config.WorkingDir || "/");
    if (path === "/") return;
    const files = MountedFiles.of(await this.#root(record));
    if (!(await files.exists(path))) {
      return files.makeDirectory(path, { mode: 0o755, parents: true }).catch((error: unknown) => {
        if (!(error instanceof FileError) || error.code !== "ENOTDIR") throw error;
        throw new EngineError(500, `lstat ${path}: not a directory`, { cause: error });
      });
    }
    if ((await files.stat(path)).kind !== "directory") throw new EngineError(500, `Cannot mkdir: ${path} is not a directory`);
  }

  async #prepare(record: ContainerRecord, request: MountRequest): Promise<MountPoint> {
    const { type, source, target, writable, mode, noCopy, creates, volume } = request;
    const common = { Destination: target, Mode: mode, RW: writable };
    if (type === "tmpfs") return { Type: "tmpfs", Source: "", ...common, Propagation: "" };
    if (type === "bind") {
      await prepareBind(source, creates ?? false);
      return { Type: "bind", Source: source, ...common, Propagation: "rprivate" };
    }
    const { volumes } = this.#parts;
    const created = await volumes.create({
      ...(source === "" ? {} : { name: source }),
      driver: volume?.driver ?? "local",
      ...(volume && Object.keys(volume.options).length > 0 ? { options: volume.options } : {}),
      ...(volume && Object.keys(volume.labels).length > 0 ? { labels: volume.labels } : {}),
    });
    if (source === "" || request.isAnonymous) (record.anonymousVolumes ??= []).push(created.Name);
    if (!noCopy) await volumes.copyInto(created.Name, MountedFiles.of(await this.#root(record)), target);
    return { Type: "volume", Name: created.Name, Source: created.Mountpoint, ...common, Driver: "local", Propagation: "" };
  }

  /** Notes that a container mounts its volumes. */
  mountVolumes({ id, mounts }: ContainerRecord): void {
    const { volumes } = this.#parts;
    for (const { Name, Destination, RW, Type } of mounts)
      if (Type === "volume" && Name) volumes.mount(Name, { container: id, destination: Destination, readOnly: !RW });
  }

  /** Notes that a container, which has started once, mounts its volumes no more. */
  unmountVolumes({ id, mounts, state }: ContainerRecord): void {
    if (state.startedAt === undefined) return;
    for (const { Name, Type } of mounts) if (Type === "volume" && Name) this.#parts.volumes.unmount(Name, id);
  }

  /** Forgets what is only there while a container runs. */
  ended({ id, mounts }: ContainerRecord): void {
    for (const { Destination } of mounts) this.#tmpfs.delete(`${id}:${Destination}`);
  }

  /** Forgets the files of a container that was removed. */
  async remove(record: ContainerRecord): Promise<void> {
    await Promise.allSettled([...(this.#opening.get(record.id) ?? [])]);
    this.#opening.delete(record.id);
    await this.#parts.roots.remove(record);
    this.ended(record);
    this.#etcs.delete(record.id);
    this.#keeping.delete(record.id);
  }
}

/** Returns the path in a volume that a container mounts. */
function subpathOf({ hostConfig }: ContainerRecord, destination: string): string {
  return hostConfig.Mounts?.find(({ Target }) => Target === destination)?.VolumeOptions?.Subpath ?? "";
}

/** Returns those options of a file system that say what its files may do. */
const flagsOf = (options: string): string[] =>
  options.split(",").filter((option) => ["noatime", "nodev", "nodiratime", "noexec", "nosuid"].includes(option));

const isNoDirectory = (error: unknown): boolean => error instanceof FileError && error.code === "ENOTDIR";

/** Returns the failure of a start because a file is mounted on a directory, or the other way round. */
function mountFailure({ Source, Destination }: MountPoint, cause: unknown): StartError {
  const message = `error mounting ${JSON.stringify(Source)} to rootfs at ${JSON.stringify(Destination)}: ${NOT_A_DIRECTORY}`;
  return new StartError(message, 127, { cause });
}

/** Returns the options of a file system in memory. */
function memoryOptions({ hostConfig }: ContainerRecord, destination: string): string[] {
  const [, own] = Object.entries(hostConfig.Tmpfs ?? {}).find(([target]) => cleanPath(target) === destination) ?? [];
  if (own !== undefined) return own.split(",");
  const mount = hostConfig.Mounts?.find(({ Target }) => cleanPath(Target) === destination);
  const { SizeBytes, Mode } = mount?.TmpfsOptions ?? {};
  return [...(SizeBytes ? [`size=${SizeBytes}`] : []), ...(Mode ? [`mode=${Mode.toString(8)}`] : [])];
}

async function prepareBind(source: string, creates: boolean): Promise<void> {
  try {
    await stat(source);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    if (!creates) throw badRequest(`invalid mount config for type "bind": bind source path does not exist: ${source}`);
    await mkdir(source, { recursive: true });
  }
}
