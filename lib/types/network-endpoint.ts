/**
 * Transport of a port.
 *
 * @enum
 * @category Networks
 */
export const PortProtocol = {
  /** Transmission Control Protocol. */
  TCP: "tcp",
  /** User Datagram Protocol. */
  UDP: "udp",
  /** Stream Control Transmission Protocol. API 1.37+. */
  SCTP: "sctp",
} as const;

/** Transport of a port. @category Networks */
export type PortProtocol = (typeof PortProtocol)[keyof typeof PortProtocol];

/** An address and port of the host that lead to a container's port. @category Networks */
export interface PortBinding {
  /** Address of the host. Empty, or left out, for all. */
  HostIp?: string;
  /** Port of the host, as text; a range such as `8000-8010` picks a free one. Empty, or left out, for any free port. */
  HostPort?: string;
}

/** Bindings by container port, such as `80/tcp`. `null` for a port that is exposed but not published. @category Networks */
export type PortMap = Record<string, PortBinding[] | null>;

/** A port of a container, as a list of containers tells it. @category Networks */
export interface PortSummary {
  /** Address of the host; left out when the port is not published. */
  IP?: string;
  /** Port of the container. */
  PrivatePort: number;
  /** Port of the host; left out when the port is not published. */
  PublicPort?: number;
  /** Transport. */
  Type: PortProtocol | (string & {});
}

/** An IP address with the length of its network's prefix. @category Networks */
export interface Address {
  /** The address. */
  Addr: string;
  /** Length of the prefix, in bits. */
  PrefixLen: number;
}

/** Addresses that an endpoint is to have. @category Networks */
export interface EndpointIPAMConfig {
  /** IPv4 address. */
  IPv4Address?: string;
  /** IPv6 address. */
  IPv6Address?: string;
  /** Link-local addresses, of either family. */
  LinkLocalIPs?: string[] | null;
}

/** The place of a container in one network: what is asked for, and what came of it. @category Networks */
export interface EndpointSettings {
  /** Addresses that are asked for. */
  IPAMConfig?: EndpointIPAMConfig | null;
  /** Other containers by alias, as `container:alias`. */
  Links?: string[] | null;
  /** Names under which other containers of the network find this one. */
  Aliases?: string[] | null;
  /** MAC address. Asked for from API 1.44 on; before, `MacAddress` of the container's configuration does that. */
  MacAddress?: string;
  /** Settings that the network's driver understands. API 1.32+. */
  DriverOpts?: Record<string, string> | null;
  /** Rank for the default gateway: of a container's networks, the highest wins. `0` by default. API 1.48+. */
  GwPriority?: number;
  /** ID of the network. */
  NetworkID?: string;
  /** ID of the endpoint; empty while the container does not run. */
  EndpointID?: string;
  /** IPv4 gateway of the network. */
  Gateway?: string;
  /** IPv4 address. */
  IPAddress?: string;
  /** Length of the IPv4 prefix, in bits. */
  IPPrefixLen?: number;
  /** IPv6 gateway of the network. */
  IPv6Gateway?: string;
  /** IPv6 address. */
  GlobalIPv6Address?: string;
  /** Length of the IPv6 prefix, in bits. */
  GlobalIPv6PrefixLen?: number;
  /** All the names under which the network's DNS knows the container. API 1.44+. */
  DNSNames?: string[] | null;
}

/** The networks that a new container joins. @category Networks */
export interface NetworkingConfig {
  /** Endpoints by network name or ID. Engines before API 1.44 take no more than one. */
  EndpointsConfig?: Record<string, EndpointSettings>;
}

/** Host ports by container port, as engines before API 1.24 sent them. @category Networks */
export type PortMapping = Record<string, string>;

/**
 * The networks that a container is in. Up to API 1.51 the engine repeats the endpoint of the default network outside
 * `Networks`, as it was before containers could be in several; empty for a container that is only in others.
 *
 * @category Networks
 */
export interface NetworkSettings {
  /** ID of the container's network namespace. */
  SandboxID?: string;
  /** Path of the container's network namespace on the host. */
  SandboxKey?: string;
  /** The container's ports and what they are published as. */
  Ports?: PortMap | null;
  /** Endpoints by network name. */
  Networks?: Record<string, EndpointSettings>;
  /** Bridge of the host that was set with the engine's `--bridge`. Gone from API 1.52. */
  Bridge?: string;
  /** Whether hairpin NAT was asked for; engines never set it. Gone from API 1.52. */
  HairpinMode?: boolean;
  /** Link-local IPv6 address; engines never set it. Gone from API 1.52. */
  LinkLocalIPv6Address?: string;
  /** Length of its prefix, in bits; engines never set it. Gone from API 1.52. */
  LinkLocalIPv6PrefixLen?: number;
  /** Further IPv4 addresses; engines never set it. Gone from API 1.52. */
  SecondaryIPAddresses?: Address[] | null;
  /** Further IPv6 addresses; engines never set it. Gone from API 1.52. */
  SecondaryIPv6Addresses?: Address[] | null;
  /** ID of the endpoint in the default network. Gone from API 1.52. */
  EndpointID?: string;
  /** IPv4 gateway of the default network. Gone from API 1.52. */
  Gateway?: string;
  /** IPv6 address in the default network. Gone from API 1.52. */
  GlobalIPv6Address?: string;
  /** Length of its prefix, in bits. Gone from API 1.52. */
  GlobalIPv6PrefixLen?: number;
  /** IPv4 address in the default network. Gone from API 1.52. */
  IPAddress?: string;
  /** Length of its prefix, in bits. Gone from API 1.52. */
  IPPrefixLen?: number;
  /** IPv6 gateway of the default network. Gone from API 1.52. */
  IPv6Gateway?: string;
  /** MAC address in the default network. Gone from API 1.52. */
  MacAddress?: string;
  /** `IPAddress` as only the documents of API 1.25 to 1.31 call it. Gone from API 1.32. */
  Address?: string;
  /** Published ports under `Tcp` and `Udp`, before `Ports`. Documented, but not sent, from API 1.25 on. Gone from API 1.32. */
  PortMapping?: Record<string, PortMapping> | string | null;
}
