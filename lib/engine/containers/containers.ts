import type { Records } from "../../store/records.js";
import type { ContainerCreateRequest } from "../../types/container-requests.js";
import type { HostConfig } from "../../types/host-config.js";
import type { EndpointSettings } from "../../types/network-endpoint.js";
import { errorMessage } from "../../wire/realm.js";
import { badRequest, conflict, EngineError, explained, notFound } from "../engine-error.js";
import type { ImageUser, StoredImage } from "../store/images.js";
import type { ManifestPlatform } from "../store/manifest.js";
import { checkPlatform, checkSharedNetwork, createWarnings } from "./check-create.js";
import { Container } from "./container.js";
import type { ContainerHost } from "./container-host.js";
import { checkedName, randomName } from "./container-names.js";
import { completeHostConfig, containerConfig, newId } from "./create-config.js";
import { Execs } from "./execs.js";
import { linkedEnvironment } from "./link-environment.js";
import { checkLinks, endLinks, linkTexts, namesOf, resolveLinks, splitLinkName } from "./links.js";
import type { ContainerLog } from "./log.js";
import { inheritedMounts, type MountRequest, mountRequests } from "./mount-requests.js";
import type { ContainerRecord } from "./record.js";
import { startsWithEngine } from "./restart-policy.js";

/** What the containers need of the other parts of an engine. */
export interface ContainersHost extends Omit<
  ContainerHost,
  "save" | "autoRemove" | "linkTexts" | "linkedEnvironment" | "namesOf"
> {
  /** Finds an image by name or ID. @throws an {@link EngineError} with status 404 if there is none. */
  image(name: string): StoredImage;
  /** Creates the volumes of a new container, and adds the mounts to its record. */
  mount(record: ContainerRecord, requests: readonly MountRequest[]): Promise<void>;
  /** Returns the name of a network. @throws an {@link EngineError} with status 404 if there is none with this name or ID. */
  networkName(reference: string): string;
  /**
   * Checks the settings of an endpoint in a network, if there is one with this name.
   *
   * @throws an {@link EngineError} with status 400 that lists everything wrong.
   */
  checkEndpoint(network: string, settings: EndpointSettings): void;
  /** Changes the name of a container in its networks. Returns its endpoints with the names that they have now. */
  renamed(id: string, name: string, endpoints: ContainerRecord["networks"]): ContainerRecord["networks"];
  /** Creates the log of a container. */
  log(id: string): ContainerLog;
  /** Removes the files of a container, and its anonymous volumes if `volumes` is set. */
  removeFiles(record: ContainerRecord, volumes: boolean): Promise<void>;
}

/** The containers of an engine. */
export class Containers {
  /** The commands in containers. */
  readonly execs = new Execs();
  readonly #records: Records<ContainerRecord>;
  readonly #host: ContainersHost;
  readonly #containers = new Map<string, Container>();
  /** The containers that have links to others. */
  readonly #linking = new Set<ContainerRecord>();
  /** The names that are taken by containers which are being created. */
  readonly #reserved = new Set<string>();
  /** The containers that are being created: they already use their images. */
  readonly #creating = new Set<ContainerRecord>();

  /** @param records - the containers of earlier runs of the engine. */
  constructor(records: Records<ContainerRecord>, host: ContainersHost) {
    this.#records = records;
    this.#host = host;
    for (const record of records.all().values()) this.#add(structuredClone(record));
  }

  #add(record: ContainerRecord): Container {
    const container = new Container(record, this.#host.log(record.id), {
      ...this.#host,
      save: (changed) => this.#records.put(changed.id, structuredClone(changed)),
      autoRemove: (id) => this.remove(id, { force: true, volumes: true }),
      linkTexts: (changed) => linkTexts(changed, (id) => this.#containers.get(id)?.record),
      linkedEnvironment: (linking) => linkedEnvironment(linking, (id) => this.#containers.get(id)),
      namesOf: (named) => namesOf(named, this.#linking),
      connect: async (starting) => {
        checkLinks(starting, (id) => this.#containers.get(id));
        this.#checkNetwork(starting);
        return this.#host.connect(starting);
      },
    });
    if (record.links && record.links.length > 0) this.#linking.add(record);
    this.#containers.set(record.id, container);
    return container;
  }

  /** Brings the containers of an earlier run of the engine up to date: those that still run are adopted, and some are started again. */
  async restore(): Promise<void> {
    for (const container of [...this.#containers.values()]) {
      // a container that makes trouble must not keep the others from starting
      await this.#restore(container).catch((error: unknown) => {
        this.#host.report(`container ${container.id}: ${errorMessage(error)}`);
      });
    }
    await this.#host.executor.endStrays?.();
  }

  async #restore(container: Container): Promise<void> {
    const { state, hostConfig } = container.record;
    const wasRunning = state.pid !== 0 || state.status === "restarting";
    if (state.pid !== 0 && state.status !== "removing" && (await container.adopt())) return;
    if (wasRunning) {
      Object.assign(state, { status: "exited", pid: 0, exitCode: 255, finishedAt: String(this.#host.clock.now()) });
      container.record.ports = {};
      await container.saveState();
    }
    if (state.status === "removing") await this.#finishRemoval(container);
    else if (wasRunning && hostConfig.AutoRemove) await this.remove(container.id, { force: true, volumes: true });
    else if (startsWithEngine(hostConfig.RestartPolicy, state)) await container.start();
  }

  #forget(record: ContainerRecord): void {
    this.#containers.delete(record.id);
    this.#linking.delete(record);
  }

  /** Returns all containers, newest first. */
  all(): Container[] {
    return [...this.#containers.values()].reverse();
  }

  /** Returns who uses images: the containers, and those that are being created. */
  imageUsers(): ImageUser[] {
    const records = new Set([...this.#creating, ...this.all().map(({ record }) => record)]);
    return [...records].map(({ id, image, layers }) => {
      return { id, running: this.#containers.get(id)?.isRunning ?? false, image, layers };
    });
  }

  /**
   * Finds a container.
   *
   * @param reference - its ID, its name, or the beginning of its ID.
   * @throws an {@link EngineError} with status 404 if there is none, and 400 if several IDs begin so.
   */
  find(reference: string): Container {
    const found = this.lookup(reference);
    if (!found) throw notFound(`No such container: ${reference}`);
    return found;
  }

  /** Like {@link find}, but returns undefined if there is none. */
  lookup(reference: string): Container | undefined {
    const exact = this.#containers.get(reference) ?? this.#named(reference.replace(/^\//, ""));
    if (exact || !/^[0-9a-f]+$/.test(reference)) return exact;
    const [first, second] = [...this.#containers.values()].filter(({ id }) => id.startsWith(reference));
    if (second) throw badRequest(`multiple IDs found with provided prefix: ${reference}`);
    return first;
  }

  #named(name: string): Container | undefined {
    const link = splitLinkName(name);
    if (link) {
      const target = this.#named(link.parent)?.record.links?.find(({ alias }) => alias === link.alias);
      return target && this.#containers.get(target.container);
    }
    return [...this.#containers.values()].find(({ record }) => record.name === name);
  }

  #checkName(name: string): void {
    const holder = this.#named(name)?.id ?? (this.#reserved.has(name) ? "a container that is being created" : undefined);
    if (holder === undefined) return;
    throw conflict(
      `Conflict. The container name "/${name}" is already in use by container "${holder}". You have to remove (or rename) that container to be able to reuse that name.`,
    );
  }

  /**
   * Creates a container.
   *
   * @param name - its name; empty for a random one.
   * @param platform - the platform that its image must have.
   * @throws an {@link EngineError} when the name is taken, the image does not exist, or a setting is wrong.
   */
  async create(name: string, request: ContainerCreateRequest, platform?: ManifestPlatform): Promise<Container> {
    const checked = name === "" ? randomName((taken) => this.#named(taken) !== undefined) : checkedName(name);
    this.#checkName(checked);
    this.#reserved.add(checked);
    try {
      return await this.#create(checked, request, platform);
    } finally {
      this.#reserved.delete(checked);
    }
  }

  async #create(name: string, request: ContainerCreateRequest, platform?: ManifestPlatform): Promise<Container> {
    const { HostConfig: _, NetworkingConfig: __, ...settings } = request;
    if (Object.keys(settings).length === 0) throw badRequest("config cannot be empty in order to create a container");
    if (!request.Image) throw badRequest(request.Cmd?.length ? "no image specified" : "no command specified");
    const image = this.#host.image(request.Image);
    checkPlatform(image, request.Image, platform);
    const id = newId();
    const hostConfig = completeHostConfig(request.HostConfig, this.#host.executor);
    this.#resolveModes(hostConfig);
    checkSharedNetwork(request, hostConfig);
    const config = containerConfig(request, image.config, id, hostConfig.NetworkMode ?? "");
    const isOnBridge = hostConfig.NetworkMode === "bridge";
    const links = isOnBridge ? resolveLinks(hostConfig.Links ?? [], (reference) => this.find(reference).record) : [];
    const record: ContainerRecord = {
      id,
      name,
      created: String(this.#host.clock.now()),
      image: image.id,
      layers: image.layers.map(({ diffId }) => diffId),
      config,
      hostConfig: { ...hostConfig, Links: null },
      links,
      networks: this.#networks(request, hostConfig),
      ports: {},
      mounts: [],
      state: { status: "created", pid: 0, exitCode: 0, error: "", oomKilled: false },
      restartCount: 0,
    };
    const requests = mountRequests(
      config,
      hostConfig,
      inheritedMounts(hostConfig, (reference) => this.lookup(reference)?.record),
    );
    this.#creating.add(record);
    try {
      await this.#host.mount(record, requests);
      const container = this.#add(record);
      await container.save();
      container.emit("create");
      return container;
    } catch (error) {
      this.#forget(record);
      await this.#host.removeFiles(record, true);
      throw error;
    } finally {
      this.#creating.delete(record);
    }
  }

  /** Names the containers whose namespaces a container shares by their IDs. That of the network may be created later. */
  #resolveModes(hostConfig: HostConfig): void {
    for (const mode of ["NetworkMode", "IpcMode", "PidMode"] as const) {
      const [, reference] = /^container:(.+)$/.exec(hostConfig[mode] ?? "") ?? [];
      if (reference === undefined) continue;
      const found = this.lookup(reference);
      if (found) hostConfig[mode] = `container:${found.id}`;
      else if (mode !== "NetworkMode") throw badRequest(`No such container: ${reference}`);
    }
  }

  /** Checks that the container whose network another one shares runs. */
  #checkNetwork({ hostConfig }: ContainerRecord): void {
    const [, reference] = /^container:(.+)$/.exec(hostConfig.NetworkMode ?? "") ?? [];
    if (reference === undefined) return;
    const target = this.lookup(reference);
    if (!target) throw new EngineError(500, `joining network namespace of container: No such container: ${reference}`);
    if (target.isRunning) return;
    const { name, state } = target.record;
    throw conflict(`cannot join network namespace of a non running container: container ${name} is ${state.status}`);
  }

  #networks(
    { NetworkingConfig, MacAddress }: ContainerCreateRequest,
    { NetworkMode = "" }: HostConfig,
  ): ContainerRecord["networks"] {
    const asked = Object.fromEntries(
      Object.entries(NetworkingConfig?.EndpointsConfig ?? {}).map(([name, settings]) => [
        this.#networkName(name === "default" ? "bridge" : name),
        settings,
      ]),
    );
    const isShared = NetworkMode.startsWith("container:");
    if (isShared) return {};
    const name = this.#networkName(NetworkMode);
    const first = { [name]: asked[name] ?? {} };
    if (MacAddress) first[name] = { MacAddress, ...first[name] };
    const all = { ...first, ...asked };
    for (const [network, settings] of Object.entries(all)) this.#host.checkEndpoint(network, settings);
    return all;
  }

  /** Returns the name of a network. One that does not exist may be created before the container starts. */
  #networkName(reference: string): string {
    try {
      return this.#host.networkName(reference);
    } catch (error) {
      if (error instanceof EngineError && error.status === 404) return reference;
      throw error;
    }
  }

  /** Returns what a client should know about settings of a container that have no effect. */
  warningsOf(hostConfig: HostConfig): string[] {
    return createWarnings(hostConfig, this.#host.executor);
  }

  /**
   * Gives a container another name.
   *
   * @throws an {@link EngineError} when the name is taken or malformed.
   */
  async rename(reference: string, name: string): Promise<void> {
    const container = this.find(reference);
    if (name === "") throw badRequest("Neither old nor new names may be empty");
    const old = container.record.name;
    if (old === name.replace(/^\//, "")) throw badRequest("Renaming a container with the same name as its current name");
    const checked = await explained("Error when allocating new name", () => {
      const wanted = checkedName(name.startsWith("/") ? name : `/${name}`);
      this.#checkName(wanted);
      return wanted;
    });
    const networks = this.#host.renamed(container.id, checked, container.record.networks);
    await container.change({ name: checked, networks }).catch((error: unknown) => {
      this.#host.renamed(container.id, old, container.record.networks);
      throw error;
    });
    container.emit("rename", { oldName: `/${old}` });
  }

  /**
   * Removes a link of a container to another one.
   *
   * @param name - `container/alias`.
   * @throws an {@link EngineError} with status 404 if there is no such link.
   */
  async removeLink(name: string): Promise<void> {
    const link = splitLinkName(name);
    const parent = this.find(link?.parent ?? name);
    if (!link) throw new EngineError(500, "Conflict, cannot remove the default link name of the container");
    const links = parent.record.links ?? [];
    const rest = links.filter(({ alias }) => alias !== link.alias);
    if (rest.length === links.length) throw notFound(`No such container: ${name}`);
    await parent.change({ links: rest });
  }

  /**
   * Removes a container.
   *
   * @param options - `force` kills it if it runs; `volumes` also removes its anonymous volumes.
   * @throws an {@link EngineError} with status 409 if it runs, without `force`.
   */
  async remove(reference: string, options: { force?: boolean; volumes?: boolean } = {}): Promise<void> {
    const container = this.find(reference);
    const { record } = container;
    const { state } = record;
    if (state.status === "removing") throw conflict(`removal of container ${reference} is already in progress`);
    if (container.isRunning && !options.force) {
      const what =
        state.status === "paused"
          ? "container is paused and must be unpaused first"
          : "container is running: stop the container before removing or force remove";
      throw conflict(`cannot remove container "${record.name}": ${what}`);
    }
    record.hostConfig.AutoRemove = false;
    await container.exclusively(async () => {
      if (container.isRunning) await container.kill(9);
      await container.settled();
      if (state.status === "restarting") await container.kill(9);
      Object.assign(state, { status: "removing", removesVolumes: options.volumes ?? false });
      // who removes a container from a full disk makes room
      await container.saveState();
      await this.#finishRemoval(container);
    });
  }

  /** Removes a container that is marked for it. If that fails, it is dead, and can be removed again. */
  async #finishRemoval(container: Container): Promise<void> {
    const { record } = container;
    const { id, state } = record;
    try {
      await this.#host.disconnect(record);
      this.#forget(record);
      this.execs.forget(container);
      await this.#host.removeFiles(record, state.removesVolumes ?? false);
      await this.#records.remove(id);
    } catch (error) {
      this.#containers.set(id, container);
      state.status = "dead";
      throw error;
    }
    for (const other of this.#containers.values()) if (endLinks(other.record, record)) await other.saveState();
    container.emit("destroy");
    container.removed();
  }

  /** Removes all containers with their files. What cannot be removed is reported. */
  async removeAll(): Promise<void> {
    await this.stopAll();
    for (const { id } of this.all()) {
      await this.remove(id, { force: true, volumes: true }).catch((error: unknown) =>
        this.#host.report(`removal of container ${id}: ${errorMessage(error)}`),
      );
    }
  }

  /** Stops all containers at once, as the engine does when it ends. */
  async stopAll(): Promise<void> {
    await Promise.all(
      this.all().map((container) =>
        container.shutDown().catch((error: unknown) => this.#host.report(`end of container ${container.id}: ${String(error)}`)),
      ),
    );
  }
}
