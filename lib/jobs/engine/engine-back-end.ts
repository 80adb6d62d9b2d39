import { type Client, type ContainerInspect, NoSuchContainerError, PortInUseError } from "../../index.js";
import type { Installed, JobBackEnd, RunningJob } from "../back-end.js";
import { ID_LABEL, JOB_LABEL } from "../containers/definition.js";
import { bytesOf } from "../containers/output.js";
import { PORT_RANGE, PortAllocator, type PortRange } from "../containers/ports.js";
import { repositoryTags } from "../containers/repository-tags.js";
import { isForgotten } from "../containers/waiting.js";
import { fail, FAILURES, InvalidJobError } from "../errors.js";
import type {
  BuildImageOptions,
  InstallContainerOptions,
  JobBuild,
  JobContainer,
  JobContainerState,
  RunContainerOptions,
} from "../models.js";
import { type Owner, thisOwner } from "../owner.js";
import type { RequestIdentifier } from "../request-identifier.js";
import { type JobStore, memoryStore } from "../store.js";
import { nameOf } from "../values/identifier.js";
import type { NetworkLink } from "../values/links.js";
import type { ReservedPair } from "../values/ports.js";
import { Builds } from "./builds.js";
import { Installer } from "./installer.js";
import { Links } from "./links.js";
import { findBase, listOwned, type Owned, rowOf } from "./owned.js";
import { refuseSwarmOptions } from "./refuse-swarm-options.js";
import { runJob } from "./run-job.js";
import { statusText } from "./status.js";
import { Swap } from "./swap.js";

/** Options of {@link engineBackEnd}. @category Jobs */
export interface EngineBackEndOptions {
  /** The client of the engine. It stays open when the jobs end. */
  client: Client;
  /** What outlives containers. In memory by default. */
  store?: JobStore | undefined;
  /** The ports that are chosen for containers: 4000 to 59999 by default. */
  ports?: PortRange | undefined;
  /**
   * Image with `sh`, and `socat` or the `nc` of busybox, which forwards links that lead from a loopback address. `busybox` by
   * default.
   */
  forwarderImage?: string | undefined;
}

/**
 * Lets jobs run on one engine.
 *
 * @category Jobs
 */
export function engineBackEnd(options: EngineBackEndOptions): JobBackEnd {
  return new EngineBackEnd(options);
}

class EngineBackEnd implements JobBackEnd {
  readonly store: JobStore;
  readonly #client: Client;
  readonly #swap: Swap;
  readonly #installer: Installer;
  readonly #links: Links;
  readonly #builds: Builds;

  constructor({ client, store = memoryStore(), ports = PORT_RANGE, forwarderImage = "busybox" }: EngineBackEndOptions) {
    this.store = store;
    this.#client = client;
    this.#swap = new Swap(client);
    const owner: Promise<Owner> = thisOwner();
    this.#installer = new Installer(client, store, this.#swap, new PortAllocator(ports), owner);
    this.#links = new Links(client, forwarderImage);
    this.#builds = new Builds(client);
  }

  async reconcile(): Promise<void> {
    const all = await listOwned(this.#client);
    for (const id of new Set(all.map((container) => container.id)))
      await this.#swap.reconcile(
        id,
        all.filter((container) => container.id === id),
      );
    for (const { Id, Labels } of await this.#client.listContainers({ all: true, filters: { label: JOB_LABEL } }))
      if (await isForgotten(Labels)) await this.#swap.remove(Id);
  }

  supports(options: InstallContainerOptions): void {
    const { socketActivation, networkLinks = [] } = options;
    refuseSwarmOptions(options);
    this.#links.check(networkLinks);
    if (!socketActivation) return;
    const message = "the option socketActivation is not supported: containers on an engine are started, not activated";
    throw new InvalidJobError(message, { data: { option: "socketActivation" } });
  }

  async install(options: InstallContainerOptions, request: RequestIdentifier, signal: AbortSignal): Promise<Installed> {
    const ports = await this.#installer.install(options, request.toString(), signal);
    await this.#applyLinks(options.id, options.started ?? false, signal);
    return { ports };
  }

  async state(id: string): Promise<JobContainerState | undefined> {
    return (await findBase(this.#client, id))?.state;
  }

  async start(id: string, signal: AbortSignal): Promise<void> {
    const container = await this.#existing(id);
    if (this.#isOutdated(container)) await this.#installer.renew(container, signal);
    else {
      await this.#surviveEngine(container, signal);
      await this.#startSomewhere(container, signal);
    }
    await this.#applyLinks(id, true, signal);
  }

  async stop(id: string, signal: AbortSignal): Promise<void> {
    const { containerId } = await this.#existing(id);
    await this.#links.stop(id, signal);
    await this.#client.stopContainer({ id: containerId }, { signal });
  }

  async restart(id: string, signal: AbortSignal): Promise<void> {
    const container = await this.#existing(id);
    if (this.#isOutdated(container)) await this.#installer.renew(container, signal);
    else {
      await this.#surviveEngine(container, signal);
      await this.#client.restartContainer({ id: container.containerId }, { signal });
    }
    await this.#applyLinks(id, true, signal);
  }

  async remove(id: string, removeVolumes: boolean, signal: AbortSignal): Promise<void> {
    await this.#links.remove(id, signal);
    for (const { containerId } of await listOwned(this.#client, id)) await this.#swap.remove(containerId);
    if (!removeVolumes) return;
    const { Volumes } = await this.#client.listVolumes({ filters: { label: `${ID_LABEL}=${id}` } }, { signal });
    for (const { Name } of Volumes) await this.#client.removeVolume({ name: Name }, { signal });
  }

  async status(id: string): Promise<string | undefined> {
    const container = await findBase(this.#client, id);
    if (!container) return undefined;
    let found: ContainerInspect;
    try {
      found = await this.#client.inspectContainer({ id: container.containerId });
    } catch (error) {
      if (error instanceof NoSuchContainerError) return undefined;
      throw error;
    }
    return statusText(container, found);
  }

  async log(id: string, tail: number, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | undefined> {
    try {
      const options = { id: nameOf(id), stdout: true, stderr: true, follow: true, tail };
      return bytesOf(await this.#client.logs(options, { signal }));
    } catch (error) {
      if (error instanceof NoSuchContainerError) return undefined;
      throw error;
    }
  }

  async ports(id: string): Promise<readonly ReservedPair[] | undefined> {
    return (await findBase(this.#client, id))?.definition.ports;
  }

  async containers(): Promise<readonly JobContainer[]> {
    return (await listOwned(this.#client)).filter(({ role }) => role === "base").map(rowOf);
  }

  builds(): Promise<readonly JobBuild[]> {
    return Promise.resolve(this.#builds.list());
  }

  images(): Promise<readonly string[]> {
    return repositoryTags(this.#client);
  }

  async link(id: string, links: readonly NetworkLink[], signal: AbortSignal): Promise<void> {
    const container = await findBase(this.#client, id);
    if (!container) throw fail(FAILURES.containerNotFound, undefined, { container: id });
    await this.#links.apply(container, links, signal);
  }

  build(options: BuildImageOptions, request: RequestIdentifier, signal: AbortSignal): Promise<RunningJob> {
    return this.#builds.begin(options, request, signal);
  }

  run(options: RunContainerOptions, request: RequestIdentifier, signal: AbortSignal): Promise<RunningJob> {
    return runJob(this.#client, options, request, signal);
  }

  async #existing(id: string): Promise<Owned> {
    const container = await findBase(this.#client, id);
    if (!container) throw fail(FAILURES.containerNotFound, undefined, { container: id });
    return container;
  }

  /** Whether the store has another environment than the container was created with. */
  #isOutdated({ definition: { options, revision } }: Owned): boolean {
    return this.#installer.variablesOf(options) !== undefined && this.#installer.revisionOf(options) !== revision;
  }

  /** Lets the engine start a container when it starts itself, until the container is stopped. */
  async #surviveEngine({ containerId, definition }: Owned, signal: AbortSignal): Promise<void> {
    if (definition.options.started) return;
    await this.#client.updateContainer({ id: containerId, update: { RestartPolicy: { Name: "unless-stopped" } } }, { signal });
  }

  /** Starts a container. If another program has a port that was chosen for it, it is created again with another one. */
  async #startSomewhere(container: Owned, signal: AbortSignal): Promise<void> {
    try {
      await this.#client.startContainer({ id: container.containerId }, { signal });
    } catch (error) {
      if (!(error instanceof PortInUseError)) throw error;
      const fixed = new Set(container.definition.options.ports?.map(({ external = 0 }) => external));
      const chosen = container.definition.ports.map(({ external }) => external).filter((port) => !fixed.has(port));
      if (chosen.length === 0) throw fail(FAILURES.containerStartFailed, error, { container: container.id, port: error.port });
      await this.#installer.renew(container, signal, chosen);
    }
  }

  /** Connects a container with those that it is linked to, and those that are linked to it. */
  async #applyLinks(id: string, isUp: boolean, signal: AbortSignal): Promise<void> {
    const links = this.store.links.get(id) ?? [];
    const container = links.length > 0 ? await findBase(this.#client, id) : undefined;
    if (container && isUp) await this.#links.apply(container, links, signal);
    for (const [from, others] of this.store.links.all()) {
      if (from === id || others.every(({ toHost }) => toHost !== id)) continue;
      const source = await findBase(this.#client, from);
      if (source) await this.#links.apply(source, others, signal);
    }
  }
}
