import { randomBytes } from "node:crypto";
import type { Records } from "../../store/records.js";
import type { EndpointResource, IPAMConfig, NetworkCreateResponse } from "../../types/network.js";
import type { EndpointSettings } from "../../types/network-endpoint.js";
import type { Clock } from "../clock.js";
import { badRequest, conflict, EngineError, notFound } from "../engine-error.js";
import type { EventLog } from "../events/event-log.js";
import { type Filters, matchesLabels, matchesPattern } from "../server/query.js";
import type { DataRoot } from "../store/data-root.js";
import { Mutex } from "../store/mutex.js";
import { formatAddress } from "./address.js";
import { assignAddresses } from "./assign-addresses.js";
import { danglingFilter } from "./dangling-filter.js";
import { checkEndpoint, dnsNames, type NamedContainer } from "./endpoint.js";
import {
  hasAddresses,
  type NetworkRecord,
  networkView,
  poolsOf,
  predefinedNetworks,
  predefinedRecords,
} from "./network-record.js";
import { checkRequest, type NetworkRequest } from "./network-request.js";
import { checkOverlaps, checkPools, choosePool } from "./pools.js";

/** A running container in a network. */
export interface Endpoint {
  /** The network. */
  readonly network: NetworkRecord;
  /** The container. */
  readonly container: NamedContainer;
  /** Its settings, with addresses. */
  readonly settings: EndpointSettings;
  /** Number of its interface in the container: the lowest that was free. */
  readonly index: number;
}

/** A network as responses contain it. */
export type NetworkView = ReturnType<typeof networkView>;

/** The settings that a network may have from another one. */
type NetworkSettings = Pick<
  NetworkRecord,
  "enableIPv4" | "enableIPv6" | "ipamOptions" | "configured" | "options" | "labels" | "configFrom"
>;

/** What networks need from other parts of the engine. */
export interface NetworkDependencies {
  /** The events of the engine. */
  readonly events: EventLog;
  /** The time of the engine. */
  readonly clock: Clock;
  /** Is told of a network that was removed. */
  readonly removed?: (network: NetworkRecord) => Promise<void>;
}

const newId = (): string => randomBytes(32).toString("hex");

/** The networks of an engine, and the running containers in them. */
export class Networks {
  readonly #records: Records<NetworkRecord>;
  readonly #needs: NetworkDependencies;
  /** The endpoints of each network by the ID of their container. The records of the containers keep them over a restart. */
  readonly #endpoints = new Map<string, Map<string, Endpoint>>();
  readonly #mutex = new Mutex();

  private constructor(records: Records<NetworkRecord>, needs: NetworkDependencies) {
    this.#records = records;
    this.#needs = needs;
  }

  /** Opens the networks of a data root. The predefined ones are created with it. */
  static async open(root: DataRoot, needs: NetworkDependencies): Promise<Networks> {
    const records = await root.records<NetworkRecord>("networks");
    const names = new Set([...records.all().values()].map(({ name }) => name));
    for (const record of predefinedRecords(newId, String(needs.clock.now()), choosePool(4, []))) {
      if (!names.has(record.name)) await records.put(record.id, record);
    }
    return new Networks(records, needs);
  }

  /** Returns whether a network exists. */
  has(reference: string): boolean {
    return this.#matching(reference).length === 1;
  }

  /**
   * Finds a network by ID, name, or the beginning of its ID.
   *
   * @throws an {@link EngineError} with status 404 when there is none, and 400 when the beginning of an ID has several.
   */
  find(reference: string): NetworkRecord {
    const found = this.#matching(reference);
    const [record] = found;
    if (!record) throw notFound(`network ${reference} not found`);
    if (found.length > 1)
      throw badRequest(`network ${reference} is ambiguous (${found.length} matches found based on ID prefix)`);
    return record;
  }

  #matching(reference: string): NetworkRecord[] {
    const all = this.records();
    const exact = this.#records.get(reference) ?? all.find(({ name }) => name === reference);
    if (exact) return [exact];
    return reference === "" ? [] : all.filter(({ id }) => id.startsWith(reference));
  }

  /** Returns all networks, in the order of their creation. */
  records(): NetworkRecord[] {
    return [...this.#records.all().values()];
  }

  /** Returns a network with the running containers in it. */
  inspect(reference: string): NetworkView {
    const record = this.find(reference);
    const containers = [...this.endpointsOf(record.id)].map(({ container, settings }): [string, EndpointResource] => [
      container.id,
      {
        Name: container.name,
        EndpointID: settings.EndpointID ?? "",
        MacAddress: settings.MacAddress ?? "",
        IPv4Address: settings.IPAddress ? `${settings.IPAddress}/${settings.IPPrefixLen ?? 0}` : "",
        IPv6Address: settings.GlobalIPv6Address ? `${settings.GlobalIPv6Address}/${settings.GlobalIPv6PrefixLen ?? 0}` : "",
      },
    ]);
    return { ...networkView(record), Containers: Object.fromEntries(containers) };
  }

  /**
   * Returns the networks that satisfy all filters: `dangling`, `driver`, `id`, `label`, `name`, `scope` and `type`.
   *
   * @throws an {@link EngineError} with status 400 or 500 for invalid values.
   */
  list(filters: Filters = new Map()): NetworkView[] {
    const isDangling = danglingFilter(filters);
    const types = filters.get("type") ?? [];
    for (const type of types)
      if (type !== "builtin" && type !== "custom") throw new EngineError(500, `invalid filter: 'type'='${type}'`);
    const anyOf = (name: string, value: string): boolean => filters.get(name)?.includes(value) ?? true;
    const isWanted = ({ id, name, driver, labels }: NetworkRecord): boolean =>
      (isDangling === undefined || isDangling === (!predefinedNetworks.has(name) && this.endpointsOf(id).length === 0)) &&
      anyOf("driver", driver) &&
      anyOf("scope", "local") &&
      (types.length === 0 || types.includes(predefinedNetworks.has(name) ? "builtin" : "custom")) &&
      matchesPattern(id, filters.get("id")) &&
      matchesLabels(labels, filters.get("label")) &&
      matchesPattern(name, filters.get("name"));
    return this.records().filter(isWanted).map(networkView);
  }

  /**
   * Creates a network.
   *
   * @throws an {@link EngineError} in the words of Docker.
   */
  create(request: NetworkRequest): Promise<NetworkCreateResponse> {
    return this.#mutex.run(async () => {
      checkRequest(request);
      const { Name: name, ConfigOnly: configOnly = false } = request;
      checkPools(request.IPAM?.Config ?? []);
      if (this.records().some((record) => record.name === name)) throw conflict(`network with name ${name} already exists`);
      const settings = this.#settings(request);
      const record: NetworkRecord = {
        id: newId(),
        name,
        created: String(this.#needs.clock.now()),
        driver: configOnly ? "null" : "bridge",
        internal: request.Internal ?? false,
        attachable: request.Attachable ?? false,
        ...settings,
        chosen: configOnly ? [] : this.#choosePools(settings),
        ...(configOnly ? { configOnly } : {}),
      };
      await this.#records.put(record.id, record);
      this.#emit("create", record);
      return { Id: record.id, Warning: "" };
    });
  }

  /** Returns the settings of a new network: those of the request, or those of the network that it names. */
  #settings({ ConfigFrom, EnableIPv4 = true, EnableIPv6 = false, IPAM, Options, Labels }: NetworkRequest): NetworkSettings {
    const from = ConfigFrom?.Network;
    if (!from) {
      return {
        enableIPv4: EnableIPv4,
        enableIPv6: EnableIPv6,
        ipamOptions: IPAM?.Options ?? null,
        configured: IPAM?.Config ?? [],
        options: Options ?? {},
        labels: Labels ?? {},
      };
    }
    const source = this.records().find((record) => record.configOnly && record.name === from);
    if (!source) throw notFound(`configuration network ${JSON.stringify(from)} does not exist`);
    const { enableIPv4, enableIPv6, ipamOptions, configured, options, labels } = source;
    return { enableIPv4, enableIPv6, ipamOptions, configured, options, labels, configFrom: from };
  }

  /** Chooses the pools that a new network lacks. @throws an {@link EngineError} when those that it has overlap with others. */
  #choosePools({ enableIPv4, enableIPv6, configured }: NetworkSettings): IPAMConfig[] {
    const others = this.records()
      .filter(({ configOnly }) => !configOnly)
      .flatMap(poolsOf);
    const pools = poolsOf({ configured, chosen: [] });
    checkOverlaps(pools, others);
    const lacks = (version: 4 | 6): boolean => !pools.some(({ subnet }) => subnet.version === version);
    return [
      ...(enableIPv4 && lacks(4) ? [choosePool(4, [...others, ...pools])] : []),
      ...(enableIPv6 && lacks(6) ? [choosePool(6, [...others, ...pools])] : []),
    ];
  }

  /**
   * Removes a network.
   *
   * @throws an {@link EngineError} with status 403 for predefined networks and those with running containers.
   */
  remove(reference: string): Promise<void> {
    return this.#mutex.run(async () => {
      const record = this.find(reference);
      if (predefinedNetworks.has(record.name))
        throw new EngineError(403, `${record.name} is a pre-defined network and cannot be removed`);
      const endpoints = this.endpointsOf(record.id).map(
        ({ container, settings }) => `name:"${container.name}" id:"${(settings.EndpointID ?? "").slice(0, 12)}"`,
      );
      if (endpoints.length > 0) {
        const reason = `network ${record.name} has active endpoints (${endpoints.join(", ")})`;
        throw new EngineError(403, `error while removing network: ${reason}`);
      }
      if (record.configOnly && this.records().some(({ configFrom }) => configFrom === record.name)) {
        const reason = `configuration network ${JSON.stringify(record.name)} is in use`;
        throw new EngineError(403, `error while removing network: ${reason}`);
      }
      await this.#remove(record);
    });
  }

  /**
   * Removes the networks without running containers.
   *
   * @param filters - `label`, `label!`; `until` is passed separately.
   * @param until - removes only networks that were created before, in nanoseconds since 1970.
   * @returns the names of the removed networks.
   */
  prune(filters: Filters = new Map(), until?: bigint): Promise<string[]> {
    return this.#mutex.run(async () => {
      const unwanted = filters.get("label!") ?? [];
      const deleted: string[] = [];
      for (const record of this.records()) {
        const { id, name, labels, created, configOnly } = record;
        if (configOnly || predefinedNetworks.has(name) || this.endpointsOf(id).length > 0) continue;
        if (until !== undefined && BigInt(created) > until) continue;
        if (!matchesLabels(labels, filters.get("label"))) continue;
        if (unwanted.length > 0 && matchesLabels(labels, unwanted)) continue;
        await this.#remove(record);
        deleted.push(name);
      }
      this.#needs.events.emit("network", "prune", "", { reclaimed: "0" });
      return deleted;
    });
  }

  /**
   * Adds a container that runs, or is about to, to a network.
   *
   * @param reference - ID or name of the network.
   * @param settings - the settings of the endpoint, checked with {@link checkEndpoint}.
   * @returns the settings with addresses.
   * @throws an {@link EngineError} with status 403 when the container is in the network already or its address is in use, and 500
   *   when all addresses are in use. Starting a container puts `failed to set up container networking: ` before the message.
   */
  connect(reference: string, container: NamedContainer, settings: EndpointSettings): EndpointSettings {
    const network = this.find(reference);
    if (network.configOnly) throw new EngineError(403, "cannot create endpoint on configuration-only network");
    const endpoints = this.#endpoints.get(network.id) ?? new Map<string, Endpoint>();
    if (endpoints.has(container.id))
      throw new EngineError(403, `endpoint with name ${container.name} already exists in network ${network.name}`);
    const filled = {
      ...settings,
      NetworkID: network.id,
      EndpointID: newId(),
      DNSNames: dnsNames(network, container, settings),
      ...(hasAddresses(network)
        ? assignAddresses(
            network,
            settings,
            [...endpoints.values()].map((endpoint) => endpoint.settings),
          )
        : {}),
    };
    this.#add({ network, container, settings: filled });
    this.#emit("connect", network, { container: container.id });
    return filled;
  }

  /** Adds a container that has been running since an earlier run of the engine, as it was. */
  restore(reference: string, container: NamedContainer, settings: EndpointSettings): void {
    this.#add({ network: this.find(reference), container, settings });
  }

  #add(endpoint: Omit<Endpoint, "index">): void {
    const { network, container } = endpoint;
    const taken = new Set(this.endpointsFor(container.id).map((other) => other.index));
    let index = 0;
    while (taken.has(index)) index += 1;
    const endpoints = this.#endpoints.get(network.id) ?? new Map<string, Endpoint>();
    this.#endpoints.set(network.id, endpoints.set(container.id, { ...endpoint, index }));
  }

  /** Removes a container from a network. Has no effect if it is not in it. */
  release(reference: string, container: string): void {
    const [network] = this.#matching(reference);
    if (!network || !this.#endpoints.get(network.id)?.delete(container)) return;
    this.#emit("disconnect", network, { container });
  }

  /** Returns the running containers in a network. */
  endpointsOf(networkId: string): Endpoint[] {
    return [...(this.#endpoints.get(networkId)?.values() ?? [])];
  }

  /** Returns the running container that has an address. */
  endpointAt(address: string): Endpoint | undefined {
    const all = [...this.#endpoints.values()].flatMap((endpoints) => [...endpoints.values()]);
    return all.find(({ settings }) => settings.IPAddress === address || settings.GlobalIPv6Address === address);
  }

  /** Returns the endpoints of a running container. */
  endpointsFor(container: string): Endpoint[] {
    return [...this.#endpoints.values()].flatMap((endpoints) => endpoints.get(container) ?? []);
  }

  /**
   * Changes the name of a container in its networks.
   *
   * @param endpoints - the settings of its endpoints by the name of the network.
   * @returns the settings with the names that other containers find it by now.
   */
  rename(id: string, name: string, endpoints: Readonly<Record<string, EndpointSettings>>): Record<string, EndpointSettings> {
    const container = { id, name };
    for (const endpoint of this.endpointsFor(id)) {
      const { network, settings } = endpoint;
      const DNSNames = dnsNames(network, container, settings);
      this.#endpoints.get(network.id)?.set(id, { ...endpoint, container, settings: { ...settings, DNSNames } });
    }
    const renamed = Object.entries(endpoints).map(([reference, settings]): [string, EndpointSettings] => {
      const [network] = settings.DNSNames ? this.#matching(reference) : [];
      return [reference, network ? { ...settings, DNSNames: dnsNames(network, container, settings) } : settings];
    });
    return Object.fromEntries(renamed);
  }

  /**
   * Checks the settings of an endpoint in a network that may not exist yet.
   *
   * @throws an {@link EngineError} with status 400 that lists everything wrong.
   */
  checkEndpoint(reference: string, settings: EndpointSettings): void {
    const [network] = this.#matching(reference);
    if (!network) return;
    try {
      checkEndpoint(network, settings);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      throw badRequest(`invalid config for network ${reference}: ${error.message}`, error);
    }
  }

  /** Returns the address of the host in the default network, for which `host-gateway` stands. */
  get hostGateway(): string {
    const [pool] = poolsOf(this.find("bridge"));
    return pool ? formatAddress({ version: 4, value: pool.gateway }) : "";
  }

  /** Returns the addresses of the host in a network. */
  gatewaysOf(network: NetworkRecord): string[] {
    return poolsOf(network).map(({ subnet, gateway }) => formatAddress({ version: subnet.version, value: gateway }));
  }

  async #remove(record: NetworkRecord): Promise<void> {
    await this.#records.remove(record.id);
    this.#endpoints.delete(record.id);
    await this.#needs.removed?.(record);
    this.#emit("destroy", record);
  }

  #emit(action: string, { id, name, driver }: NetworkRecord, attributes: Record<string, string> = {}): void {
    this.#needs.events.emit("network", action, id, { ...attributes, name, type: driver });
  }
}
