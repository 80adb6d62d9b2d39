import type { ContainerRecord } from "../containers/record.js";
import type { SandboxEndpoint, SandboxNetwork } from "../runtime/executor.js";
import { formatAddress } from "./address.js";
import { connectAll, releaseAll } from "./attachments.js";
import { outsideOf } from "./interfaces.js";
import { hostsFile, type NameSettings } from "./name-lookup.js";
import { hasAddresses, poolsOf } from "./network-record.js";
import type { Endpoint, Networks } from "./networks.js";
import type { PortSettings } from "./port-bindings.js";
import type { PortSource, PublishedPorts } from "./published-ports.js";

/** Returns what the settings of a container say about names. */
export function nameSettings({ id, config, hostConfig, links = [] }: ContainerRecord): NameSettings {
  return {
    id,
    hostname: config.Hostname || id.slice(0, 12),
    domainname: config.Domainname ?? "",
    extraHosts: hostConfig.ExtraHosts ?? null,
    links: links.map(({ alias, container }) => `${container}:${alias}`),
  };
}

/** Connects containers with their networks when they start, and disconnects them when they end. */
export class ContainerNetworking {
  readonly #networks: Networks;
  readonly #ports: PublishedPorts;

  constructor(networks: Networks, ports: PublishedPorts) {
    this.#networks = networks;
    this.#ports = ports;
  }

  /**
   * Connects a container that is about to start, and fills the networks of its record.
   *
   * @returns the text of `/etc/hosts`.
   * @throws an {@link EngineError} as Docker answers the start of a container.
   */
  connect(record: ContainerRecord): string {
    record.networks = connectAll(this.#networks, record, record.networks);
    return hostsFile(this.#networks, nameSettings(record));
  }

  /** Connects a container that has been running since an earlier run of the engine, as its record has it. */
  reconnect({ id, name, networks }: ContainerRecord): void {
    for (const [network, settings] of Object.entries(networks)) this.#networks.restore(network, { id, name }, settings);
  }

  /** Publishes the ports of a container that has been running since an earlier run of the engine, on the ports that its record has. */
  async republish(record: ContainerRecord, source: PortSource): Promise<void> {
    const bindings = Object.fromEntries(Object.entries(record.ports).filter(([, published]) => published));
    await this.#publish(record, { exposed: Object.keys(record.ports), bindings, publishAll: false }, source);
  }

  /**
   * Returns the networks of a container that was connected, as executors with real networks need them.
   *
   * @param idOf - finds the ID of a container by its name.
   */
  sandboxNetwork({ id, hostConfig }: ContainerRecord, idOf: (reference: string) => string): SandboxNetwork {
    const { NetworkMode = "" } = hostConfig;
    if (NetworkMode === "host") return { kind: "host" };
    if (NetworkMode.startsWith("container:")) return { kind: "shared", container: idOf(NetworkMode.slice("container:".length)) };
    const endpoints = this.#networks.endpointsFor(id).filter(({ network }) => hasAddresses(network));
    return { kind: "own", endpoints: endpoints.map(sandboxEndpoint), outside: this.outside(id) };
  }

  /** Returns the ID of the network through which a container reaches what is in none of its networks; undefined if none leads there. */
  outside(id: string): string | undefined {
    return outsideOf(this.#networks.endpointsFor(id))?.network.id;
  }

  /**
   * Publishes the ports of a container, and fills the ports of its record. A container that only the containers of its networks
   * reach has no ports, as on Docker.
   *
   * @param source - reaches the ports of the container.
   * @throws an {@link EngineError} as Docker answers the start of a container.
   */
  async publish(record: ContainerRecord, source: PortSource): Promise<void> {
    const { config, hostConfig } = record;
    const settings = {
      exposed: Object.keys(config.ExposedPorts ?? {}),
      bindings: hostConfig.PortBindings,
      publishAll: hostConfig.PublishAllPorts ?? false,
    };
    await this.#publish(record, settings, source);
  }

  async #publish(record: ContainerRecord, settings: PortSettings, source: PortSource): Promise<void> {
    const endpoint = this.#networks.endpointsFor(record.id).find(isOutside);
    if (!endpoint) {
      record.ports = {};
      return;
    }
    const { id, name } = record;
    const { EndpointID = "", IPAddress = "", GlobalIPv6Address = "" } = endpoint.settings;
    record.ports = await this.#ports.publish(
      { id, name, endpoint: EndpointID, address: IPAddress || GlobalIPv6Address },
      settings,
      source,
    );
  }

  /** Disconnects a container that has ended, closes its ports, and removes addresses and ports from its record. */
  disconnect(record: ContainerRecord): void {
    this.#ports.close(record.id);
    record.ports = {};
    record.networks = releaseAll(this.#networks, record.id, record.networks);
  }
}

/** Returns an endpoint as executors with real networks need it. */
export function sandboxEndpoint({ network, settings }: Endpoint): SandboxEndpoint {
  const gateways = poolsOf(network).map(
    ({ subnet, gateway }) => `${formatAddress({ version: subnet.version, value: gateway })}/${subnet.prefix}`,
  );
  return { network: network.id, gateways, settings };
}

const isOutside = ({ network }: Endpoint): boolean => network.driver === "bridge" && !network.internal;
