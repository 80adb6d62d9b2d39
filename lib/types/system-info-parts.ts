/**
 * What manages the control groups of containers.
 *
 * @enum
 * @category System
 */
export const CgroupDriver = {
  /** The engine itself, through the file system. */
  Cgroupfs: "cgroupfs",
  /** Systemd. */
  Systemd: "systemd",
  /** Nothing: a rootless engine without delegation. API 1.40+. */
  None: "none",
} as const;

/** What manages the control groups of containers. @category System */
export type CgroupDriver = (typeof CgroupDriver)[keyof typeof CgroupDriver];

/**
 * The generation of the kernel's control groups.
 *
 * @enum
 * @category System
 */
export const CgroupVersion = {
  /** The first. */
  V1: "1",
  /** The second, unified one. */
  V2: "2",
} as const;

/** The generation of the kernel's control groups. @category System */
export type CgroupVersion = (typeof CgroupVersion)[keyof typeof CgroupVersion];

/**
 * Names of the plugins and built-in drivers that are ready for use. Managed plugins are listed only once in use.
 *
 * @category System
 */
export interface PluginsInfo {
  /** Volume drivers. */
  Volume: string[];
  /** Network drivers. */
  Network: string[];
  /** Plugins that permit or refuse requests, in the order in which they are asked. Null when there are none. */
  Authorization: string[] | null;
  /** Log drivers. API 1.30+. */
  Log?: string[];
}

/** How the engine talks to one registry. @category System */
export interface IndexInfo {
  /** Name of the registry, such as `docker.io`. */
  Name: string;
  /** URLs that are tried in place of the registry. */
  Mirrors: string[];
  /** Whether TLS with a certificate that can be checked is demanded. */
  Secure: boolean;
  /** Whether it is Docker Hub. */
  Official: boolean;
}

/** How the engine talks to registries. @category System */
export interface RegistryServiceConfig {
  /**
   * Networks of registries that layers of restricted images may be pushed to, in CIDR notation. API 1.32+. Gone from API 1.49.
   */
  AllowNondistributableArtifactsCIDRs?: string[] | null;
  /** Hosts of registries that layers of restricted images may be pushed to. API 1.32+. Gone from API 1.49. */
  AllowNondistributableArtifactsHostnames?: string[] | null;
  /** Networks, in CIDR notation, whose registries may use plain HTTP or certificates that nobody can check. */
  InsecureRegistryCIDRs: string[];
  /** Registries with settings of their own, by name. */
  IndexConfigs: Record<string, IndexInfo>;
  /** Mirrors of Docker Hub. API 1.32+. */
  Mirrors?: string[] | null;
}

/** A program that runs containers. Either a path, or a type with options. @category System */
export interface Runtime {
  /** Path or name of an OCI runtime such as `runc`. */
  path?: string;
  /** Arguments that it is always given. */
  runtimeArgs?: string[] | null;
  /** Name or path of a containerd shim, such as `io.containerd.runsc.v1`. The API's schema lacks it. */
  runtimeType?: string;
  /** Settings of the shim. The API's schema lacks it. */
  options?: Record<string, unknown>;
  /** What the runtime tells of itself, by key; `org.opencontainers.runtime-spec.features` is one. API 1.44+. */
  status?: Record<string, string> | null;
}

/** Version of a program that the engine uses. @category System */
export interface Commit {
  /** The commit, or the version, that the program names. */
  ID: string;
  /** The commit that the engine was made for. Gone from API 1.49. */
  Expected?: string;
}

/** A range of addresses that networks take their subnets from. @category System */
export interface AddressPool {
  /** The range, in CIDR notation. */
  Base: string;
  /** Length of the prefix of each subnet, in bits. */
  Size: number;
}

/** The names under which the engine keeps its things in containerd. @category System */
export interface ContainerdNamespaces {
  /** Namespace of containers: `moby` by default. */
  Containers: string;
  /** Namespace of plugins: `plugins.moby` by default. */
  Plugins: string;
}

/** The containerd that the engine uses. API 1.46+. @category System */
export interface ContainerdInfo {
  /** Path of its socket. */
  Address?: string;
  /** Names under which the engine keeps its things there. */
  Namespaces: ContainerdNamespaces;
}

/** What the engine makes firewall rules with. API 1.49+. @category System */
export interface FirewallInfo {
  /** Name of the backend, such as `iptables`, `iptables+firewalld` or `nftables`. */
  Driver: string;
  /** More about it, as pairs of label and value. */
  Info?: [label: string, value: string][];
}

/** A device that containers may be given. API 1.50+. @category System */
export interface DeviceInfo {
  /** What has found it, such as `cdi`. */
  Source: string;
  /** Name to ask for it by, such as `vendor.com/gpu=0`. */
  ID: string;
}

/** State of the node resource interface, by which plugins change containers. API 1.53+. @category System */
export interface NRIInfo {
  /** What there is to say, as pairs of label and value. */
  Info?: [label: string, value: string][];
}
