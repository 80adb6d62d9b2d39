import type { Driver } from "./common.js";
import type { ConfigReference } from "./network.js";
import type { PortProtocol } from "./network-endpoint.js";
import type { SwarmObject } from "./common.js";

/** A network that tasks are attached to. @category Services */
export interface NetworkAttachmentConfig {
  /** Name or ID of the network, which must reach the whole swarm or be one of `host` and `none`. Engines answer with the ID. */
  Target?: string;
  /** Further names under which others in the network find the service. */
  Aliases?: string[] | null;
  /** Settings that the network's driver understands. API 1.39+. */
  DriverOpts?: Record<string, string> | null;
}

/**
 * How others find the tasks of a service by its name.
 *
 * @enum
 * @category Services
 */
export const ResolutionMode = {
  /** The name has one address, and connections to it are shared out. The default. */
  VIP: "vip",
  /** The name has the addresses of all tasks. Goes with no port that is published through `ingress`. */
  DNSRR: "dnsrr",
} as const;

/** How others find the tasks of a service by its name. @category Services */
export type ResolutionMode = (typeof ResolutionMode)[keyof typeof ResolutionMode];

/**
 * Where a port of a service is published.
 *
 * @enum
 * @category Services
 */
export const PortPublishMode = {
  /** On every node, whether it runs a task or not. The default. */
  Ingress: "ingress",
  /** On each node that runs a task, for that task. */
  Host: "host",
} as const;

/** Where a port of a service is published. @category Services */
export type PortPublishMode = (typeof PortPublishMode)[keyof typeof PortPublishMode];

/** A port of a service. @category Services */
export interface EndpointPortConfig {
  /** A name for it, for display. */
  Name?: string;
  /** Transport. By default TCP. */
  Protocol?: PortProtocol;
  /** Port of the containers. */
  TargetPort?: number;
  /** Port of the nodes. By default the swarm finds a free one. */
  PublishedPort?: number;
  /** Where it is published. API 1.34+. */
  PublishMode?: PortPublishMode;
}

/** How a service is reached. @category Services */
export interface EndpointSpec {
  /** How others find its tasks by its name. */
  Mode?: ResolutionMode;
  /** Ports that it publishes. */
  Ports?: EndpointPortConfig[] | null;
}

/** The address of a service in a network. @category Services */
export interface EndpointVirtualIP {
  /** ID of the network. */
  NetworkID?: string;
  /** The address, with the length of its prefix. */
  Addr?: string;
}

/** How a service is reached now. @category Services */
export interface ServiceEndpoint {
  /** What was asked for. Empty while the swarm has not seen to it. */
  Spec?: EndpointSpec;
  /** The ports that it publishes. */
  Ports?: EndpointPortConfig[];
  /** Its addresses, one for each network. */
  VirtualIPs?: EndpointVirtualIP[];
}

/** The subnet that a network of a swarm takes its addresses from. @category Networks */
export interface SwarmIPAMConfig {
  /** The subnet, in CIDR notation. */
  Subnet?: string;
  /** The part of it that addresses are given from, in CIDR notation. */
  Range?: string;
  /** Address of the gateway. */
  Gateway?: string;
}

/** How a network of a swarm gives addresses. @category Networks */
export interface SwarmIPAMOptions {
  /** What gives them. */
  Driver?: Partial<Driver>;
  /** Its subnets. */
  Configs?: SwarmIPAMConfig[] | null;
}

/** Settings of a network, as the managers of a swarm keep them. @category Networks */
export interface SwarmNetworkSpec {
  /** Name. */
  Name?: string;
  /** Labels. */
  Labels?: Record<string, string> | null;
  /** Its driver. */
  DriverConfiguration?: Driver | null;
  /** Whether it has IPv6 addresses. */
  IPv6Enabled?: boolean;
  /** Whether it leads nowhere else. */
  Internal?: boolean;
  /** Whether containers outside any service may join it. */
  Attachable?: boolean;
  /** Whether it carries the traffic to published ports. */
  Ingress?: boolean;
  /** How it gives addresses. */
  IPAMOptions?: SwarmIPAMOptions | null;
  /** The network of the node whose settings it has. */
  ConfigFrom?: ConfigReference | null;
  /** How far it reaches: `swarm`, or `local`. */
  Scope?: string;
}

/**
 * A network, as a task tells it. The API's documents say that it looks as elsewhere; engines send it as the managers of the
 * swarm keep it.
 *
 * @category Networks
 */
export interface SwarmNetwork extends SwarmObject<SwarmNetworkSpec> {
  /** Its driver, and what became of it. */
  DriverState?: Partial<Driver>;
  /** How it gives addresses. */
  IPAMOptions?: SwarmIPAMOptions | null;
}

/** A network that a task is attached to. @category Services */
export interface NetworkAttachment {
  /** The network. */
  Network?: SwarmNetwork;
  /** Addresses of the task in it, with the length of their prefix. */
  Addresses?: string[] | null;
}
