import type * as types from "../../types/index.js";
import { list, map, type Shape } from "./shape.js";

// The shapes of responses about containers and networks, and those that images and services share with them.

export const ociPlatform: Shape<types.OCIPlatform> = { "os.features": list };
export const ociDescriptor: Shape<types.OCIDescriptor> = { urls: list, annotations: map, platform: ociPlatform };
export const driverData: Shape<types.DriverData> = { Data: map };
export const healthConfig: Shape<types.HealthConfig> = { Test: list };
export const containerCreateResponse: Shape<types.ContainerCreateResponse> = { Warnings: list };
const containerSummaryHostConfig: Shape<types.ContainerSummaryHostConfig> = { Annotations: map };
const endpointIPAMConfig: Shape<types.EndpointIPAMConfig> = { LinkLocalIPs: list };
const endpointSettings: Shape<types.EndpointSettings> = {
  IPAMConfig: endpointIPAMConfig,
  Links: list,
  Aliases: list,
  DriverOpts: map,
  DNSNames: list,
};
const containerSummaryNetworkSettings: Shape<types.ContainerSummaryNetworkSettings> = { Networks: { "*": endpointSettings } };
export const containerSummary: Shape<types.ContainerSummary> = {
  Names: list,
  Ports: list,
  Labels: map,
  HostConfig: containerSummaryHostConfig,
  NetworkSettings: containerSummaryNetworkSettings,
  Mounts: list,
  ImageManifestDescriptor: ociDescriptor,
};
const health: Shape<types.Health> = { Log: list };
const containerState: Shape<types.ContainerState> = { Health: health };
const containerNode: Shape<types.ContainerNode> = { Labels: map };
const logConfig: Shape<types.LogConfig> = { Config: map };
const volumeDriverConfig: Shape<types.VolumeDriverConfig> = { Options: map };
const mountVolumeOptions: Shape<types.MountVolumeOptions> = { Labels: map, DriverConfig: volumeDriverConfig };
const mountTmpfsOptions: Shape<types.MountTmpfsOptions> = { Options: [list] };
export const mount: Shape<types.Mount> = { VolumeOptions: mountVolumeOptions, TmpfsOptions: mountTmpfsOptions };
const deviceRequest: Shape<types.DeviceRequest> = { DeviceIDs: list, Capabilities: [list], Options: map };
const hostConfig: Shape<types.HostConfig> = {
  Binds: list,
  LogConfig: logConfig,
  PortBindings: { "*": "as sent" },
  VolumesFrom: list,
  Mounts: [mount],
  ConsoleSize: "as sent",
  Annotations: map,
  CapAdd: list,
  CapDrop: list,
  Capabilities: list,
  Dns: list,
  DnsOptions: list,
  DnsSearch: list,
  ExtraHosts: list,
  GroupAdd: list,
  Links: list,
  SecurityOpt: list,
  StorageOpt: map,
  Tmpfs: map,
  Sysctls: map,
  MaskedPaths: "as sent",
  ReadonlyPaths: "as sent",
  LxcConf: list,
  BlkioWeightDevice: list,
  BlkioDeviceReadBps: list,
  BlkioDeviceWriteBps: list,
  BlkioDeviceReadIOps: list,
  BlkioDeviceWriteIOps: list,
  Devices: list,
  DeviceCgroupRules: list,
  DeviceRequests: [deviceRequest],
  Ulimits: list,
};
export const containerConfig: Shape<types.ContainerConfig> = {
  ExposedPorts: map,
  Env: list,
  Cmd: list,
  Healthcheck: healthConfig,
  Volumes: map,
  Entrypoint: "as sent",
  OnBuild: list,
  Labels: map,
  Shell: list,
  Dns: list,
  PortSpecs: list,
};
const networkSettings: Shape<types.NetworkSettings> = {
  Ports: { "*": "as sent" },
  Networks: { "*": endpointSettings },
  SecondaryIPAddresses: list,
  SecondaryIPv6Addresses: list,
  PortMapping: "as sent",
};
export const containerInspect: Shape<types.ContainerInspect> = {
  Args: list,
  State: containerState,
  Node: containerNode,
  ImageManifestDescriptor: ociDescriptor,
  ExecIDs: list,
  HostConfig: hostConfig,
  GraphDriver: driverData,
  Mounts: list,
  Config: containerConfig,
  NetworkSettings: networkSettings,
  Volumes: map,
  VolumesRW: map,
};
const processConfig: Shape<types.ProcessConfig> = { arguments: list };
export const execInspect: Shape<types.ExecInspect> = { ProcessConfig: processConfig };
const networkTaskInfo: Shape<types.NetworkTaskInfo> = { Info: map };
const serviceInfo: Shape<types.ServiceInfo> = { Ports: list, Tasks: [networkTaskInfo] };
const ipamStatus: Shape<types.IPAMStatus> = { Subnets: map };
const networkStatus: Shape<types.NetworkStatus> = { IPAM: ipamStatus };
const ipamConfig: Shape<types.IPAMConfig> = { AuxiliaryAddresses: map };
const ipam: Shape<types.IPAM> = { Config: [ipamConfig], Options: map };
export const networkInspect: Shape<types.NetworkInspect> = {
  Services: { "*": serviceInfo },
  Status: networkStatus,
  IPAM: ipam,
  Containers: map,
  Options: map,
  Labels: map,
  Peers: list,
};
export const network: Shape<types.Network> = { IPAM: ipam, Containers: map, Options: map, Labels: map, Peers: list };
export const containersPruneResponse: Shape<types.ContainersPruneResponse> = { ContainersDeleted: list };
export const networksPruneResponse: Shape<types.NetworksPruneResponse> = { NetworksDeleted: list, VolumesDeleted: list };
const containerBlkioStats: Shape<types.ContainerBlkioStats> = {
  io_service_bytes_recursive: list,
  io_serviced_recursive: list,
  io_queue_recursive: list,
  io_service_time_recursive: list,
  io_wait_time_recursive: list,
  io_merged_recursive: list,
  io_time_recursive: list,
  sectors_recursive: list,
};
const containerCPUUsage: Shape<types.ContainerCPUUsage> = { percpu_usage: list };
const containerCPUStats: Shape<types.ContainerCPUStats> = { cpu_usage: containerCPUUsage };
const containerMemoryStats: Shape<types.ContainerMemoryStats> = { stats: map };
export const containerStats: Shape<types.ContainerStats> = {
  blkio_stats: containerBlkioStats,
  cpu_stats: containerCPUStats,
  precpu_stats: containerCPUStats,
  memory_stats: containerMemoryStats,
  networks: map,
};
export const containerUpdateResponse: Shape<types.ContainerUpdateResponse> = { Warnings: list };
