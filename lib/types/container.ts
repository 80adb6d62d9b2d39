import type { DriverData } from "./common.js";
import type { ContainerConfig } from "./container-config.js";
import type { Health, HealthSummary } from "./health.js";
import type { HostConfig } from "./host-config.js";
import type { OCIDescriptor } from "./image-manifest.js";
import type { MountPoint } from "./mounts.js";
import type { EndpointSettings, NetworkSettings, PortSummary } from "./network-endpoint.js";

/**
 * State of a container.
 *
 * @enum
 * @category Containers
 */
export const ContainerStatus = {
  /** Never started, or its last start failed before the command ran. */
  Created: "created",
  /** Running. */
  Running: "running",
  /** Paused. */
  Paused: "paused",
  /** Exited, and about to be restarted by its restart policy. */
  Restarting: "restarting",
  /** Being removed. Engines before API 1.25 report `exited`. */
  Removing: "removing",
  /** Exited. */
  Exited: "exited",
  /** Partially removed after a failed removal; it can only be removed again. */
  Dead: "dead",
} as const;

/** State of a container. @category Containers */
export type ContainerStatus = (typeof ContainerStatus)[keyof typeof ContainerStatus];

/** Host settings in a container summary. @category Containers */
export interface ContainerSummaryHostConfig {
  /** Network mode: `default`, `bridge`, `host`, `none`, `container:<ID>`, or the name of a network. */
  NetworkMode?: string;
  /** Annotations for the runtime. Added in API 1.46. */
  Annotations?: Record<string, string>;
}

/** Networks in a container summary. @category Containers */
export interface ContainerSummaryNetworkSettings {
  /** Endpoints by network name. */
  Networks: Record<string, EndpointSettings>;
}

/** Summary of a container, as returned by list requests. @category Containers */
export interface ContainerSummary {
  /** ID of the container. */
  Id: string;
  /** Names of the container, each with a leading slash, including names assigned by links. */
  Names: string[];
  /** Image as specified at creation, or its ID if the name now refers to another image. */
  Image: string;
  /** ID of the image. */
  ImageID: string;
  /** Command with its arguments, as a single string. */
  Command: string;
  /** Creation time, in seconds since the Unix epoch. */
  Created: number;
  /** Exposed and published ports. */
  Ports: PortSummary[];
  /**
   * Size of the files that the container has written, in bytes. Only if sizes were requested, and omitted if
   * zero.
   */
  SizeRw?: number;
  /** Size of the root file system including the image, in bytes. Only if sizes were requested. */
  SizeRootFs?: number;
  /** Labels of the container. */
  Labels: Record<string, string>;
  /** State of the container. */
  State: ContainerStatus | (string & {});
  /** Human-readable state, such as `Up 5 minutes (healthy)`. */
  Status: string;
  /** Host settings. Podman omits them. */
  HostConfig?: ContainerSummaryHostConfig;
  /** Networks that the container is attached to. */
  NetworkSettings: ContainerSummaryNetworkSettings;
  /** Mounts of the container. */
  Mounts: MountPoint[];
  /** Image manifest for the platform of the container. Requires the containerd image store. Added in API 1.48. */
  ImageManifestDescriptor?: OCIDescriptor | null;
  /** Health of the container. Added in API 1.52. */
  Health?: HealthSummary;
  /** Always empty; see `Names`. Undocumented; only Podman sends it. */
  Name?: string;
  /** Always null. Undocumented; only Podman sends it. */
  Config?: null;
  /** Always null. Undocumented; only Podman sends it. */
  NetworkingConfig?: null;
  /** Always null. Undocumented; only Podman sends it. */
  Platform?: null;
  /** Always false. Undocumented; only Podman 5 sends it. */
  DefaultReadOnlyNonRecursive?: boolean;
  /** Always false. Undocumented; only Podman 4 sends it. */
  AdjustCPUShares?: boolean;
}

/** Detailed state of a container. @category Containers */
export interface ContainerState {
  /** State of the container. */
  Status: ContainerStatus | (string & {});
  /** Whether the container has a process. Also true for paused and restarting containers. */
  Running: boolean;
  /** Whether the container is paused. */
  Paused: boolean;
  /** Whether the container is restarting. */
  Restarting: boolean;
  /** Whether the kernel has killed a process of the container since its last start because memory ran out. */
  OOMKilled: boolean;
  /** Whether the removal of the container failed halfway. */
  Dead: boolean;
  /** Process ID, on the host, of the container's main process. `0` if the container is not running. */
  Pid: number;
  /** Exit code of the last run. */
  ExitCode: number;
  /** Error of the last start. Empty if it succeeded. */
  Error: string;
  /** Time of the last start, in RFC 3339 format. `0001-01-01T00:00:00Z` if never started. */
  StartedAt: string;
  /** Time of the last exit, in RFC 3339 format. `0001-01-01T00:00:00Z` if never exited. */
  FinishedAt: string;
  /** Health of the container. Absent if it has no health check. */
  Health?: Health | null;
  /** Whether the process survived an engine restart. Not sent in API 1.24 and later. */
  Ghost?: boolean;
}

/** Node of a standalone Swarm that runs the container. @category Containers */
export interface ContainerNode {
  /** ID of the node. */
  ID?: string;
  /** IP address of the node. */
  IP?: string;
  /** Address and port of the node's engine. */
  Addr?: string;
  /** Name of the node. */
  Name?: string;
  /** Number of CPUs. */
  Cpus?: number;
  /** Memory, in bytes. */
  Memory?: number;
  /** Labels of the node's engine. */
  Labels?: Record<string, string>;
}

/** Snapshot that stores the root file system of a container. Added in API 1.52. @category Containers */
export interface RootFSStorageSnapshot {
  /** Name of the snapshotter. */
  Name?: string;
}

/** Storage of a container's root file system. Added in API 1.52. @category Containers */
export interface RootFSStorage {
  /** Snapshot, if the file system is stored in one. */
  Snapshot?: RootFSStorageSnapshot | null;
}

/** Storage of a container. Added in API 1.52. @category Containers */
export interface Storage {
  /** Storage of the root file system. */
  RootFS?: RootFSStorage | null;
}

/** Detailed information about a container. @category Containers */
export interface ContainerInspect {
  /** ID of the container. */
  Id: string;
  /** `Id` as engines before API 1.12 spell it. */
  ID?: string;
  /** Creation time, in RFC 3339 format. */
  Created: string;
  /** Path of the executable. */
  Path: string;
  /** Arguments of the executable. */
  Args: string[];
  /** State of the container. */
  State: ContainerState;
  /** ID of the image. */
  Image: string;
  /** Path of `resolv.conf` on the host. Empty before the first start. */
  ResolvConfPath: string;
  /** Path of the `hostname` file on the host. Empty before the first start. */
  HostnamePath: string;
  /** Path of the `hosts` file on the host. Empty before the first start. */
  HostsPath: string;
  /** Path of the log file on the host. Empty before the first start, and for drivers that write no file. */
  LogPath: string;
  /** Node that runs the container. Sent only by a standalone Swarm. Removed in API 1.39. */
  Node?: ContainerNode | null;
  /** Name of the container, with a leading slash. */
  Name: string;
  /** Number of restarts by the restart policy since a user last started the container. */
  RestartCount: number;
  /** Storage driver of the root file system. */
  Driver: string;
  /** Operating system of the container's platform. */
  Platform?: string;
  /** Image manifest for the platform of the container. Requires the containerd image store. Added in API 1.48. */
  ImageManifestDescriptor?: OCIDescriptor;
  /** SELinux label of the mounts. Empty if not set. */
  MountLabel: string;
  /** SELinux label of the processes. Empty if not set. */
  ProcessLabel: string;
  /** AppArmor profile of the processes. Empty if not set. */
  AppArmorProfile: string;
  /** IDs of the exec instances that are created or running in the container. */
  ExecIDs: string[];
  /** Container settings that depend on the host. */
  HostConfig: HostConfig;
  /** Storage driver data of the root file system. `Storage` can replace it in API 1.52 and later. */
  GraphDriver?: DriverData | null;
  /** Storage details, if the container does not use a storage driver. Added in API 1.52. */
  Storage?: Storage | null;
  /** Size of the files that the container has written, in bytes. Only if sizes were requested. */
  SizeRw?: number | null;
  /** Size of the root file system including the image, in bytes. Only if sizes were requested. */
  SizeRootFs?: number | null;
  /** Mounts of the container. */
  Mounts: MountPoint[];
  /** Container settings that do not depend on the host. */
  Config: ContainerConfig;
  /** Networks that the container is attached to. */
  NetworkSettings: NetworkSettings;
  /** Path of the init program inside the container. Not sent in API 1.24 and later. */
  SysInitPath?: string;
  /** Host paths of mounts, by path in the container. Only before API 1.20; replaced by `Mounts`. */
  Volumes?: Record<string, string>;
  /** Whether mounts are writable, by path in the container. Only before API 1.20; replaced by `Mounts`. */
  VolumesRW?: Record<string, boolean>;
}
