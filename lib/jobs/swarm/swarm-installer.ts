import { randomInt } from "node:crypto";
import PQueue from "p-queue";
import { type Client, PortInUseError, type ServiceSpec, SwarmObjectAlreadyExistsError } from "../../index.js";
import { revisionOf } from "../containers/definition.js";
import { persistentPaths } from "../containers/persistent-paths.js";
import { type PortAllocator, reserve } from "../containers/ports.js";
import { digestOf } from "../digest.js";
import { fail, FAILURES, InvalidJobError } from "../errors.js";
import type { InstallContainerOptions } from "../models.js";
import { pause } from "../pause.js";
import type { JobStore } from "../store.js";
import type { EnvironmentVariable } from "../values/environment.js";
import type { ReservedPair } from "../values/ports.js";
import type { SwarmLinks } from "./links.js";
import { listOwned, type OwnedService, type SwarmDefinition } from "./owned-service.js";
import { settle, taskProblem } from "./rollout.js";
import { ensureSecret, removeSecrets } from "./secrets.js";
import { publishModeOf, type ServiceSettings, serviceSpec } from "./service-spec.js";

/** How often an installation makes way for that of another process, or for another service's port. */
const ATTEMPTS = 20;

/** What is to be installed. */
interface Wanted {
  readonly options: InstallContainerOptions;
  readonly request: string;
  readonly digest: string;
  readonly isUp: boolean;
  /** The paths whose content outlives the container. */
  readonly volumes: readonly string[];
}

/** A service that has been created or updated. */
interface Put {
  readonly service: string;
  readonly ports: readonly ReservedPair[];
  readonly isNew: boolean;
}

/** Installs services: reserves their ports, and creates or updates them. Managers replace the tasks of a service that is updated. */
export class SwarmInstaller {
  readonly #client: Client;
  readonly #store: JobStore;
  readonly #links: SwarmLinks;
  readonly #allocator: PortAllocator;
  readonly #settings: ServiceSettings;
  /** One reservation at a time: what one reserves, the next one must see. */
  readonly #reserving = new PQueue({ concurrency: 1 });

  constructor(client: Client, store: JobStore, links: SwarmLinks, allocator: PortAllocator, settings: ServiceSettings) {
    this.#client = client;
    this.#store = store;
    this.#links = links;
    this.#allocator = allocator;
    this.#settings = settings;
  }

  /** The variables that a definition's environment has now; undefined if the store does not know it. */
  variablesOf({ environment }: InstallContainerOptions): readonly EnvironmentVariable[] | undefined {
    return environment?.id === undefined ? [] : this.#store.environments.get(environment.id);
  }

  /** Whether the store has another environment than a service was created with. */
  isOutdated({ definition: { options, revision } }: OwnedService): boolean {
    const variables = this.variablesOf(options);
    return variables !== undefined && revisionOf(variables) !== revision;
  }

  /** Installs a container. What the request has installed already stays as it is. */
  async install(options: InstallContainerOptions, request: string, signal: AbortSignal): Promise<readonly ReservedPair[]> {
    const volumes = await persistentPaths(this.#client, options, signal);
    const wanted = { options, request, digest: digestOf(options), isUp: options.started ?? false, volumes };
    return this.#deploy(wanted, (current) => current.request === request, signal);
  }

  /** Updates the service of a container, so that it gets what the store has now. */
  async renew({ definition, request }: OwnedService, signal: AbortSignal): Promise<void> {
    const { options, digest, volumes } = definition;
    await this.#deploy({ options, request, digest, isUp: true, volumes }, () => false, signal);
  }

  async #deploy(
    wanted: Wanted,
    isDone: (current: OwnedService) => boolean,
    signal: AbortSignal,
  ): Promise<readonly ReservedPair[]> {
    const { id } = wanted.options;
    const put = await this.#putSomewhere(wanted, isDone, signal);
    if ("already" in put) return put.already;
    try {
      if (wanted.isUp) await settle(this.#client, put.service, this.#settings, signal);
    } catch (error) {
      // managers bring back what they replaced, but there was nothing before a new service
      if (put.isNew) await this.#client.removeService({ id: put.service }).catch(() => undefined);
      throw fail(FAILURES.containerCreateFailed, error, { ...taskProblem(error), container: id });
    } finally {
      await removeSecrets(this.#client, id, signal);
    }
    return put.ports;
  }

  /** Creates or updates a service, with other ports than those that turn out to be in use. */
  async #putSomewhere(
    wanted: Wanted,
    isDone: (current: OwnedService) => boolean,
    signal: AbortSignal,
  ): Promise<Put | { readonly already: readonly ReservedPair[] }> {
    const avoided = new Map<number, string>();
    const fixed = new Set(wanted.options.ports?.map(({ external = 0 }) => external));
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      try {
        const put = await this.#reserving.add(() => this.#put(wanted, isDone, avoided, signal));
        if (put !== "later") return put;
        if (attempt === ATTEMPTS) throw fail(FAILURES.portsNotReserved);
        await pause(randomInt(20, 200), signal);
      } catch (error) {
        if (!(error instanceof PortInUseError)) throw error;
        // a service of somebody else has the port: another one does as well, unless the caller wants this one
        const { port } = error;
        if (fixed.has(port) || attempt === ATTEMPTS) throw fail(FAILURES.portsNotReserved, error, { port });
        avoided.set(port, "another service");
      }
    }
  }

  async #put(
    wanted: Wanted,
    isDone: (current: OwnedService) => boolean,
    avoided: ReadonlyMap<number, string>,
    signal: AbortSignal,
  ): Promise<Put | { readonly already: readonly ReservedPair[] } | "later"> {
    const { options, request, digest, isUp, volumes } = wanted;
    const { id } = options;
    // other services matter only if they may have the ports
    const all = await listOwned(this.#client, options.ports?.length ? undefined : id);
    const current = all.find((owned) => owned.id === id);
    if (current && isDone(current)) return { already: current.definition.ports };
    if (current) refuseOtherMode(current, options);
    const taken = new Map([...avoided, ...all.filter((owned) => owned.id !== id).flatMap(portsOf)]);
    const existing = (current?.definition.ports ?? []).filter(({ external }) => !avoided.has(external));
    const ports = reserve(options.ports ?? [], existing, taken, this.#allocator);
    const variables = this.variablesOf(options) ?? [];
    const node = await this.#nodeOf(options, volumes, current);
    const definition: SwarmDefinition = { options, ports, digest, revision: revisionOf(variables), volumes, node };
    const secret = options.secretEnvironment ? await ensureSecret(this.#client, id, variables, signal) : undefined;
    const networks = await this.#links.networksOf(id, current?.service.Spec.TaskTemplate?.Networks ?? [], signal);
    const spec = serviceSpec({ request, definition, isUp, variables, secret, networks }, this.#settings);
    if (current) {
      await this.#client.updateService({ id: current.service.ID, spec: (now) => replacing(now, spec) }, { signal });
      return { service: current.service.ID, ports, isNew: false };
    }
    const service = await this.#create(spec, id, signal);
    if (ports.length === 0 || publishModeOf(options, this.#settings.endpointMode) === "ingress")
      return { service, ports, isNew: true };
    // managers refuse two services with a port of the ingress network, but not with a port of a node
    const others = (await listOwned(this.#client)).filter((owned) => owned.id !== id).flatMap(portsOf);
    if (!others.some(([port]) => ports.some(({ external }) => external === port))) return { service, ports, isNew: true };
    await this.#client.removeService({ id: service }, { signal });
    return "later";
  }

  async #create(spec: ServiceSpec, id: string, signal: AbortSignal): Promise<string> {
    try {
      return (await this.#client.createService({ spec }, { signal })).ID;
    } catch (error) {
      throw error instanceof SwarmObjectAlreadyExistsError
        ? fail(FAILURES.containerAlreadyExists, error, { container: id })
        : error;
    }
  }

  /** Returns the node that keeps the volumes of a container: volumes do not follow it to another one. */
  async #nodeOf(
    { constraints, global }: InstallContainerOptions,
    volumes: readonly string[],
    current: OwnedService | undefined,
  ): Promise<string | undefined> {
    if (volumes.length === 0 || constraints !== undefined || global) return undefined;
    return current?.definition.node ?? (await this.#client.info()).Swarm.NodeID;
  }
}

/** Returns the spec of an update. The number that forces tasks to be replaced stays, so that an update without changes does nothing. */
function replacing(now: ServiceSpec, spec: ServiceSpec): ServiceSpec {
  const { ForceUpdate = 0 } = now.TaskTemplate ?? {};
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, ForceUpdate } };
}

function refuseOtherMode({ definition }: OwnedService, { global = false }: InstallContainerOptions): void {
  if (global === (definition.options.global ?? false)) return;
  const message = "the option global cannot change: delete the container before you install it in the other way";
  throw new InvalidJobError(message, { data: { option: "global" } });
}

function portsOf({ id, definition }: OwnedService): (readonly [port: number, id: string])[] {
  return definition.ports.map(({ external }) => [external, id] as const);
}
