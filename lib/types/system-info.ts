import type { IsolationMode } from "./host-config.js";
import type {
  AddressPool,
  CgroupDriver,
  CgroupVersion,
  Commit,
  ContainerdInfo,
  DeviceInfo,
  FirewallInfo,
  NRIInfo,
  PluginsInfo,
  RegistryServiceConfig,
  Runtime,
} from "./system-info-parts.js";
import type { GenericResource, SwarmInfo } from "./system-info-swarm.js";

/** The engine and its host. @category System */
export interface SystemInfo {
  /** ID of the engine. Podman makes a new one for each answer. */
  ID: string;
  /** How many containers there are. */
  Containers: number;
  /** How many of them run. */
  ContainersRunning: number;
  /** How many of them are paused. */
  ContainersPaused: number;
  /** How many of them are stopped. */
  ContainersStopped: number;
  /** How many images there are. */
  Images: number;
  /** Name of the storage driver or snapshotter, such as `overlay2`. */
  Driver: string;
  /** What the storage driver tells, as pairs of label and value. Null when it tells nothing. */
  DriverStatus: [label: string, value: string][] | null;
  /** Directory in which the engine keeps everything. */
  DockerRootDir: string;
  /** What classic Swarm told, as pairs of label and value. Gone from API 1.41. */
  SystemStatus?: [label: string, value: string][] | null;
  /** Plugins and drivers that are ready for use. */
  Plugins: PluginsInfo;
  /** Whether memory of containers can be limited. */
  MemoryLimit: boolean;
  /** Whether swap of containers can be limited. */
  SwapLimit: boolean;
  /** Whether kernel memory of containers can be limited. Gone from API 1.42. */
  KernelMemory?: boolean;
  /** Whether kernel memory for TCP buffers of containers can be limited. API 1.40+. Gone from API 1.52. */
  KernelMemoryTCP?: boolean;
  /** Whether the period of the CPU quota can be set. */
  CpuCfsPeriod: boolean;
  /** Whether there are CPU quotas. */
  CpuCfsQuota: boolean;
  /** Whether containers can have CPU shares. */
  CPUShares: boolean;
  /** Whether containers can be bound to processors. */
  CPUSet: boolean;
  /** Whether the number of processes can be limited. API 1.40+. */
  PidsLimit?: boolean;
  /** Whether containers can be kept from being killed when memory runs out. */
  OomKillDisable: boolean;
  /** Whether the host forwards IPv4. */
  IPv4Forwarding: boolean;
  /** Whether bridged IPv4 traffic passes iptables. Gone from API 1.50. */
  BridgeNfIptables?: boolean;
  /** Whether bridged IPv6 traffic passes ip6tables. Gone from API 1.50. */
  BridgeNfIp6tables?: boolean;
  /** Whether the engine writes a debug log. */
  Debug: boolean;
  /** How many files the engine has open. */
  NFd: number;
  /** How many goroutines the engine has. */
  NGoroutines: number;
  /** The host's time, in RFC 3339 with nanoseconds. */
  SystemTime: string;
  /** Log driver of containers that name none. */
  LoggingDriver: string;
  /** What manages control groups. */
  CgroupDriver: CgroupDriver;
  /** Generation of the control groups. API 1.41+. */
  CgroupVersion?: CgroupVersion;
  /** How many clients listen to events. */
  NEventsListener: number;
  /** Version of the host's kernel. */
  KernelVersion: string;
  /** Name and version of the host's operating system, such as `Debian GNU/Linux 12 (bookworm)`. */
  OperatingSystem: string;
  /** Version of the host's operating system. API 1.41+. */
  OSVersion?: string;
  /** Kind of the operating system: `linux` or `windows`. */
  OSType: string;
  /** Processor architecture as the kernel calls it, such as `x86_64`. */
  Architecture: string;
  /** How many processors the engine may use. */
  NCPU: number;
  /** Memory of the host, in bytes. */
  MemTotal: number;
  /** Where Docker Hub's accounts are, for credentials: `https://index.docker.io/v1/`. */
  IndexServerAddress: string;
  /** How the engine talks to registries. */
  RegistryConfig: RegistryServiceConfig;
  /** What this node offers to services beside processors and memory. Null when nothing. API 1.32+. */
  GenericResources?: GenericResource[] | null;
  /** Proxy for HTTP, its password masked. Empty when none is set. */
  HttpProxy: string;
  /** Proxy for HTTPS, its password masked. Empty when none is set. */
  HttpsProxy: string;
  /** Hosts that are reached without a proxy, separated by commas. */
  NoProxy: string;
  /** Name of the host. */
  Name: string;
  /** Labels of the engine, each `key=value`. Null from Podman. */
  Labels: string[] | null;
  /** Whether experimental features are on. */
  ExperimentalBuild: boolean;
  /** Version of the engine. */
  ServerVersion: string;
  /** The key-value store of networks across hosts. Gone from API 1.42. */
  ClusterStore?: string;
  /** The address that the engine announces there. Gone from API 1.42. */
  ClusterAdvertise?: string;
  /** Programs that run containers, by name. Null from an engine on Windows. */
  Runtimes: Record<string, Runtime> | null;
  /** Name of the runtime of containers that name none. */
  DefaultRuntime: string;
  /** The engine's part in a swarm. */
  Swarm: SwarmInfo;
  /** Whether containers go on while the engine is down. */
  LiveRestoreEnabled: boolean;
  /** How containers are kept apart on Windows. Empty elsewhere. API 1.25+. */
  Isolation?: IsolationMode;
  /** Program that is the first process of containers with `Init`. API 1.25+. */
  InitBinary?: string;
  /** Version of containerd. API 1.25+. */
  ContainerdCommit?: Commit;
  /** Version of runc. API 1.25+. */
  RuncCommit?: Commit;
  /** Version of the init program. API 1.25+. */
  InitCommit?: Commit;
  /**
   * Security features that are on, each `name=value,…`, such as `name=seccomp,profile=builtin`; names alone below
   * API 1.25. Null when there are none.
   */
  SecurityOptions: string[] | null;
  /** The licence of the product, in words. API 1.39+. */
  ProductLicense?: string;
  /** Ranges that networks take their subnets from. Absent when none are configured. API 1.41+. */
  DefaultAddressPools?: AddressPool[];
  /** What an operator should know of this host. Null when there is nothing. API 1.39+. */
  Warnings?: string[] | null;
  /** Directories with descriptions of devices in the Container Device Interface's form. API 1.44+. */
  CDISpecDirs?: string[];
  /** The containerd that the engine uses. API 1.46+. */
  Containerd?: ContainerdInfo;
  /** What the engine makes firewall rules with. API 1.49+. */
  FirewallBackend?: FirewallInfo;
  /** Devices that containers may be given. API 1.50+. */
  DiscoveredDevices?: DeviceInfo[];
  /** State of the node resource interface. API 1.53+. */
  NRI?: NRIInfo;
  /** What ran containers before there were runtimes: `<not supported>`. Never documented. Gone from API 1.25. */
  ExecutionDriver?: string;
  /** Stands in early documents: the backend by which classic Swarm found engines. Gone from API 1.32. */
  DiscoveryBackend?: string;
  /** Stands in early documents: path of the engine's init. Gone from API 1.32. */
  InitPath?: string;
  /** Stands in early documents: checksum of the engine's init. Gone from API 1.32. */
  InitSha1?: string;
  /** Stands in early documents: how ready the kernel is to kill the engine. Gone from API 1.32. */
  OomScoreAdj?: number;
}
