import type { ContainerConfig } from "./container-config.js";
import type { DriverData } from "./common.js";
import type { Health, HealthSummary } from "./health.js";
import type { HostConfig } from "./host-config.js";
import type { OCIDescriptor } from "./image-manifest.js";
import type { MountPoint } from "./mounts.js";
import type { EndpointSettings, NetworkSettings, PortSummary } from "./network-endpoint.js";

/**
 * What a container is doing.
 *
 * @enum
 * @category Containers
 */
export const ContainerStatus = {
  /** It has never run, or its last start failed before the command began. */
  Created: "created",
  /** Its command runs. */
  Running: "running",
  /** Its processes are frozen. */
  Paused: "paused",
  /** It has ended, and starts again by its restart policy. */
  Restarting: "restarting",
  /** It is being removed. Engines before API 1.25 say `exited`. */
  Removing: "removing",
  /** Its command has ended. */
  Exited: "exited",
  /** Its removal failed halfway; it can only be removed again. */
  Dead: "dead",
} as const;

/** What a container is doing. @category Containers */
export type ContainerStatus = (typeof ContainerStatus)[keyof typeof ContainerStatus];

/** What a list of containers tells of the host's configuration. @category Containers */
export interface ContainerSummaryHostConfig {
  /** Network: `default`, `bridge`, `host`, `none`, `container:<ID>`, or the name of a network. */
  NetworkMode?: string;
  /** Further data for the runtime. API 1.46+. */
  Annotations?: Record<string, string> | null;
}

/** What a list of containers tells of networks. @category Containers */
export interface ContainerSummaryNetworkSettings {
  /** Endpoints by network name. */
  Networks: Record<string, EndpointSettings>;
}

/** A container, as a list of containers tells it. @category Containers */
export interface ContainerSummary {
  /** ID. */
  Id: string;
  /** Names, each with a slash before it; those that links gave it among them. */
  Names: string[];
  /** Image as it was given at creation, or its ID when that name has gone to another image. */
  Image: string;
  /** ID of the image. */
  ImageID: string;
  /** Command with its arguments, as one line. */
  Command: string;
  /** When it was created, in seconds since 1970. */
  Created: number;
  /** Ports that are exposed or published. */
  Ports: PortSummary[];
  /** Bytes that the container has written to its file system. Only when sizes were asked for; left out when it is zero. */
  SizeRw?: number;
  /** Bytes of its whole file system, the image's included. Only when sizes were asked for. */
  SizeRootFs?: number;
  /** Labels. */
  Labels: Record<string, string>;
  /** What the container is doing. */
  State: ContainerStatus | (string & {});
  /** The same in words, with times, such as `Up 5 minutes (healthy)`. */
  Status: string;
  /** What of the host's configuration a list tells. */
  HostConfig: ContainerSummaryHostConfig;
  /** The networks that it is in. */
  NetworkSettings: ContainerSummaryNetworkSettings;
  /** What is mounted in it. */
  Mounts: MountPoint[];
  /** The image's manifest for the container's platform. With an image store that has manifests only. API 1.48+. */
  ImageManifestDescriptor?: OCIDescriptor | null;
  /** Its health. API 1.52+. */
  Health?: HealthSummary;
}

/** State of a container, in detail. @category Containers */
export interface ContainerState {
  /** What the container is doing. */
  Status: ContainerStatus | (string & {});
  /** Whether it has a process. True for a paused container too, and for one about to restart. */
  Running: boolean;
  /** Whether its processes are frozen. */
  Paused: boolean;
  /** Whether it starts again by its restart policy. */
  Restarting: boolean;
  /** Whether the kernel has killed one of its processes, since the last start, for want of memory. */
  OOMKilled: boolean;
  /** Whether its removal failed halfway. */
  Dead: boolean;
  /** ID of its first process on the engine's host. `0` when it does not run. */
  Pid: number;
  /** Exit code of the last run. */
  ExitCode: number;
  /** Why the last start failed. Empty when it did not. */
  Error: string;
  /** When it last started, in RFC 3339. `0001-01-01T00:00:00Z` for never. */
  StartedAt: string;
  /** When it last ended, in RFC 3339. `0001-01-01T00:00:00Z` for never. */
  FinishedAt: string;
  /** Its health. Left out when it has no health check. */
  Health?: Health | null;
  /** Whether the process outlived an engine that has started again since. Engines of API 1.24 and later send none. */
  Ghost?: boolean;
}

/** The node of the original, standalone Swarm on which a container is. @category Containers */
export interface ContainerNode {
  /** ID of the node. */
  ID?: string;
  /** Its IP address. */
  IP?: string;
  /** Address and port of its engine. */
  Addr?: string;
  /** Its name. */
  Name?: string;
  /** Number of its CPUs. */
  Cpus?: number;
  /** Its memory, in bytes. */
  Memory?: number;
  /** Labels of its engine. */
  Labels?: Record<string, string> | null;
}

/** The snapshot in which a container's file system is kept. API 1.52+. @category Containers */
export interface RootFSStorageSnapshot {
  /** Name of the snapshotter. */
  Name?: string;
}

/** How a container's file system is kept. API 1.52+. @category Containers */
export interface RootFSStorage {
  /** The snapshot, where it is kept in one. */
  Snapshot?: RootFSStorageSnapshot | null;
}

/** How a container's data is kept. API 1.52+. @category Containers */
export interface Storage {
  /** Its file system. */
  RootFS?: RootFSStorage | null;
}

/** A container, with all that the engine knows of it. @category Containers */
export interface ContainerInspect {
  /** ID. */
  Id: string;
  /** ID, as engines before API 1.12 spell it. */
  ID?: string;
  /** When it was created, in RFC 3339. */
  Created: string;
  /** Program that it runs. */
  Path: string;
  /** Arguments of the program. */
  Args: string[];
  /** Its state. */
  State: ContainerState;
  /** ID of its image. */
  Image: string;
  /** Path of its `resolv.conf` on the engine's host. Empty before the first start. */
  ResolvConfPath: string;
  /** Path of its `hostname` file on the engine's host. Empty before the first start. */
  HostnamePath: string;
  /** Path of its `hosts` file on the engine's host. Empty before the first start. */
  HostsPath: string;
  /** Path of its log on the engine's host. Empty before the first start, and with drivers that keep no file. */
  LogPath: string;
  /** Node of a standalone Swarm. Sent by such a Swarm only. Gone from API 1.39. */
  Node?: ContainerNode | null;
  /** Name, with a slash before it. */
  Name: string;
  /** How often its restart policy has started it again since the last start by a user. */
  RestartCount: number;
  /** Storage driver of its file system. */
  Driver: string;
  /** Operating system that it is for. */
  Platform?: string;
  /** The image's manifest for the container's platform. With an image store that has manifests only. API 1.48+. */
  ImageManifestDescriptor?: OCIDescriptor;
  /** SELinux label of its mounts. Empty for none. */
  MountLabel: string;
  /** SELinux label of its processes. Empty for none. */
  ProcessLabel: string;
  /** AppArmor profile of its processes. Empty for none. */
  AppArmorProfile: string;
  /** IDs of the execs that are prepared or running in it. */
  ExecIDs: string[] | null;
  /** How it sits on its host. */
  HostConfig: HostConfig;
  /** How the storage driver keeps its file system. From API 1.52 on, `Storage` may stand in its place. */
  GraphDriver?: DriverData | null;
  /** How its data is kept, where no storage driver does it. API 1.52+. */
  Storage?: Storage | null;
  /** Bytes that it has written to its file system. Only when sizes were asked for. */
  SizeRw?: number | null;
  /** Bytes of its whole file system, the image's included. Only when sizes were asked for. */
  SizeRootFs?: number | null;
  /** What is mounted in it. */
  Mounts: MountPoint[];
  /** What runs in it. */
  Config: ContainerConfig;
  /** The networks that it is in. */
  NetworkSettings: NetworkSettings;
  /** Path of the program that set it up from within. Engines of API 1.24 and later send none. */
  SysInitPath?: string;
  /** Paths on the host by path in the container. Below API 1.20; `Mounts` took its place. */
  Volumes?: Record<string, string> | null;
  /** Whether the container may write, by path in it. Below API 1.20; `Mounts` took its place. */
  VolumesRW?: Record<string, boolean> | null;
}
