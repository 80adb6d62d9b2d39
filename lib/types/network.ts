import type { EndpointSettings } from "./network-endpoint.js";

/**
 * Where a network exists.
 *
 * @enum
 * @category Networks
 */
export const NetworkScope = {
  /** On this host. */
  Local: "local",
  /** On the nodes of a swarm. */
  Swarm: "swarm",
  /** On every host that uses the same driver. */
  Global: "global",
} as const;

/** Where a network exists. @category Networks */
export type NetworkScope = (typeof NetworkScope)[keyof typeof NetworkScope];

/**
 * What a network is made by. Plugins bring others.
 *
 * @enum
 * @category Networks
 */
export const NetworkDriver = {
  /** A bridge of the host, with address translation to the outside. The default. */
  Bridge: "bridge",
  /** The host's own network, as it is. Engines have one such network and make no other. */
  Host: "host",
  /** A network across hosts, inside VXLAN. */
  Overlay: "overlay",
  /** Interfaces beside the host's own one, each with a MAC address. */
  Macvlan: "macvlan",
  /** Interfaces beside the host's own one, which share its MAC address. */
  IPvlan: "ipvlan",
  /** No network. Engines have one such network and make no other. */
  Null: "null",
} as const;

/** What a network is made by. @category Networks */
export type NetworkDriver = (typeof NetworkDriver)[keyof typeof NetworkDriver];

/** A range of addresses of a network. @category Networks */
export interface IPAMConfig {
  /** The range, in CIDR notation. */
  Subnet?: string;
  /** The part of it that endpoints get their addresses from, in CIDR notation. By default all of it. */
  IPRange?: string;
  /** Address of the gateway. By default the first of the range. */
  Gateway?: string;
  /** Addresses that no endpoint gets, each with a name, such as those of routers that are there already. */
  AuxiliaryAddresses?: Record<string, string> | null;
}

/** How a network's addresses are given out. @category Networks */
export interface IPAM {
  /** Name of the driver that gives them out. By default `default`. */
  Driver?: string;
  /** The ranges. By default the engine picks one. Null for a network without any. */
  Config?: IPAMConfig[] | null;
  /** Settings that the driver understands. Null when it was given none. */
  Options?: Record<string, string> | null;
}

/** The network that another one takes its settings from. @category Networks */
export interface ConfigReference {
  /** Its name; empty when there is none. */
  Network: string;
}

/** A node that a network of a swarm reaches to. @category Networks */
export interface PeerInfo {
  /** ID of the node. */
  Name: string;
  /** Its IP address. */
  IP: string;
}

/** The place of a container in a network, as the network tells it. @category Networks */
export interface EndpointResource {
  /** Name of the container. */
  Name: string;
  /** ID of the endpoint. */
  EndpointID: string;
  /** MAC address. */
  MacAddress: string;
  /** IPv4 address with the length of its prefix; empty when there is none. */
  IPv4Address: string;
  /** IPv6 address with the length of its prefix; empty when there is none. */
  IPv6Address: string;
}

/** A task of a service in a network of a swarm. @category Networks */
export interface NetworkTaskInfo {
  /** Name of the task. */
  Name: string;
  /** ID of its endpoint. */
  EndpointID: string;
  /** IP address of its endpoint. */
  EndpointIP: string;
  /** What else is known, such as the address of its node under `Host IP`. */
  Info: Record<string, string> | null;
}

/** A service in a network of a swarm. @category Networks */
export interface ServiceInfo {
  /** Virtual IP address of the service. Empty, or `<nil>`, when it has none. */
  VIP: string;
  /** Its ports, as texts. */
  Ports: string[] | null;
  /** Number by which the node's load balancer knows it. */
  LocalLBIndex: number;
  /** Its tasks. */
  Tasks: NetworkTaskInfo[] | null;
}

/** How much of a range of addresses is used. API 1.52+. @category Networks */
export interface SubnetStatus {
  /** Addresses that are taken, those set aside included. A number of JSON: beyond 2^53 it is not exact. */
  IPsInUse: number;
  /** Addresses that new endpoints may get. Beyond 2^53 it is not exact. */
  DynamicIPsAvailable: number;
}

/** What a network's addresses are like now. API 1.52+. @category Networks */
export interface IPAMStatus {
  /** How much of each range is used, by range in CIDR notation. */
  Subnets?: Record<string, SubnetStatus>;
}

/** What a network is like now. API 1.52+. @category Networks */
export interface NetworkStatus {
  /** What its addresses are like. */
  IPAM?: IPAMStatus;
}

/** A network, as a list tells it. @category Networks */
export interface Network {
  /** Name of the network. */
  Name: string;
  /** ID of the network. */
  Id: string;
  /** When it was made, in RFC 3339. API 1.25+. */
  Created: string;
  /** Where it exists. */
  Scope: NetworkScope | (string & {});
  /** What it is made by. Empty for a network of a swarm that the managers have only just begun to make. */
  Driver: NetworkDriver | (string & {});
  /** Whether it has IPv4 addresses. API 1.47+. */
  EnableIPv4?: boolean;
  /** Whether it has IPv6 addresses. */
  EnableIPv6: boolean;
  /** How its addresses are given out. */
  IPAM: IPAM;
  /** Whether it is cut off from everything outside. */
  Internal: boolean;
  /** Whether containers that are no tasks of the swarm may join it. API 1.27+. */
  Attachable?: boolean;
  /** Whether it carries what comes in for the services of the swarm. API 1.29+. */
  Ingress?: boolean;
  /** The network that it takes its settings from. API 1.30+. */
  ConfigFrom?: ConfigReference;
  /** Whether it only holds settings for others. API 1.30+. */
  ConfigOnly?: boolean;
  /**
   * Containers that run in it, by ID; in a network of a swarm its load balancer is one of them. Filled by {@link Client.inspectNetwork} alone from API 1.28 on; lists have none, null, or
   * from API 1.52 on nothing here.
   */
  Containers?: Record<string, EndpointResource> | null;
  /** Settings that its driver was given. */
  Options: Record<string, string> | null;
  /** Labels of the network. Null when it was made without any. */
  Labels: Record<string, string> | null;
  /** Nodes that it reaches to. Only networks of a swarm have it. */
  Peers?: PeerInfo[] | null;
}

/** A network, whole. @category Networks */
export interface NetworkInspect extends Network {
  /** Services in it, by name. Only networks of a swarm have it, and only when they are asked for with `verbose`. API 1.28+. */
  Services?: Record<string, ServiceInfo>;
  /** What it is like now. API 1.52+. */
  Status?: NetworkStatus;
}

/** What a network is created from. @category Networks */
export interface NetworkCreateRequest {
  /** Name of the network. */
  Name: string;
  /** Whether a name that is taken is an error. From API 1.44 on it always is. Gone from API 1.46. */
  CheckDuplicate?: boolean;
  /** What it is made by. By default `bridge`. */
  Driver?: NetworkDriver | (string & {});
  /** Where it exists. By default as its driver has it. API 1.30+. */
  Scope?: NetworkScope;
  /** Whether it is cut off from everything outside. */
  Internal?: boolean;
  /** Whether containers that are no tasks of the swarm may join it. API 1.27+. */
  Attachable?: boolean;
  /** Whether it carries what comes in for the services of the swarm. API 1.29+. */
  Ingress?: boolean;
  /** Whether it only holds settings for others. API 1.30+. */
  ConfigOnly?: boolean;
  /** The network that it takes its settings from. API 1.30+. */
  ConfigFrom?: ConfigReference;
  /** How its addresses are given out. */
  IPAM?: IPAM;
  /** Whether it has IPv4 addresses. API 1.47+. */
  EnableIPv4?: boolean;
  /** Whether it has IPv6 addresses. */
  EnableIPv6?: boolean;
  /** Settings that its driver understands. */
  Options?: Record<string, string>;
  /** Labels of the network. */
  Labels?: Record<string, string>;
}

/** A network that was made. @category Networks */
export interface NetworkCreateResponse {
  /** ID of the network. */
  Id: string;
  /** What the engine has to say about it; empty when that is nothing. */
  Warning: string;
}

/** What joins a container to a network. @category Networks */
export interface NetworkConnectRequest {
  /** ID or name of the container. */
  Container: string;
  /** What its place in the network is to be like. */
  EndpointConfig?: EndpointSettings | null;
}

/** What takes a container out of a network. @category Networks */
export interface NetworkDisconnectRequest {
  /** ID or name of the container. */
  Container: string;
  /** Whether to do so even when the container is gone, or cannot be told. */
  Force?: boolean;
}

/** What pruning networks has removed. @category Networks */
export interface NetworksPruneResponse {
  /** Names of the networks. Null when there were none. */
  NetworksDeleted: string[] | null;
  /** What API 1.25's documents call `NetworksDeleted`; engines never sent it. Gone from API 1.26. */
  VolumesDeleted?: string[] | null;
}
