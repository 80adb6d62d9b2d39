/**
 * Transport protocol of a port.
 *
 * @enum
 * @category Networks
 */
export const PortProtocol = {
  /** Transmission Control Protocol. */
  TCP: "tcp",
  /** User Datagram Protocol. */
  UDP: "udp",
  /** Stream Control Transmission Protocol. Added in API 1.37. */
  SCTP: "sctp",
} as const;

/** Transport protocol of a port. @category Networks */
export type PortProtocol = (typeof PortProtocol)[keyof typeof PortProtocol];

/** Host address and port that a container port is published to. @category Networks */
export interface PortBinding {
  /** IP address of the host. Empty or absent for all addresses. */
  HostIp?: string;
  /**
   * Host port, as a string. A range such as `8000-8010` selects a free port. Empty or absent for any free
   * port.
   */
  HostPort?: string;
}

/**
 * Port bindings by container port, such as `80/tcp`. Null for ports that are exposed but not published.
 *
 * @category Networks
 */
export type PortMap = Record<string, PortBinding[] | null>;

/** A port in the summary of a container. @category Networks */
export interface PortSummary {
  /** IP address of the host. Absent if the port is not published. */
  IP?: string;
  /** Container port. */
  PrivatePort: number;
  /** Host port. Absent if the port is not published. */
  PublicPort?: number;
  /** Transport protocol. */
  Type: PortProtocol | (string & {});
}

/** An IP address and its prefix length. @category Networks */
export interface Address {
  /** IP address. */
  Addr: string;
  /** Prefix length, in bits. */
  PrefixLen: number;
}

/** Requested IP addresses of an endpoint. @category Networks */
export interface EndpointIPAMConfig {
  /** IPv4 address. */
  IPv4Address?: string;
  /** IPv6 address. */
  IPv6Address?: string;
  /** Link-local addresses, IPv4 or IPv6. */
  LinkLocalIPs?: string[] | null;
}

/** Settings and state of a container's endpoint on a network. @category Networks */
export interface EndpointSettings {
  /** Requested IP addresses. */
  IPAMConfig?: EndpointIPAMConfig | null;
  /** Links to other containers, as `container:alias`. */
  Links?: string[] | null;
  /** Additional DNS names of the container on this network. */
  Aliases?: string[] | null;
  /** MAC address. Before API 1.44, set `MacAddress` in the container settings to request an address. */
  MacAddress?: string;
  /** Driver-specific options. Added in API 1.32. */
  DriverOpts?: Record<string, string> | null;
  /**
   * Gateway priority: the network with the highest priority provides the default gateway. Defaults to `0`.
   * Added in API 1.48.
   */
  GwPriority?: number;
  /** ID of the network. */
  NetworkID?: string;
  /** ID of the endpoint. Empty if the container is not running. */
  EndpointID?: string;
  /** IPv4 gateway. */
  Gateway?: string;
  /** IPv4 address. */
  IPAddress?: string;
  /** IPv4 prefix length, in bits. */
  IPPrefixLen?: number;
  /** IPv6 gateway. */
  IPv6Gateway?: string;
  /** IPv6 address. */
  GlobalIPv6Address?: string;
  /** IPv6 prefix length, in bits. */
  GlobalIPv6PrefixLen?: number;
  /** All DNS names of the container on this network. Added in API 1.44. */
  DNSNames?: string[] | null;
}

/** Networks that a new container joins. @category Networks */
export interface NetworkingConfig {
  /** Endpoints by network name or ID. At most one before API 1.44. */
  EndpointsConfig?: Record<string, EndpointSettings>;
}

/** Host ports by container port, as engines before API 1.24 send them. @category Networks */
export type PortMapping = Record<string, string>;

/**
 * Network settings of a container. Before API 1.52, engines repeat the endpoint of the default network
 * outside `Networks` for compatibility; these fields are empty if the container is not on the default
 * network.
 *
 * @category Networks
 */
export interface NetworkSettings {
  /** ID of the network sandbox. */
  SandboxID?: string;
  /** Path of the network namespace on the host. */
  SandboxKey?: string;
  /** Exposed ports and their bindings. */
  Ports?: PortMap;
  /** Endpoints by network name. */
  Networks?: Record<string, EndpointSettings>;
  /** Host bridge set with the `--bridge` option of the engine. Removed in API 1.52. */
  Bridge?: string;
  /** Whether hairpin NAT is enabled; never set by engines. Removed in API 1.52. */
  HairpinMode?: boolean;
  /** Link-local IPv6 address; never set by engines. Removed in API 1.52. */
  LinkLocalIPv6Address?: string;
  /** Prefix length of `LinkLocalIPv6Address`, in bits; never set by engines. Removed in API 1.52. */
  LinkLocalIPv6PrefixLen?: number;
  /** Additional IPv4 addresses; never set by engines. Removed in API 1.52. */
  SecondaryIPAddresses?: Address[];
  /** Additional IPv6 addresses; never set by engines. Removed in API 1.52. */
  SecondaryIPv6Addresses?: Address[];
  /** ID of the endpoint on the default network. Removed in API 1.52. */
  EndpointID?: string;
  /** IPv4 gateway of the default network. Removed in API 1.52. */
  Gateway?: string;
  /** IPv6 address on the default network. Removed in API 1.52. */
  GlobalIPv6Address?: string;
  /** IPv6 prefix length on the default network, in bits. Removed in API 1.52. */
  GlobalIPv6PrefixLen?: number;
  /** IPv4 address on the default network. Removed in API 1.52. */
  IPAddress?: string;
  /** IPv4 prefix length on the default network, in bits. Removed in API 1.52. */
  IPPrefixLen?: number;
  /** IPv6 gateway of the default network. Removed in API 1.52. */
  IPv6Gateway?: string;
  /** MAC address on the default network. Removed in API 1.52. */
  MacAddress?: string;
  /** Spelling of `IPAddress` in the API 1.25 to 1.31 reference. Removed in API 1.32. */
  Address?: string;
  /**
   * Published ports under `Tcp` and `Udp`, replaced by `Ports`. Documented but not sent in API 1.25 and
   * later. Removed in API 1.32.
   */
  PortMapping?: Record<string, PortMapping> | string | null;
}
