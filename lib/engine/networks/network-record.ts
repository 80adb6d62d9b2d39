import type { IPAMConfig, Network } from "../../types/network.js";
import { rfc3339 } from "../containers/record.js";
import type { Pool } from "./pools.js";
import { makePool } from "./pools.js";

/** What is kept of a network over a restart of the engine. */
export interface NetworkRecord {
  /** ID: 64 hexadecimal digits. */
  readonly id: string;
  /** Name. */
  readonly name: string;
  /** Time of creation in nanoseconds since 1970, in decimal digits. */
  readonly created: string;
  /** Driver: `bridge`, `host` or `null`. */
  readonly driver: string;
  /** Whether containers get IPv4 addresses. */
  readonly enableIPv4: boolean;
  /** Whether containers get IPv6 addresses. */
  readonly enableIPv6: boolean;
  /** Whether containers reach nothing but each other. */
  readonly internal: boolean;
  /** Whether the client called it attachable, which matters to swarms only. */
  readonly attachable: boolean;
  /** Options of the IPAM driver; null if the client passed none. */
  readonly ipamOptions: Readonly<Record<string, string>> | null;
  /** The pools that the client configured. */
  readonly configured: readonly IPAMConfig[];
  /** The pools that the engine chose. */
  readonly chosen: readonly IPAMConfig[];
  /** Options of the driver. */
  readonly options: Readonly<Record<string, string>>;
  /** Labels. */
  readonly labels: Readonly<Record<string, string>>;
  /** Whether it only holds settings for other networks. */
  readonly configOnly?: boolean;
  /** Name of the network that its settings are from. */
  readonly configFrom?: string;
}

/** The networks that every engine has. They cannot be created or removed. */
export const predefinedNetworks: ReadonlySet<string> = new Set(["bridge", "host", "none", "default"]);

/** Returns whether the containers of a network get addresses. */
export const hasAddresses = ({ driver }: NetworkRecord): boolean => driver === "bridge";

/** Returns the pools of a network, those that the client configured first. */
export function poolsOf({ configured, chosen }: Pick<NetworkRecord, "configured" | "chosen">): Pool[] {
  return [...configured.map((config) => makePool(config, true)), ...chosen.map((config) => makePool(config, false))];
}

/** Returns a network as responses contain it, without its containers. */
export function networkView(record: NetworkRecord): Omit<Network, "IPAM"> & { IPAM: object } {
  const config = [...record.configured, ...record.chosen];
  return {
    Name: record.name,
    Id: record.id,
    Created: rfc3339(record.created),
    Scope: "local",
    Driver: record.driver,
    EnableIPv4: record.enableIPv4,
    EnableIPv6: record.enableIPv6,
    IPAM: { Driver: "default", Options: record.ipamOptions, Config: config.length > 0 ? config : null },
    Internal: record.internal,
    Attachable: record.attachable,
    Ingress: false,
    ConfigFrom: { Network: record.configFrom ?? "" },
    ConfigOnly: record.configOnly ?? false,
    Containers: {},
    Options: { ...record.options },
    Labels: { ...record.labels },
  };
}

/** Returns the records of the predefined networks, of which the IDs and the time of creation are new. */
export function predefinedRecords(newId: () => string, created: string, pool: IPAMConfig): NetworkRecord[] {
  const common = {
    created,
    enableIPv4: true,
    enableIPv6: false,
    internal: false,
    attachable: false,
    ipamOptions: null,
    configured: [],
    chosen: [],
    options: {},
    labels: {},
  };
  const options = {
    "com.docker.network.bridge.default_bridge": "true",
    "com.docker.network.bridge.enable_icc": "true",
    "com.docker.network.bridge.enable_ip_masquerade": "true",
    "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",
    "com.docker.network.bridge.name": "docker0",
    "com.docker.network.driver.mtu": "1500",
  };
  return [
    { ...common, id: newId(), name: "bridge", driver: "bridge", chosen: [pool], options },
    { ...common, id: newId(), name: "host", driver: "host" },
    { ...common, id: newId(), name: "none", driver: "null" },
  ];
}
