import type { EndpointSettings } from "./network-endpoint.js";

/**
 * Scope of a network.
 *
 * @enum
 * @category Networks
 */
export const NetworkScope = {
  /** Local to the host. */
  Local: "local",
  /** Swarm-wide. */
  Swarm: "swarm",
  /** All hosts that use the same driver. */
  Global: "global",
} as const;

/** Scope of a network. @category Networks */
export type NetworkScope = (typeof NetworkScope)[keyof typeof NetworkScope];

/**
 * Built-in network drivers. Plugins can add drivers.
 *
 * @enum
 * @category Networks
 */
export const NetworkDriver = {
  /** Bridge on the host, with NAT to external networks. The default. */
  Bridge: "bridge",
  /** Network stack of the host. Predefined; no further networks with this driver can be created. */
  Host: "host",
  /** Multi-host network over VXLAN. */
  Overlay: "overlay",
  /** Virtual interfaces with their own MAC addresses on a host interface. */
  Macvlan: "macvlan",
  /** Virtual interfaces that share the MAC address of a host interface. */
  IPvlan: "ipvlan",
  /** No networking. Predefined; no further networks with this driver can be created. */
  Null: "null",
} as const;

/** Built-in network drivers. @category Networks */
export type NetworkDriver = (typeof NetworkDriver)[keyof typeof NetworkDriver];

/** An address pool of a network. @category Networks */
export interface IPAMConfig {
  /** Subnet in CIDR notation. */
  Subnet?: string;
  /** Range to allocate addresses from, in CIDR notation. Defaults to the whole subnet. */
  IPRange?: string;
  /** IP address of the gateway. Defaults to the first address of the subnet. */
  Gateway?: string;
  /** Reserved addresses by name, such as those of existing routers. */
  AuxiliaryAddresses?: Record<string, string> | null;
}

/** IP address management (IPAM) of a network. @category Networks */
export interface IPAM {
  /** Name of the IPAM driver. Defaults to `default`. */
  Driver?: string;
  /** Address pools. By default, the engine chooses them. Empty in responses if the network has none. */
  Config?: IPAMConfig[] | null;
  /** Driver-specific options. Empty in responses if not set. */
  Options?: Record<string, string> | null;
}

/** Reference to the network that provides the configuration. @category Networks */
export interface ConfigReference {
  /** Name of the network. Empty if there is none. */
  Network: string;
}

/** A peer node of a swarm network. @category Networks */
export interface PeerInfo {
  /** ID of the node. */
  Name: string;
  /** IP address of the node. */
  IP: string;
}

/** Endpoint of a container, as reported by the network. @category Networks */
export interface EndpointResource {
  /** Name of the container. */
  Name: string;
  /** ID of the endpoint. */
  EndpointID: string;
  /** MAC address. */
  MacAddress: string;
  /** IPv4 address with its prefix length. Empty if there is none. */
  IPv4Address: string;
  /** IPv6 address with its prefix length. Empty if there is none. */
  IPv6Address: string;
}

/** A service task on a swarm network. @category Networks */
export interface NetworkTaskInfo {
  /** Name of the task. */
  Name: string;
  /** ID of the endpoint. */
  EndpointID: string;
  /** IP address of the endpoint. */
  EndpointIP: string;
  /** Additional information, such as the node address under `Host IP`. */
  Info: Record<string, string>;
}

/** A service on a swarm network. @category Networks */
export interface ServiceInfo {
  /** Virtual IP address of the service. Empty or `<nil>` if there is none. */
  VIP: string;
  /** Ports of the service, as strings. */
  Ports: string[];
  /** Index of the service in the node's load balancer. */
  LocalLBIndex: number;
  /** Tasks of the service. */
  Tasks: NetworkTaskInfo[];
}

/** Address usage of a subnet. Added in API 1.52. @category Networks */
export interface SubnetStatus {
  /** Number of addresses in use, including reserved ones. Imprecise above 2^53. */
  IPsInUse: number;
  /** Number of addresses available for new endpoints. Imprecise above 2^53. */
  DynamicIPsAvailable: number;
}

/** IPAM status of a network. Added in API 1.52. @category Networks */
export interface IPAMStatus {
  /** Address usage by subnet in CIDR notation. */
  Subnets?: Record<string, SubnetStatus>;
}

/** Status of a network. Added in API 1.52. @category Networks */
export interface NetworkStatus {
  /** IPAM status. */
  IPAM?: IPAMStatus;
}

/** Summary of a network, as returned by list requests. @category Networks */
export interface Network {
  /** Name of the network. */
  Name: string;
  /** ID of the network. */
  Id: string;
  /** Creation time, in RFC 3339 format. Added in API 1.25. */
  Created: string;
  /** Scope of the network. */
  Scope: NetworkScope | (string & {});
  /** Name of the driver. Empty for a swarm network that is still being created. */
  Driver: NetworkDriver | (string & {});
  /** Whether IPv4 is enabled. Added in API 1.47. */
  EnableIPv4?: boolean;
  /** Whether IPv6 is enabled. */
  EnableIPv6: boolean;
  /** IP address management. */
  IPAM: IPAM;
  /** Whether the network is isolated from external networks. */
  Internal: boolean;
  /** Whether standalone containers can attach to the swarm network. Added in API 1.27. */
  Attachable?: boolean;
  /** Whether the network provides the routing mesh of the swarm. Added in API 1.29. */
  Ingress?: boolean;
  /** Network that provides the configuration. Added in API 1.30. */
  ConfigFrom?: ConfigReference;
  /** Whether the network only provides configuration for other networks. Added in API 1.30. */
  ConfigOnly?: boolean;
  /**
   * Running containers on the network, by ID, including the load balancer of a swarm network. In API 1.28 and
   * later, only {@link Client.inspectNetwork} returns them; in list results the member is empty, or
   * absent in API 1.52 and later.
   */
  Containers?: Record<string, EndpointResource>;
  /** Driver-specific options. */
  Options: Record<string, string>;
  /** Labels of the network. Empty if not set. */
  Labels: Record<string, string>;
  /** Peer nodes. Only for swarm networks. */
  Peers?: PeerInfo[];
}

/** Detailed information about a network. @category Networks */
export interface NetworkInspect extends Network {
  /**
   * Services on the network, by name. Only for swarm networks, and only if requested with `verbose`.
   * Added in API 1.28.
   */
  Services?: Record<string, ServiceInfo>;
  /** Status of the network. Added in API 1.52. */
  Status?: NetworkStatus;
}

/** Request body for creating a network. @category Networks */
export interface NetworkCreateRequest {
  /** Name of the network. */
  Name: string;
  /**
   * Whether to reject a name that is already in use. Always the case in API 1.44 and later.
   * Removed in API 1.46.
   */
  CheckDuplicate?: boolean;
  /** Name of the driver. Defaults to `bridge`. */
  Driver?: NetworkDriver | (string & {});
  /** Scope of the network. Defaults to the driver's scope. Added in API 1.30. */
  Scope?: NetworkScope;
  /** Whether to isolate the network from external networks. */
  Internal?: boolean;
  /** Whether standalone containers can attach to the swarm network. Added in API 1.27. */
  Attachable?: boolean;
  /** Whether the network provides the routing mesh of the swarm. Added in API 1.29. */
  Ingress?: boolean;
  /** Whether the network only provides configuration for other networks. Added in API 1.30. */
  ConfigOnly?: boolean;
  /** Network that provides the configuration. Added in API 1.30. */
  ConfigFrom?: ConfigReference;
  /** IP address management. */
  IPAM?: IPAM;
  /** Whether to enable IPv4. Added in API 1.47. */
  EnableIPv4?: boolean;
  /** Whether to enable IPv6. */
  EnableIPv6?: boolean;
  /** Driver-specific options. */
  Options?: Record<string, string>;
  /** Labels of the network. */
  Labels?: Record<string, string>;
}

/** Response to creating a network. @category Networks */
export interface NetworkCreateResponse {
  /** ID of the network. */
  Id: string;
  /** Warning from the engine. Empty if there is none. */
  Warning: string;
}

/** Request body for connecting a container to a network. @category Networks */
export interface NetworkConnectRequest {
  /** ID or name of the container. */
  Container: string;
  /** Endpoint settings. */
  EndpointConfig?: EndpointSettings | null;
}

/** Request body for disconnecting a container from a network. @category Networks */
export interface NetworkDisconnectRequest {
  /** ID or name of the container. */
  Container: string;
  /** Whether to disconnect even if the container no longer exists or cannot be identified. */
  Force?: boolean;
}

/** Result of pruning networks. @category Networks */
export interface NetworksPruneResponse {
  /** Names of the deleted networks. Empty if nothing was deleted. */
  NetworksDeleted: string[];
  /** `NetworksDeleted` as the API 1.25 reference names it; engines never send this name. Removed in API 1.26. */
  VolumesDeleted?: string[];
}
