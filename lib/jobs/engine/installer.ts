import { randomInt } from "node:crypto";
import PQueue from "p-queue";
import { type Client, ContainerAlreadyExistsError, type CreateContainerOptions, PortInUseError } from "../../index.js";
import { setTimeout } from "../../wire/clock.js";
import { revisionOf } from "../containers/definition.js";
import { persistentPaths } from "../containers/persistent-paths.js";
import { type PortAllocator, reserve } from "../containers/ports.js";
import { digestOf } from "../digest.js";
import { fail, FAILURES } from "../errors.js";
import type { InstallContainerOptions } from "../models.js";
import { hasEnded, type Owner } from "../owner.js";
import type { JobStore } from "../store.js";
import type { EnvironmentVariable } from "../values/environment.js";
import type { ReservedPair } from "../values/ports.js";
import { containerFor } from "./container.js";
import { type EngineDefinition, isUp, listOwned, type Owned, roleName } from "./owned.js";
import type { Swap } from "./swap.js";

/** How often an installation makes way for that of another process, or for another program's port. */
const ATTEMPTS = 50;

/** The longest wait before the next attempt, in milliseconds: on a busy machine, short ones end at the same time again. */
const LONGEST_WAIT = 2_000;

/** Who has a port that no container of the jobs has. */
const OTHER = "another program";

/** What is to be installed. */
interface Wanted {
  readonly options: InstallContainerOptions;
  readonly request: string;
  readonly digest: string;
  /** The paths whose content outlives the container. */
  readonly volumes: readonly string[];
}

/** A container that has been created, and has its ports. */
interface Prepared {
  readonly containerId: string;
  readonly ports: readonly ReservedPair[];
  readonly current: Owned | undefined;
}

/** Installs containers: reserves their ports, creates them, and puts them in the place of those that they replace. */
export class Installer {
  readonly #client: Client;
  readonly #store: JobStore;
  readonly #swap: Swap;
  readonly #allocator: PortAllocator;
  readonly #owner: Promise<Owner>;
  /** One reservation at a time: what one reserves, the next one must see. */
  readonly #reserving = new PQueue({ concurrency: 1 });

  constructor(client: Client, store: JobStore, swap: Swap, allocator: PortAllocator, owner: Promise<Owner>) {
    this.#client = client;
    this.#store = store;
    this.#swap = swap;
    this.#allocator = allocator;
    this.#owner = owner;
  }

  /** The variables that a definition's environment has now; undefined if the store does not know it. */
  variablesOf({ environment }: InstallContainerOptions): readonly EnvironmentVariable[] | undefined {
    return environment?.id === undefined ? [] : this.#store.environments.get(environment.id);
  }

  /** The digest of what a container would get from the store now. */
  revisionOf(options: InstallContainerOptions): string {
    return revisionOf(this.variablesOf(options) ?? []);
  }

  /** Installs a container. What the request has installed already stays as it is. */
  async install(options: InstallContainerOptions, request: string, signal: AbortSignal): Promise<readonly ReservedPair[]> {
    const volumes = await persistentPaths(this.#client, options, signal);
    const wanted = { options, request, digest: digestOf(options), volumes };
    return this.#attempt(wanted, (current) => current.request === request, signal);
  }

  /**
   * Creates a container again, so that it gets what the store has now.
   *
   * @param avoided - ports that it no longer gets, because other programs have them.
   */
  async renew(
    { definition: { options, digest }, request }: Owned,
    signal: AbortSignal,
    avoided: readonly number[] = [],
  ): Promise<void> {
    const volumes = await persistentPaths(this.#client, options, signal);
    await this.#attempt({ options: { ...options, started: true }, request, digest, volumes }, () => false, signal, avoided);
  }

  async #attempt(
    wanted: Wanted,
    isDone: (current: Owned) => boolean,
    signal: AbortSignal,
    inUse: readonly number[] = [],
  ): Promise<readonly ReservedPair[]> {
    const { options } = wanted;
    const avoided = new Map(inUse.map((port) => [port, OTHER]));
    for (let attempt = 1; ; attempt++) {
      signal.throwIfAborted();
      const prepared = await this.#reserving.add(() => this.#prepare(wanted, isDone, avoided));
      if (prepared === "later" && attempt < ATTEMPTS) {
        await new Promise((resolve) => setTimeout(resolve, randomInt(20, Math.min(200 * attempt, LONGEST_WAIT))));
        continue;
      }
      if (prepared === "later") throw fail(FAILURES.portsNotReserved);
      if ("already" in prepared) return prepared.already;
      const { containerId, ports, current } = prepared;
      try {
        await this.#swap.replace(options.id, containerId, current, options.started ?? false);
        return ports;
      } catch (error) {
        if (!(error instanceof PortInUseError)) throw error;
        // another program has the port: another one does as well, unless the caller wants this one
        const fixed = new Set(options.ports?.map(({ external = 0 }) => external));
        const chosen = ports.filter(({ external }) => !fixed.has(external));
        if (chosen.length === 0 || attempt === ATTEMPTS) throw fail(FAILURES.portsNotReserved, error);
        for (const { external } of chosen) avoided.set(external, OTHER);
      }
    }
  }

  /** Reserves ports, and creates the container. Returns `later` if another process reserves one of the ports at this moment. */
  async #prepare(
    { options, request, digest, volumes }: Wanted,
    isDone: (current: Owned) => boolean,
    avoided: ReadonlyMap<number, string>,
  ): Promise<Prepared | { readonly already: readonly ReservedPair[] } | "later"> {
    const { id, ports: pairs = [] } = options;
    // other containers matter only if they may have the ports
    const seen = pairs.length > 0 ? undefined : id;
    const all = await this.#makeWay(id, await listOwned(this.#client, seen), seen);
    const current = all.find((container) => container.id === id && container.role === "base");
    if (current && isDone(current)) return { already: current.definition.ports };
    const others = all.filter((container) => container.id !== id);
    const taken = new Map([...avoided, ...others.flatMap(portsOf)]);
    const existing = current?.definition.ports ?? [];
    const ports = reserve(
      pairs,
      existing.filter(({ external }) => !avoided.has(external)),
      taken,
      this.#allocator,
    );
    const definition: EngineDefinition = {
      options,
      ports,
      digest,
      revision: this.revisionOf(options),
      replacesRunning: current !== undefined && isUp(current),
      owner: await this.#owner,
    };
    const variables = this.variablesOf(options) ?? [];
    const containerId = await this.#create(containerFor(roleName(id, "next"), request, definition, variables, volumes), id);
    const isNew = ports.some(({ external }) => existing.every((pair) => pair.external !== external));
    if (isNew && (await this.#isContested(id, ports))) {
      await this.#swap.remove(containerId);
      return "later";
    }
    return { containerId, ports, current };
  }

  async #create(container: CreateContainerOptions, id: string): Promise<string> {
    try {
      return (await this.#client.createContainer(container)).Id;
    } catch (error) {
      throw error instanceof ContainerAlreadyExistsError
        ? fail(FAILURES.containerAlreadyExists, error, { container: id })
        : error;
    }
  }

  /**
   * Clears what a process that has ended left of an installation. Returns the containers that there are then.
   *
   * @param seen - the identifier that the containers have; undefined for all of them.
   * @throws an error if another process installs the container.
   */
  async #makeWay(id: string, all: Owned[], seen: string | undefined): Promise<Owned[]> {
    const same = all.filter((container) => container.id === id);
    const next = same.find(({ role }) => role === "next");
    if (!next) return all;
    if (!(await hasEnded(next.definition.owner, next.created)))
      throw fail(FAILURES.containerAlreadyExists, undefined, { container: id });
    await this.#swap.reconcile(id, same);
    return listOwned(this.#client, seen);
  }

  /** Whether a container of another process has one of the ports, too: it has been created at the same time. */
  async #isContested(id: string, ports: readonly ReservedPair[]): Promise<boolean> {
    const others = (await listOwned(this.#client)).filter((container) => container.id !== id);
    const taken = new Map(others.flatMap(portsOf));
    return ports.some(({ external }) => taken.has(external));
  }
}

function portsOf({ id, definition }: Owned): (readonly [port: number, id: string])[] {
  return definition.ports.map(({ external }) => [external, id] as const);
}
