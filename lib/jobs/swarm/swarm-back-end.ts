import type { Client, ServiceSpec, Task } from "../../index.js";
import type { Installed, JobBackEnd, RunningJob } from "../back-end.js";
import { ID_LABEL } from "../containers/definition.js";
import { PORT_RANGE, PortAllocator, type PortRange } from "../containers/ports.js";
import { repositoryTags } from "../containers/repository-tags.js";
import { fail, FAILURES, InvalidJobError } from "../errors.js";
import type { InstallContainerOptions, JobBuild, JobContainer, JobContainerState, RunContainerOptions } from "../models.js";
import type { RequestIdentifier } from "../request-identifier.js";
import { type JobStore, memoryStore } from "../store.js";
import type { NetworkLink } from "../values/links.js";
import type { ReservedPair } from "../values/ports.js";
import { checkOptions } from "./check-options.js";
import { SwarmLinks } from "./links.js";
import { findOwned, hostnamesOf, isUp, listOwned, type OwnedService, rowOf, stateOf, tasksOf } from "./owned-service.js";
import { settle, untilStopped, whenFree } from "./rollout.js";
import { removeSecrets } from "./secrets.js";
import { serviceLog } from "./service-log.js";
import { type EndpointMode, modeOf, placementOf, type ServiceSettings } from "./service-spec.js";
import { statusText } from "./status.js";
import { SwarmInstaller } from "./swarm-installer.js";
import { removeForgotten, runSwarmJob } from "./swarm-job.js";

/** Options of {@link swarmBackEnd}. @category Jobs */
export interface SwarmBackEndOptions {
  /** The client of an engine that is a manager of the swarm. It stays open when the jobs end. */
  client: Client;
  /** What outlives containers. In memory by default. */
  store?: JobStore | undefined;
  /** The ports that are chosen for containers: 4000 to 59999 by default. */
  ports?: PortRange | undefined;
  /**
   * How services are found: `vip`, the default, under a virtual address each, or `dnsrr`, under the addresses of their tasks. Nodes
   * whose kernel lacks IPVS have no virtual addresses and no ingress network: they need `dnsrr`.
   */
  endpointMode?: EndpointMode | undefined;
  /**
   * How long new tasks are watched, in milliseconds. If one fails during this time, managers bring back what it replaced. 5,000 by
   * default, as for Docker's services.
   */
  monitor?: number | undefined;
  /**
   * How long a request waits for the tasks of a service to run, in milliseconds. It succeeds after that, and the swarm goes on.
   * 60,000 by default.
   */
  patience?: number | undefined;
}

/**
 * Lets jobs run on a swarm, as services. The client's credentials for the registries of their images go with the services.
 *
 * @category Jobs
 */
export function swarmBackEnd(options: SwarmBackEndOptions): JobBackEnd {
  return new SwarmBackEnd(options);
}

class SwarmBackEnd implements JobBackEnd {
  readonly store: JobStore;
  readonly #client: Client;
  readonly #settings: ServiceSettings;
  readonly #links: SwarmLinks;
  readonly #installer: SwarmInstaller;

  constructor(options: SwarmBackEndOptions) {
    const { client, store = memoryStore(), ports = PORT_RANGE } = options;
    const { endpointMode = "vip", monitor = 5_000, patience = 60_000 } = options;
    this.store = store;
    this.#client = client;
    this.#settings = { endpointMode, monitor, patience };
    this.#links = new SwarmLinks(client, store, this.#settings);
    this.#installer = new SwarmInstaller(client, store, this.#links, new PortAllocator(ports), this.#settings);
  }

  /** @throws an error if the engine is not a manager of a swarm. */
  async reconcile(signal: AbortSignal): Promise<void> {
    await removeForgotten(this.#client, signal);
    await this.#links.apply(undefined, false, signal);
  }

  supports(options: InstallContainerOptions): void {
    checkOptions(options, this.#settings.endpointMode);
    this.#links.check(options.networkLinks ?? []);
  }

  async install(options: InstallContainerOptions, request: RequestIdentifier, signal: AbortSignal): Promise<Installed> {
    const ports = await this.#installer.install(options, request.toString(), signal);
    await this.#links.apply(options.id, false, signal);
    return { ports };
  }

  async state(id: string): Promise<JobContainerState | undefined> {
    const owned = await findOwned(this.#client, id);
    return owned && stateOf(owned, await tasksOf(this.#client, owned));
  }

  async start(id: string, signal: AbortSignal): Promise<void> {
    const owned = await this.#existing(id);
    if (this.#installer.isOutdated(owned)) await this.#installer.renew(owned, signal);
    else await this.#scale(owned, true, signal);
  }

  async stop(id: string, signal: AbortSignal): Promise<void> {
    const owned = await this.#existing(id);
    await this.#scale(owned, false, signal);
    await untilStopped(this.#client, owned, signal);
  }

  async restart(id: string, signal: AbortSignal): Promise<void> {
    const owned = await this.#existing(id);
    if (this.#installer.isOutdated(owned)) await this.#installer.renew(owned, signal);
    else if (isUp(owned)) await this.#update(owned, replaceTasks, signal);
    else await this.#scale(owned, true, signal);
  }

  async remove(id: string, removeVolumes: boolean, signal: AbortSignal): Promise<void> {
    const owned = await findOwned(this.#client, id);
    if (removeVolumes && owned) await this.#refuseFarVolumes(owned);
    if (owned) await this.#client.removeService({ id: owned.service.ID }, { signal });
    await this.#links.apply(id, true, signal);
    await this.#links.remove(id, signal);
    await removeSecrets(this.#client, id, signal);
    if (!removeVolumes) return;
    const { Volumes } = await this.#client.listVolumes({ filters: { label: `${ID_LABEL}=${id}` } }, { signal });
    for (const { Name } of Volumes)
      await whenFree(() => this.#client.removeVolume({ name: Name }, { signal }), this.#settings.patience, signal);
  }

  async status(id: string): Promise<string | undefined> {
    const owned = await findOwned(this.#client, id);
    if (!owned) return undefined;
    const [tasks, hostnames] = await Promise.all([tasksOf(this.#client, owned), hostnamesOf(this.#client)]);
    return statusText(owned, tasks, hostnames);
  }

  async log(id: string, tail: number, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | undefined> {
    const owned = await findOwned(this.#client, id);
    return owned && serviceLog(this.#client, owned, tail, signal);
  }

  async ports(id: string): Promise<readonly ReservedPair[] | undefined> {
    return (await findOwned(this.#client, id))?.definition.ports;
  }

  async containers(): Promise<readonly JobContainer[]> {
    const all = await listOwned(this.#client);
    if (all.length === 0) return [];
    const [tasks, hostnames] = await Promise.all([
      this.#client.listTasks({ filters: { service: all.map(({ service }) => service.ID) } }),
      hostnamesOf(this.#client),
    ]);
    const ofService = (id: string): Task[] => tasks.filter(({ ServiceID }) => ServiceID === id);
    return all.map((owned) => rowOf(owned, ofService(owned.service.ID), hostnames));
  }

  builds(): Promise<readonly JobBuild[]> {
    return Promise.resolve([]);
  }

  images(): Promise<readonly string[]> {
    return repositoryTags(this.#client);
  }

  async link(id: string, links: readonly NetworkLink[], signal: AbortSignal): Promise<void> {
    this.#links.check(links);
    await this.#existing(id);
    await this.#links.connect(id, signal);
    await this.#links.apply(id, false, signal);
    if (links.length === 0) await this.#links.remove(id, signal);
  }

  build(): Promise<RunningJob> {
    const message = "images are not built on a swarm, whose nodes would not have them: build on one engine, and push the image";
    return Promise.reject(new InvalidJobError(message, { data: { option: "source" } }));
  }

  run(options: RunContainerOptions, request: RequestIdentifier, signal: AbortSignal): Promise<RunningJob> {
    return runSwarmJob(this.#client, options, request, this.#settings, signal);
  }

  async #existing(id: string): Promise<OwnedService> {
    const owned = await findOwned(this.#client, id);
    if (!owned) throw fail(FAILURES.containerNotFound, undefined, { container: id });
    return owned;
  }

  /** Lets the tasks of a service run, or not. */
  async #scale(owned: OwnedService, up: boolean, signal: AbortSignal): Promise<void> {
    const { definition } = owned;
    const scaled = (spec: ServiceSpec): ServiceSpec => ({
      ...spec,
      Mode: modeOf(definition.options, up),
      TaskTemplate: { ...spec.TaskTemplate, Placement: placementOf(definition, up) },
    });
    await this.#update(owned, scaled, signal, up);
  }

  async #update(
    { service }: OwnedService,
    spec: (current: ServiceSpec) => ServiceSpec,
    signal: AbortSignal,
    isAwaited = true,
  ): Promise<void> {
    await this.#client.updateService({ id: service.ID, spec }, { signal });
    if (isAwaited) await settle(this.#client, service.ID, this.#settings, signal);
  }

  /** Refuses to remove volumes that other nodes have: only their own engines can. */
  async #refuseFarVolumes({ definition: { volumes, node } }: OwnedService): Promise<void> {
    if (volumes.length === 0 || node === (await this.#client.info()).Swarm.NodeID) return;
    const message = "the option removeVolumes is not supported on a swarm for volumes of other nodes: their engines have them";
    throw new InvalidJobError(message, { data: { option: "removeVolumes" } });
  }
}

/** Lets managers replace all tasks of a service. */
function replaceTasks(spec: ServiceSpec): ServiceSpec {
  const { ForceUpdate = 0 } = spec.TaskTemplate ?? {};
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, ForceUpdate: ForceUpdate + 1 } };
}
