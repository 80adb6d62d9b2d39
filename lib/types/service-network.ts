import type { Driver } from "./common.js";
import type { SwarmObject } from "./common.js";
import type { ConfigReference } from "./network.js";
import type { PortProtocol } from "./network-endpoint.js";

/** A network that the tasks of a service are attached to. @category Services */
export interface NetworkAttachmentConfig {
  /** Name or ID of the network, which must be swarm-scoped, `host` or `none`. Engines return the ID. */
  Target?: string;
  /** Additional DNS names of the service on the network. */
  Aliases?: string[] | null;
  /** Driver-specific options. Added in API 1.39. */
  DriverOpts?: Record<string, string> | null;
}

/**
 * How the name of a service is resolved.
 *
 * @enum
 * @category Services
 */
export const ResolutionMode = {
  /** To a single virtual IP address that balances connections. The default. */
  VIP: "vip",
  /** To the addresses of all tasks (DNS round robin). Not compatible with ports published in `ingress` mode. */
  DNSRR: "dnsrr",
} as const;

/** How the name of a service is resolved. @category Services */
export type ResolutionMode = (typeof ResolutionMode)[keyof typeof ResolutionMode];

/**
 * Publish mode of a service port.
 *
 * @enum
 * @category Services
 */
export const PortPublishMode = {
  /** On every node, through the routing mesh. The default. */
  Ingress: "ingress",
  /** Only on nodes that run a task of the service. */
  Host: "host",
} as const;

/** Publish mode of a service port. @category Services */
export type PortPublishMode = (typeof PortPublishMode)[keyof typeof PortPublishMode];

/** A port of a service. @category Services */
export interface EndpointPortConfig {
  /** Name of the port, for display only. */
  Name?: string;
  /** Transport protocol. Defaults to TCP. */
  Protocol?: PortProtocol;
  /** Port in the containers. */
  TargetPort?: number;
  /** Port on the nodes. Defaults to a free port chosen by the swarm. */
  PublishedPort?: number;
  /** Publish mode. Added in API 1.34. */
  PublishMode?: PortPublishMode;
}

/** Endpoint settings of a service. @category Services */
export interface EndpointSpec {
  /** How the service name is resolved. */
  Mode?: ResolutionMode;
  /** Published ports. */
  Ports?: EndpointPortConfig[] | null;
}

/** Virtual IP address of a service on a network. @category Services */
export interface EndpointVirtualIP {
  /** ID of the network. */
  NetworkID?: string;
  /** Virtual IP address with the prefix length. */
  Addr?: string;
}

/** Endpoint state of a service. @category Services */
export interface ServiceEndpoint {
  /** Requested settings. Empty until the swarm has processed them. */
  Spec?: EndpointSpec;
  /** Published ports. */
  Ports?: EndpointPortConfig[];
  /** Virtual IP addresses, one per network. */
  VirtualIPs?: EndpointVirtualIP[];
}

/** Address pool of a swarm network. @category Networks */
export interface SwarmIPAMConfig {
  /** Subnet in CIDR notation. */
  Subnet?: string;
  /** Range to allocate addresses from, in CIDR notation. */
  Range?: string;
  /** IP address of the gateway. */
  Gateway?: string;
}

/** IP address management (IPAM) of a swarm network. @category Networks */
export interface SwarmIPAMOptions {
  /** IPAM driver. */
  Driver?: Partial<Driver>;
  /** Address pools. */
  Configs?: SwarmIPAMConfig[] | null;
}

/** Settings of a network in the swarm state. @category Networks */
export interface SwarmNetworkSpec {
  /** Name of the network. */
  Name?: string;
  /** Labels of the network. */
  Labels?: Record<string, string> | null;
  /** Network driver. */
  DriverConfiguration?: Driver | null;
  /** Whether IPv6 is enabled. */
  IPv6Enabled?: boolean;
  /** Whether the network is isolated from external networks. */
  Internal?: boolean;
  /** Whether standalone containers can attach to the network. */
  Attachable?: boolean;
  /** Whether the network provides the routing mesh. */
  Ingress?: boolean;
  /** IP address management. */
  IPAMOptions?: SwarmIPAMOptions | null;
  /** Node-local network that provides the configuration. */
  ConfigFrom?: ConfigReference | null;
  /** Scope of the network: `swarm` or `local`. */
  Scope?: string;
}

/**
 * A network, as reported by a task. Engines send the network as it is stored in the swarm state, although the API reference
 * documents the same type as for other networks.
 *
 * @category Networks
 */
export interface SwarmNetwork extends SwarmObject<SwarmNetworkSpec> {
  /** Driver state. */
  DriverState?: Partial<Driver>;
  /** IP address management. */
  IPAMOptions?: SwarmIPAMOptions | null;
}

/** Network attachment of a task. @category Services */
export interface NetworkAttachment {
  /** The network. */
  Network?: SwarmNetwork;
  /** Addresses of the task on the network, with the prefix length. */
  Addresses?: string[];
}
