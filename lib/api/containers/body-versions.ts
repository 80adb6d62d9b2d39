import type { ContainerCreateRequest, ContainerUpdateRequest } from "../../types/container-requests.js";
import type { BodyPath } from "../../types/util.js";

/**
 * API version that introduced each member of the request body for creating a container, by path. Unlisted members exist in all
 * API versions since 1.24, or are map entries.
 */
export const containerBodyVersions: Readonly<Record<string, string>> = {
  StopTimeout: "1.25",
  "Healthcheck.StartPeriod": "1.29",
  "Healthcheck.StartInterval": "1.44",
  "HostConfig.Annotations": "1.43",
  "HostConfig.AutoRemove": "1.25",
  "HostConfig.Capabilities": "1.40",
  "HostConfig.CgroupnsMode": "1.41",
  "HostConfig.CpuCount": "1.25",
  "HostConfig.CpuRealtimePeriod": "1.25",
  "HostConfig.CpuRealtimeRuntime": "1.25",
  "HostConfig.DeviceCgroupRules": "1.28",
  "HostConfig.DeviceRequests": "1.40",
  "HostConfig.DeviceRequests[].Capabilities": "1.40",
  "HostConfig.DeviceRequests[].Count": "1.40",
  "HostConfig.DeviceRequests[].DeviceIDs": "1.40",
  "HostConfig.DeviceRequests[].Driver": "1.40",
  "HostConfig.DeviceRequests[].Options": "1.40",
  "HostConfig.Init": "1.25",
  "HostConfig.KernelMemoryTCP": "1.40",
  "HostConfig.MaskedPaths": "1.38",
  "HostConfig.Mounts": "1.25",
  "HostConfig.Mounts[].BindOptions": "1.25",
  "HostConfig.Mounts[].BindOptions.CreateMountpoint": "1.42",
  "HostConfig.Mounts[].BindOptions.NonRecursive": "1.40",
  "HostConfig.Mounts[].BindOptions.Propagation": "1.25",
  "HostConfig.Mounts[].BindOptions.ReadOnlyForceRecursive": "1.44",
  "HostConfig.Mounts[].BindOptions.ReadOnlyNonRecursive": "1.44",
  "HostConfig.Mounts[].Consistency": "1.28",
  "HostConfig.Mounts[].ImageOptions": "1.48",
  "HostConfig.Mounts[].ImageOptions.Subpath": "1.48",
  "HostConfig.Mounts[].ReadOnly": "1.25",
  "HostConfig.Mounts[].Source": "1.25",
  "HostConfig.Mounts[].Target": "1.25",
  "HostConfig.Mounts[].TmpfsOptions": "1.25",
  "HostConfig.Mounts[].TmpfsOptions.Mode": "1.25",
  "HostConfig.Mounts[].TmpfsOptions.Options": "1.46",
  "HostConfig.Mounts[].TmpfsOptions.SizeBytes": "1.25",
  "HostConfig.Mounts[].Type": "1.25",
  "HostConfig.Mounts[].VolumeOptions": "1.25",
  "HostConfig.Mounts[].VolumeOptions.DriverConfig": "1.25",
  "HostConfig.Mounts[].VolumeOptions.DriverConfig.Name": "1.25",
  "HostConfig.Mounts[].VolumeOptions.DriverConfig.Options": "1.25",
  "HostConfig.Mounts[].VolumeOptions.Labels": "1.25",
  "HostConfig.Mounts[].VolumeOptions.NoCopy": "1.25",
  "HostConfig.Mounts[].VolumeOptions.Subpath": "1.45",
  "HostConfig.NanoCpus": "1.25",
  "HostConfig.ReadonlyPaths": "1.38",
} satisfies Partial<Record<BodyPath<ContainerCreateRequest>, string>>;

/**
 * API version that introduced each member of the request body for updating a container, by path. Unlisted members are read in
 * all API versions since 1.24, or in none.
 */
export const containerUpdateVersions: Readonly<Record<string, string>> = {
  CpuCount: "1.25",
  CpuRealtimePeriod: "1.25",
  CpuRealtimeRuntime: "1.25",
  DeviceCgroupRules: "1.28",
  DeviceRequests: "1.40",
  "DeviceRequests[].Capabilities": "1.40",
  "DeviceRequests[].Count": "1.40",
  "DeviceRequests[].DeviceIDs": "1.40",
  "DeviceRequests[].Driver": "1.40",
  "DeviceRequests[].Options": "1.40",
  KernelMemoryTCP: "1.40",
  NanoCpus: "1.28",
  PidsLimit: "1.40",
} satisfies Partial<Record<BodyPath<ContainerUpdateRequest>, string>>;

/** First API version in which engines silently ignore a member of the request body for creating a container. */
export const containerBodyRemovals: Readonly<Record<string, string>> = {
  "HostConfig.Capabilities": "1.41",
  "HostConfig.KernelMemory": "1.42",
  "HostConfig.KernelMemoryTCP": "1.52",
} satisfies Partial<Record<BodyPath<ContainerCreateRequest>, string>>;

/** First API version in which engines silently ignore a member of the request body for updating a container. */
export const containerUpdateRemovals: Readonly<Record<string, string>> = {
  KernelMemory: "1.42",
  KernelMemoryTCP: "1.52",
} satisfies Partial<Record<BodyPath<ContainerUpdateRequest>, string>>;

const beforePowercap = ["acpi", "kcore", "keys", "latency_stats", "timer_list", "timer_stats", "sched_debug", "scsi"];
const masked = (names: readonly string[], ...others: string[]): string[] => [
  ...["asound", ...names].map((name) => `/proc/${name}`),
  "/sys/firmware",
  ...others,
];

/** The paths that Docker 20.10, 26 and 28 mask by default, as reported by inspecting a container. */
const maskedByDefault = [
  masked(beforePowercap),
  masked(beforePowercap, "/sys/devices/virtual/powercap"),
  masked(beforePowercap.toSpliced(1, 0, "interrupts"), "/sys/devices/virtual/powercap"),
];

/** The paths that engines make read-only by default, as reported by inspecting a container. */
const readonlyByDefault = [["bus", "fs", "irq", "sys", "sysrq-trigger"].map((name) => `/proc/${name}`)];

/**
 * For members of the request body for creating a container: the values that have the same effect as omitting the member. Listed
 * only where these are not simply the empty values.
 */
export const containerBodyDefaults: Readonly<Record<string, readonly unknown[]>> = {
  StopTimeout: [0, 10], // Podman 4.3 reports 0 for a container with the default timeout
  "HostConfig.CgroupnsMode": ["", "host"], // the only mode before API 1.41
  "HostConfig.MaskedPaths": maskedByDefault,
  "HostConfig.Mounts[].Consistency": ["", "default"],
  "HostConfig.ReadonlyPaths": readonlyByDefault,
} satisfies Partial<Record<BodyPath<ContainerCreateRequest>, readonly unknown[]>>;

/**
 * For members of the request body for updating a container: the values that have the same effect as omitting the member. Listed
 * only where these are not simply the empty values.
 */
export const containerUpdateDefaults: Readonly<Record<string, readonly unknown[]>> = {
  PidsLimit: [], // no such value: zero removes the limit
} satisfies Partial<Record<BodyPath<ContainerUpdateRequest>, readonly unknown[]>>;
