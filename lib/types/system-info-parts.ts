/**
 * Cgroup driver of the engine.
 *
 * @enum
 * @category System
 */
export const CgroupDriver = {
  /** The engine manages cgroups through the file system. */
  Cgroupfs: "cgroupfs",
  /** systemd manages cgroups. */
  Systemd: "systemd",
  /** None: a rootless engine without cgroup delegation. Added in API 1.40. */
  None: "none",
} as const;

/** Cgroup driver of the engine. @category System */
export type CgroupDriver = (typeof CgroupDriver)[keyof typeof CgroupDriver];

/**
 * Cgroup version of the host.
 *
 * @enum
 * @category System
 */
export const CgroupVersion = {
  /** Cgroup v1. */
  V1: "1",
  /** Cgroup v2, the unified hierarchy. */
  V2: "2",
} as const;

/** Cgroup version of the host. @category System */
export type CgroupVersion = (typeof CgroupVersion)[keyof typeof CgroupVersion];

/**
 * Available plugins and built-in drivers, by name. Managed plugins are listed only after they have been used.
 *
 * @category System
 */
export interface PluginsInfo {
  /** Volume drivers. */
  Volume: string[];
  /** Network drivers. */
  Network: string[];
  /** Authorization plugins, in the order in which they are consulted. Empty if there are none. */
  Authorization: string[];
  /** Logging drivers. Added in API 1.30. */
  Log?: string[];
}

/** Settings of a registry. @category System */
export interface IndexInfo {
  /** Name of the registry, such as `docker.io`. */
  Name: string;
  /** Mirror URLs. */
  Mirrors: string[];
  /** Whether TLS with certificate verification is required. */
  Secure: boolean;
  /** Whether the registry is Docker Hub. */
  Official: boolean;
}

/** Registry settings of the engine. @category System */
export interface RegistryServiceConfig {
  /**
   * Registries that nondistributable layers can be pushed to, as networks in CIDR notation.
   * Added in API 1.32. Removed in API 1.49.
   */
  AllowNondistributableArtifactsCIDRs?: string[];
  /**
   * Registries that nondistributable layers can be pushed to, as host names. Added in API 1.32.
   * Removed in API 1.49.
   */
  AllowNondistributableArtifactsHostnames?: string[];
  /** Networks, in CIDR notation, whose registries can use plain HTTP or untrusted certificates. */
  InsecureRegistryCIDRs: string[];
  /** Registries with custom settings, by name. */
  IndexConfigs: Record<string, IndexInfo>;
  /** Mirrors of Docker Hub. Added in API 1.32. */
  Mirrors?: string[];
}

/** A container runtime, specified either by path or by type and options. @category System */
export interface Runtime {
  /** Path or name of an OCI runtime such as `runc`. */
  path?: string;
  /** Arguments for every invocation of the runtime. */
  runtimeArgs?: string[];
  /** Name or path of a containerd shim, such as `io.containerd.runsc.v1`. Missing from the API schema. */
  runtimeType?: string;
  /** Options of the shim. Missing from the API schema. */
  options?: Record<string, unknown>;
  /**
   * Information reported by the runtime, by key, such as `org.opencontainers.runtime-spec.features`.
   * Added in API 1.44.
   */
  status?: Record<string, string>;
}

/** Version of a program that the engine uses. @category System */
export interface Commit {
  /** Commit or version reported by the program. */
  ID: string;
  /** Commit that the engine expects. Removed in API 1.49. */
  Expected?: string;
}

/** An address pool for network subnets. @category System */
export interface AddressPool {
  /** Address range in CIDR notation. */
  Base: string;
  /** Prefix length of the subnets, in bits. */
  Size: number;
}

/** Containerd namespaces of the engine. @category System */
export interface ContainerdNamespaces {
  /** Namespace of containers. Defaults to `moby`. */
  Containers: string;
  /** Namespace of plugins. Defaults to `plugins.moby`. */
  Plugins: string;
}

/** Containerd settings of the engine. Added in API 1.46. @category System */
export interface ContainerdInfo {
  /** Path of the containerd socket. */
  Address?: string;
  /** Namespaces of the engine. */
  Namespaces: ContainerdNamespaces;
}

/** Firewall backend of the engine. Added in API 1.49. @category System */
export interface FirewallInfo {
  /** Name of the backend, such as `iptables`, `iptables+firewalld` or `nftables`. */
  Driver: string;
  /** Additional information, as label-value pairs. */
  Info?: [label: string, value: string][];
}

/** A device that containers can request. Added in API 1.50. @category System */
export interface DeviceInfo {
  /** Source of the device, such as `cdi`. */
  Source: string;
  /** ID for requesting the device, such as `vendor.com/gpu=0`. */
  ID: string;
}

/**
 * Status of the Node Resource Interface (NRI), which lets plugins adjust containers. Added in API 1.53.
 *
 * @category System
 */
export interface NRIInfo {
  /** Status information, as label-value pairs. */
  Info?: [label: string, value: string][];
}
