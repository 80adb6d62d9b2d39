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

/** Information about the engine and its host. @category System */
export interface SystemInfo {
  /** ID of the engine. Podman generates a new one for every response. */
  ID: string;
  /** Number of containers. */
  Containers: number;
  /** Number of running containers. */
  ContainersRunning: number;
  /** Number of paused containers. */
  ContainersPaused: number;
  /** Number of stopped containers. */
  ContainersStopped: number;
  /** Number of images. */
  Images: number;
  /** Name of the storage driver or snapshotter, such as `overlay2`. */
  Driver: string;
  /** Storage driver information, as label-value pairs. Empty if there is none. */
  DriverStatus: [label: string, value: string][];
  /** Data directory of the engine. */
  DockerRootDir: string;
  /** Status of standalone Swarm, as label-value pairs. Removed in API 1.41. */
  SystemStatus?: [label: string, value: string][];
  /** Available plugins and drivers. */
  Plugins: PluginsInfo;
  /** Whether memory limits are supported. */
  MemoryLimit: boolean;
  /** Whether swap limits are supported. */
  SwapLimit: boolean;
  /** Whether kernel memory limits are supported. Removed in API 1.42. */
  KernelMemory?: boolean;
  /** Whether kernel TCP buffer memory limits are supported. Added in API 1.40. Removed in API 1.52. */
  KernelMemoryTCP?: boolean;
  /** Whether CPU quota periods are supported. */
  CpuCfsPeriod: boolean;
  /** Whether CPU quotas are supported. */
  CpuCfsQuota: boolean;
  /** Whether CPU shares are supported. */
  CPUShares: boolean;
  /** Whether containers can be pinned to CPUs. */
  CPUSet: boolean;
  /** Whether process limits are supported. Added in API 1.40. */
  PidsLimit?: boolean;
  /** Whether the OOM killer can be disabled for containers. */
  OomKillDisable: boolean;
  /** Whether IPv4 forwarding is enabled on the host. */
  IPv4Forwarding: boolean;
  /** Whether `bridge-nf-call-iptables` is enabled on the host. Removed in API 1.50. */
  BridgeNfIptables?: boolean;
  /** Whether `bridge-nf-call-ip6tables` is enabled on the host. Removed in API 1.50. */
  BridgeNfIp6tables?: boolean;
  /** Whether debug logging is enabled. */
  Debug: boolean;
  /** Number of open file descriptors of the engine. */
  NFd: number;
  /** Number of goroutines of the engine. */
  NGoroutines: number;
  /** System time of the host, in RFC 3339 format with nanoseconds. */
  SystemTime: string;
  /** Default logging driver. */
  LoggingDriver: string;
  /** Cgroup driver. */
  CgroupDriver: CgroupDriver;
  /** Cgroup version. Added in API 1.41. */
  CgroupVersion?: CgroupVersion;
  /** Number of event listeners. */
  NEventsListener: number;
  /** Kernel version of the host. */
  KernelVersion: string;
  /** Operating system of the host, such as `Debian GNU/Linux 12 (bookworm)`. */
  OperatingSystem: string;
  /** Operating system version of the host. Added in API 1.41. */
  OSVersion?: string;
  /** Operating system type: `linux` or `windows`. */
  OSType: string;
  /** CPU architecture as reported by the kernel, such as `x86_64`. */
  Architecture: string;
  /** Number of CPUs available to the engine. */
  NCPU: number;
  /** Memory of the host, in bytes. */
  MemTotal: number;
  /** Address of the default registry for credentials: `https://index.docker.io/v1/`. */
  IndexServerAddress: string;
  /** Registry settings. */
  RegistryConfig: RegistryServiceConfig;
  /** Generic resources of the node. Empty if there are none. Added in API 1.32. */
  GenericResources?: GenericResource[];
  /** HTTP proxy, with its password masked. Empty if not set. */
  HttpProxy: string;
  /** HTTPS proxy, with its password masked. Empty if not set. */
  HttpsProxy: string;
  /** Hosts to access without a proxy, separated by commas. */
  NoProxy: string;
  /** Host name. */
  Name: string;
  /** Labels of the engine, as `key=value`. */
  Labels: string[];
  /** Whether experimental features are enabled. */
  ExperimentalBuild: boolean;
  /** Version of the engine. */
  ServerVersion: string;
  /** Key-value store for multi-host networks. Removed in API 1.42. */
  ClusterStore?: string;
  /** Address that the engine advertises in the key-value store. Removed in API 1.42. */
  ClusterAdvertise?: string;
  /** Container runtimes by name. Empty on Windows. */
  Runtimes: Record<string, Runtime>;
  /** Name of the default runtime. */
  DefaultRuntime: string;
  /** Swarm status of the engine. */
  Swarm: SwarmInfo;
  /** Whether containers keep running while the engine is down. */
  LiveRestoreEnabled: boolean;
  /** Default isolation technology on Windows. Empty elsewhere. Added in API 1.25. */
  Isolation?: IsolationMode;
  /** Name of the init program for containers with `Init`. Added in API 1.25. */
  InitBinary?: string;
  /** Version of containerd. Added in API 1.25. */
  ContainerdCommit?: Commit;
  /** Version of runc. Added in API 1.25. */
  RuncCommit?: Commit;
  /** Version of the init program. Added in API 1.25. */
  InitCommit?: Commit;
  /** Enabled security features, such as `name=seccomp,profile=builtin`. Before API 1.25, only their names. */
  SecurityOptions: string[];
  /** Description of the product license. Added in API 1.39. */
  ProductLicense?: string;
  /** Address pools for network subnets. Absent if not configured. Added in API 1.41. */
  DefaultAddressPools?: AddressPool[];
  /** Warnings about the host. Empty if there are none. Added in API 1.39. */
  Warnings?: string[];
  /** Directories with Container Device Interface (CDI) specs. Added in API 1.44. */
  CDISpecDirs?: string[];
  /** Containerd settings. Added in API 1.46. */
  Containerd?: ContainerdInfo;
  /** Firewall backend. Added in API 1.49. */
  FirewallBackend?: FirewallInfo;
  /** Devices that containers can request. Added in API 1.50. */
  DiscoveredDevices?: DeviceInfo[];
  /** Status of the Node Resource Interface (NRI). Added in API 1.53. */
  NRI?: NRIInfo;
  /** Execution driver. Always `<not supported>`, because runtimes have replaced it. Undocumented. Removed in API 1.25. */
  ExecutionDriver?: string;
  /** Discovery backend of standalone Swarm. Documented only in early versions of the API reference. Removed in API 1.32. */
  DiscoveryBackend?: string;
  /** Path of the init program. Documented only in early versions of the API reference. Removed in API 1.32. */
  InitPath?: string;
  /** SHA-1 checksum of the init program. Documented only in early versions of the API reference. Removed in API 1.32. */
  InitSha1?: string;
  /** OOM score adjustment of the engine. Documented only in early versions of the API reference. Removed in API 1.32. */
  OomScoreAdj?: number;
  /** Version of Buildah, which builds images. Undocumented; only Podman sends it. */
  BuildahVersion?: string;
  /** Whether real-time scheduler periods are supported. Undocumented; only Podman sends it. */
  CPURealtimePeriod?: boolean;
  /** Whether real-time CPU time is supported. Undocumented; only Podman sends it. */
  CPURealtimeRuntime?: boolean;
  /** Whether the engine runs without root. Undocumented; only Podman sends it. */
  Rootless?: boolean;
  /** Unused swap, in bytes. Undocumented; only Podman sends it. */
  SwapFree?: number;
  /** Swap of the host, in bytes. Undocumented; only Podman sends it. */
  SwapTotal?: number;
  /** Time since the host started, in words. Undocumented; only Podman sends it. */
  Uptime?: string;
}
