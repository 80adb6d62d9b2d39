import type { ContainerConfig } from "../../types/container-config.js";
import type { ContainerUpdateRequest } from "../../types/container-requests.js";
import type { HealthConfig } from "../../types/health.js";
import type { HostConfig, RestartPolicy } from "../../types/host-config.js";
import type { Mount } from "../../types/mounts.js";
import type { DeviceRequest, Resources, ThrottleDevice, Ulimit } from "../../types/resources.js";
import { empty, list, map, mapOf, type MembersOf, value } from "./shape.js";

export const healthConfig: MembersOf<HealthConfig> = {
  Test: list,
  Interval: value,
  Timeout: value,
  Retries: value,
  StartPeriod: value,
  StartInterval: value,
};

export const containerConfig: MembersOf<ContainerConfig> = {
  Hostname: value,
  Domainname: value,
  User: value,
  AttachStdin: value,
  AttachStdout: value,
  AttachStderr: value,
  ExposedPorts: mapOf(empty),
  Tty: value,
  OpenStdin: value,
  StdinOnce: value,
  Env: list,
  Cmd: list,
  Healthcheck: healthConfig,
  ArgsEscaped: value,
  Image: value,
  Volumes: mapOf(empty),
  WorkingDir: value,
  Entrypoint: list,
  NetworkDisabled: value,
  MacAddress: value,
  OnBuild: list,
  Labels: map,
  StopSignal: value,
  StopTimeout: value,
  Shell: list,
  Memory: value,
  MemorySwap: value,
  CpuShares: value,
  Dns: list,
  VolumesFrom: value,
  PortSpecs: list,
};

export const ulimit: MembersOf<Ulimit> = { Name: value, Soft: value, Hard: value };

const throttleDevice: MembersOf<ThrottleDevice> = { Path: value, Rate: value };

const deviceRequest: MembersOf<DeviceRequest> = {
  Driver: value,
  Count: value,
  DeviceIDs: list,
  Capabilities: [list],
  Options: map,
};

const resources: MembersOf<Resources> = {
  CpuShares: value,
  Memory: value,
  NanoCpus: value,
  NanoCPUs: value,
  CgroupParent: value,
  BlkioWeight: value,
  BlkioWeightDevice: [{ Path: value, Weight: value }],
  BlkioDeviceReadBps: [throttleDevice],
  BlkioDeviceWriteBps: [throttleDevice],
  BlkioDeviceReadIOps: [throttleDevice],
  BlkioDeviceWriteIOps: [throttleDevice],
  CpuPeriod: value,
  CpuQuota: value,
  CpuRealtimePeriod: value,
  CpuRealtimeRuntime: value,
  CpusetCpus: value,
  CpusetMems: value,
  Devices: [{ PathOnHost: value, PathInContainer: value, CgroupPermissions: value }],
  DeviceCgroupRules: list,
  DeviceRequests: [deviceRequest],
  DiskQuota: value,
  KernelMemory: value,
  KernelMemoryTCP: value,
  MemoryReservation: value,
  MemorySwap: value,
  MemorySwappiness: value,
  OomKillDisable: value,
  PidsLimit: value,
  Ulimits: [ulimit],
  Init: value,
  CpuCount: value,
  CpuPercent: value,
  IOMaximumIOps: value,
  IOMaximumBandwidth: value,
};

const restartPolicy: MembersOf<RestartPolicy> = { Name: value, MaximumRetryCount: value };

export const mount: MembersOf<Mount> = {
  Target: value,
  Source: value,
  Type: value,
  ReadOnly: value,
  Consistency: value,
  BindOptions: {
    Propagation: value,
    NonRecursive: value,
    CreateMountpoint: value,
    ReadOnlyNonRecursive: value,
    ReadOnlyForceRecursive: value,
  },
  VolumeOptions: { NoCopy: value, Labels: map, DriverConfig: { Name: value, Options: map }, Subpath: value },
  TmpfsOptions: { SizeBytes: value, Mode: value, Options: [list] },
  ImageOptions: { Subpath: value },
};

/**
 * Updates of containers accept all of these members too: engines ignore those that cannot be updated, so an inspected
 * configuration can be sent back.
 */
export const hostConfig: MembersOf<HostConfig> & MembersOf<ContainerUpdateRequest> = {
  ...resources,
  Binds: list,
  ContainerIDFile: value,
  LogConfig: { Type: value, Config: map },
  NetworkMode: value,
  PortBindings: mapOf([{ HostIp: value, HostPort: value }] as const),
  RestartPolicy: restartPolicy,
  AutoRemove: value,
  VolumeDriver: value,
  VolumesFrom: list,
  Mounts: [mount],
  ConsoleSize: list,
  Annotations: map,
  CapAdd: list,
  CapDrop: list,
  Capabilities: list,
  CgroupnsMode: value,
  Dns: list,
  DnsOptions: list,
  DnsSearch: list,
  ExtraHosts: list,
  GroupAdd: list,
  IpcMode: value,
  Cgroup: value,
  Links: list,
  OomScoreAdj: value,
  PidMode: value,
  Privileged: value,
  PublishAllPorts: value,
  ReadonlyRootfs: value,
  SecurityOpt: list,
  StorageOpt: map,
  Tmpfs: map,
  UTSMode: value,
  UsernsMode: value,
  ShmSize: value,
  Sysctls: map,
  Runtime: value,
  Isolation: value,
  MaskedPaths: list,
  ReadonlyPaths: list,
  LxcConf: [{ Key: value, Value: value }],
};
