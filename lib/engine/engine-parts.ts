import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { type Durability, removeOthers } from "../store/safe-files.js";
import { applyChanges } from "./builder/apply-changes.js";
import type { Clock } from "./clock.js";
import type { ConnectedContainer } from "./containers/container-host.js";
import { Containers, type ContainersHost } from "./containers/containers.js";
import { LayeredRoots } from "./containers/layered-roots.js";
import { ContainerLog } from "./containers/log.js";
import type { ContainerRecord } from "./containers/record.js";
import { ContainerStorage } from "./containers/storage.js";
import { WrittenFiles } from "./containers/written-files.js";
import { EventLog } from "./events/event-log.js";
import { emitImageEvent } from "./events/image-events.js";
import { Attachments } from "./networks/attachments.js";
import { ContainerNames } from "./networks/container-names.js";
import { ContainerNetwork } from "./networks/container-network.js";
import { ContainerNetworking, nameSettings } from "./networks/container-networking.js";
import type { NameSettings } from "./networks/name-lookup.js";
import { Networks } from "./networks/networks.js";
import { PublishedPorts } from "./networks/published-ports.js";
import type { ImageSearch } from "./registry/image-search.js";
import { buildRoutes } from "./routes/build.js";
import { commitRoutes } from "./routes/commit.js";
import { containerFileRoutes } from "./routes/container-files.js";
import { containerListRoutes } from "./routes/container-list.js";
import { containerProcessRoutes } from "./routes/container-processes.js";
import { containerStreamRoutes } from "./routes/container-streams.js";
import { containerRoutes } from "./routes/containers.js";
import { earlyRoutes } from "./routes/early.js";
import { eventRoutes } from "./routes/events.js";
import { execRoutes } from "./routes/exec.js";
import { imageArchiveRoutes } from "./routes/image-archives.js";
import { imageRegistryRoutes } from "./routes/image-registry.js";
import { imageRoutes } from "./routes/images.js";
import { inactiveRoutes } from "./routes/inactive.js";
import { networkRoutes } from "./routes/networks.js";
import { systemRoutes, type SystemSources } from "./routes/system.js";
import { systemSources } from "./routes/system-sources.js";
import { volumeRoutes } from "./routes/volumes.js";
import { chooseExecutor, type ChosenExecutor, type ExecutorChoice } from "./runtime/choose-executor.js";
import type { Executor, SandboxNetwork } from "./runtime/executor.js";
import { machinePrograms } from "./runtime/oci/machine-programs.js";
import type { Resolve } from "./runtime/oci/relay.js";
import type { Program } from "./runtime/program/program.js";
import { ProgramExecutor } from "./runtime/program/program-executor.js";
import { SHELLS, standardProgramFiles } from "./runtime/program/program-files.js";
import { ProgramRegistry } from "./runtime/program/registry.js";
import { sh } from "./runtime/program/shell/sh.js";
import { standardPrograms } from "./runtime/program/standard/index.js";
import { addStandardImage } from "./runtime/standard-image.js";
import type { Route } from "./server/router.js";
import { type DataRoot, memoryDataRoot, openDataRoot } from "./store/data-root.js";
import { UNPACKED_LIMIT } from "./store/decompress.js";
import { ImageNames } from "./store/image-names.js";
import { ImageStore } from "./store/images.js";
import type { TestedState } from "./testing/tested-state.js";
import { Volumes } from "./volumes/volumes.js";

/** The version of Docker whose behavior the engine follows. Clients parse it. */
const VERSION = "28.5.0-embedded";

/** What the parts of an engine are made from. */
export interface EnginePartsOptions {
  /** The time. */
  readonly clock: Clock;
  /** A temporary folder of this run. */
  readonly folder: string;
  /** Folder of the state; undefined for memory. */
  readonly dataRoot: string | undefined;
  /** What completed changes of it survive; undefined for the end of the process. */
  readonly durability: Durability | undefined;
  /** How containers run. */
  readonly executor: ExecutorChoice;
  /** Programs that containers can run, besides the standard ones. */
  readonly programs: Record<string, Program>;
  /** Names of an image with the standard programs, which a new state has. */
  readonly standardImages: readonly string[];
  /** Reports a fault that no client learns of. */
  readonly report: (message: string) => void;
  /** The highest API version. */
  readonly apiVersion: string;
  /** The lowest API version. */
  readonly minApiVersion: string;
  /** Registries that may use plain HTTP or invalid certificates. */
  readonly insecureRegistries: readonly string[];
  /** Finds images in registries. */
  readonly search: ImageSearch | undefined;
  /** The most bytes of content that is decompressed; undefined for the usual limits. */
  readonly unpackedLimit: number | undefined;
}

/** The most bytes of a layer on disk when it is decompressed. */
const DISK_LIMIT = 16 * UNPACKED_LIMIT;

/** What an engine remembers of itself. */
interface EngineRecord {
  /** Its ID. */
  readonly id: string;
}

/** The parts of an engine, connected with each other. */
export class EngineParts {
  readonly #options: EnginePartsOptions;
  /** The state. */
  readonly root: DataRoot;
  readonly #events: EventLog;
  readonly #ports = new PublishedPorts();
  readonly #chosen: ChosenExecutor;
  readonly #executor: Executor;
  /** The programs of containers; undefined if they are processes of the machine. */
  #registry: ProgramRegistry | undefined;
  #id = "";
  #images!: ImageStore;
  #networks!: Networks;
  #networking!: ContainerNetworking;
  #names!: ContainerNames;
  #volumes!: Volumes;
  #storage!: ContainerStorage;
  #containers!: Containers;

  private constructor(options: EnginePartsOptions, root: DataRoot, chosen: ChosenExecutor) {
    this.#options = options;
    this.root = root;
    this.#chosen = chosen;
    this.#events = new EventLog(options.clock);
    this.#executor = chosen.oci ?? this.#programExecutor();
  }

  #programExecutor(): ProgramExecutor {
    const { clock, programs, report } = this.#options;
    const registry = new ProgramRegistry({ ...standardPrograms, ...Object.fromEntries(SHELLS.map((name) => [name, sh])) });
    for (const [name, program] of Object.entries(programs)) registry.register(name, program);
    this.#registry = registry;
    return new ProgramExecutor({
      ...(this.#chosen.reason !== undefined && { reason: this.#chosen.reason }),
      clock,
      registry,
      network: () => this.#network,
      report,
    });
  }

  /** The network between the containers, whose parts are there when the first one runs. */
  get #network(): ContainerNetwork {
    return new ContainerNetwork(this.#networks, {
      nameSettings: (id) => this.#nameSettings(id),
      connect: (id, to) => this.#containers.lookup(id)?.sandbox?.connect(to),
    });
  }

  /** Opens the state of an engine, unless it is open already. @throws when another engine uses it. */
  static async open(options: EnginePartsOptions, state?: DataRoot): Promise<EngineParts> {
    const { folder, dataRoot, durability, executor, report } = options;
    const disk = dataRoot === undefined ? undefined : (state ?? (await openDataRoot(dataRoot, { durability, onReport: report })));
    try {
      const place = (await disk?.directory("oci")) ?? join(folder, "oci");
      const running: { names?: ContainerNames } = {};
      const resolve: Resolve = async (from, name) => running.names?.resolve(from, name);
      const chosen = await chooseExecutor(executor, { folder: place, outlives: disk !== undefined, report, resolve });
      // processes of the machine need real folders, also for volumes
      const root = disk ?? state ?? memoryDataRoot(chosen.oci && join(folder, "data"));
      const parts = new EngineParts(options, root, chosen);
      await parts.#open();
      running.names = parts.#names;
      return parts;
    } catch (error) {
      await disk?.close();
      throw error;
    }
  }

  async #open(): Promise<void> {
    const { clock } = this.#options;
    const events = this.#events;
    const records = await this.root.records<ContainerRecord>("containers");
    const users = (name: string): string[] =>
      this.#containers
        .all()
        .filter(({ record }) => record.mounts.some((mount) => mount.Name === name))
        .map(({ id }) => id);
    this.#volumes = await Volumes.open(this.root, { events, clock, users, memory: this.#chosen.oci?.memory });
    this.#networks = await Networks.open(this.root, {
      events,
      clock,
      removed: async (network) => this.#chosen.oci?.removeNetwork(network.id, this.#networks.gatewaysOf(network)),
    });
    this.#networking = new ContainerNetworking(this.#networks, this.#ports);
    this.#names = new ContainerNames({
      networks: this.#networks,
      networking: this.#networking,
      isReal: this.#chosen.oci !== undefined,
      find: (reference) => this.#containers.find(reference),
      write: (record, name, content) => this.#storage.write(record, name, content),
    });
    const trees = await this.root.directory("trees");
    const written = trees === undefined ? undefined : await WrittenFiles.open(trees, records.all(), this.root.durability);
    const roots = this.#chosen.oci?.roots ?? this.root.held("container roots", () => new LayeredRoots(clock, written));
    this.#storage = new ContainerStorage({ blobs: this.root.blobs, volumes: this.#volumes, clock, roots });
    this.#images = await ImageStore.open(this.root, {
      now: () => clock.now(),
      users: () => this.#containers.imageUsers(),
      onChange: (action, image, name) => emitImageEvent(events, action, image, name),
      report: (message) => this.#options.report(message),
      unpackedLimit: this.#options.unpackedLimit ?? (this.#options.dataRoot === undefined ? UNPACKED_LIMIT : DISK_LIMIT),
    });
    const directory = await this.root.directory("containers");
    const logs = directory ?? join(this.#options.folder, "containers");
    this.#containers = new Containers(records, this.#host(logs));
    if (directory !== undefined) await removeOthers(directory, (id) => records.get(id) !== undefined);
    await this.#images.sweep();
    await this.#storage.sweep(this.#images.stacks());
    await this.#identify();
  }

  /** Gives a new engine its images and, as the last step, its ID. */
  async #identify(): Promise<void> {
    const records = await this.root.records<EngineRecord>("engine");
    const known = records.get("engine");
    const names = this.#options.standardImages;
    if (!known && names.length > 0) await addStandardImage(this.#images, names, await this.tested.basePrograms());
    const record = known ?? { id: randomUUID() };
    if (!known) await records.put("engine", record);
    this.#id = record.id;
  }

  #host(logs: string): ContainersHost {
    const { clock, report } = this.#options;
    return {
      clock,
      report,
      events: this.#events,
      executor: this.#executor,
      image: (name) => this.#images.find(name),
      files: (record) => this.#storage.files(record),
      keepFiles: (record, save) => this.#storage.keep(record, save),
      mount: (record, requests) => this.#storage.mount(record, requests),
      idOf: (reference) => this.#containers.find(reference).id,
      networkName: (reference) => this.#networks.find(reference).name,
      checkEndpoint: (network, settings) => this.#networks.checkEndpoint(network, settings),
      renamed: (id, name, endpoints) => this.#networks.rename(id, name, endpoints),
      log: (id) => new ContainerLog(join(logs, id, `${id}-json.log`)),
      connect: (record) => this.#connect(record),
      reconnect: (record) => this.#reconnect(record),
      republish: (record, source) => this.#networking.republish(record, source),
      publish: (record, source) => this.#networking.publish(record, source),
      disconnect: (record) => {
        this.#networking.disconnect(record);
        this.#storage.unmountVolumes(record);
        return Promise.resolve();
      },
      removeFiles: (record, volumes) => this.#removeFiles(record, volumes),
    };
  }

  async #connect(record: ContainerRecord): Promise<ConnectedContainer> {
    this.#storage.ended(record); // files in memory are new in each run
    const hosts = this.#networking.connect(record);
    this.#storage.mountVolumes(record);
    return { hosts, network: await this.#names.write(record, hosts) };
  }

  /** Connects a container that an earlier engine has left as it was. */
  #reconnect(record: ContainerRecord): SandboxNetwork {
    this.#networking.reconnect(record);
    this.#storage.mountVolumes(record);
    return this.#networking.sandboxNetwork(record, (reference) => this.#containers.find(reference).id);
  }

  #nameSettings(id: string): NameSettings | undefined {
    const container = this.#containers.lookup(id);
    return container && nameSettings(container.record);
  }

  async #removeFiles(record: ContainerRecord, volumes: boolean): Promise<void> {
    await this.#storage.remove(record);
    await this.#images.collectLayers();
    if (!volumes) return;
    for (const name of record.anonymousVolumes ?? []) await this.#volumes.removeUnused(name);
  }

  /** What tests change directly. */
  get tested(): TestedState {
    return {
      clock: this.#options.clock,
      containers: this.#containers,
      events: this.#events,
      images: this.#images,
      volumes: this.#volumes,
      basePrograms: async () => (this.#chosen.oci ? machinePrograms() : standardProgramFiles()),
      runsPrograms: this.#registry !== undefined,
      register: (name, program) => {
        this.#options.programs[name] = program;
        this.#registry?.register(name, program);
      },
    };
  }

  /** Returns all routes. */
  routes(): Route[] {
    const { clock, apiVersion } = this.#options;
    const events = this.#events;
    const images = this.#images;
    const containers = this.#containers;
    const { insecureRegistries, search, unpackedLimit = UNPACKED_LIMIT } = this.#options;
    const archives = { images, events, clock, version: apiVersion, applyChanges };
    const attachments = new Attachments(this.#networks, {
      find: (reference) => {
        const { record, isRunning } = containers.find(reference);
        const { id, name, networks, hostConfig } = record;
        return { id, name, networks, networkMode: hostConfig.NetworkMode ?? "", isRunning };
      },
      setNetworks: async (id, networks) => {
        await containers.find(id).change({ networks });
      },
      attach: (id, network) => this.#names.attach(id, network),
      detach: (id, network) => this.#names.detach(id, network),
    });
    const listRoutes = containerListRoutes(containers, new ImageNames(images), clock);
    return [
      ...eventRoutes(events, clock),
      ...listRoutes,
      ...containerRoutes(containers),
      ...containerStreamRoutes(containers),
      ...containerFileRoutes(containers),
      ...containerProcessRoutes(containers, clock),
      ...execRoutes(containers),
      ...imageRoutes({ images, events, driver: "layers", search }),
      ...imageArchiveRoutes(archives),
      ...imageRegistryRoutes({ ...archives, insecureRegistries }),
      ...commitRoutes({ containers, images, clock, version: VERSION }),
      ...buildRoutes({
        containers,
        images,
        events,
        clock,
        version: VERSION,
        insecureRegistries,
        unpackedLimit,
        snapshot: (layers) => this.#storage.snapshot(layers),
      }),
      ...networkRoutes(this.#networks, attachments),
      ...volumeRoutes(this.#volumes),
      ...inactiveRoutes(),
      ...earlyRoutes({ containers, images, clock, version: VERSION, list: listRoutes }),
      ...systemRoutes(this.#system()),
    ];
  }

  #system(): SystemSources {
    const { clock, apiVersion, minApiVersion, folder, dataRoot } = this.#options;
    const facts = {
      version: VERSION,
      versions: { min: minApiVersion, max: apiVersion },
      id: this.#id,
      name: hostname(),
      labels: [],
      insecureRegistries: this.#options.insecureRegistries,
      rootDirectory: dataRoot ?? folder,
      runtimes: [this.#executor.name],
      enforcesLimits: this.#executor.enforcesLimits,
      executor: this.#executor.facts,
      cgroupVersion: this.#executor.cgroupVersion,
      warnings: this.#executor.enforcesLimits ? [] : ["WARNING: No memory limit support", "WARNING: No cpu limit support"],
    };
    const objects = { clock, containers: this.#containers, images: this.#images, volumes: this.#volumes, events: this.#events };
    return systemSources(facts, objects);
  }

  /** Starts the containers that start with the engine. */
  restore(): Promise<void> {
    return this.#containers.restore();
  }

  /** Kills all containers. */
  stopAll(): Promise<void> {
    return this.#containers.stopAll();
  }

  /** Removes all containers with their files, as far as they can be removed. */
  removeContainers(): Promise<void> {
    return this.#containers.removeAll();
  }

  /** Frees everything but the state. */
  async end(): Promise<void> {
    this.#ports.closeAll();
    await this.#executor.close();
  }

  /** Frees everything. */
  async close(): Promise<void> {
    await this.end();
    await this.root.close();
  }
}
