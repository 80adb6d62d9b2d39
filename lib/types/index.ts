export { type BuildCache, BuildCacheType, type BuildPruneResponse } from "./build.js";
export type {
  BuildSourcePlace,
  BuildTrace,
  BuildVertex,
  BuildVertexLog,
  BuildVertexStatus,
  BuildWarning,
} from "./build-trace.js";
export {
  type ClusterVolume,
  type ClusterVolumeAccessibility,
  type ClusterVolumeAccessMode,
  ClusterVolumeAvailability,
  type ClusterVolumeCapacityRange,
  type ClusterVolumeInfo,
  type ClusterVolumeMount,
  ClusterVolumePublishState,
  type ClusterVolumePublishStatus,
  ClusterVolumeScope,
  type ClusterVolumeSecret,
  ClusterVolumeSharing,
  type ClusterVolumeSpec,
  type Topology,
} from "./cluster-volume.js";
export type { ContainerConfig } from "./container-config.js";
export type { CheckpointCreateRequest, ContainerCreateRequest, ContainerUpdateRequest } from "./container-requests.js";
export {
  ChangeType,
  type CheckpointSummary,
  type ContainerCreateResponse,
  type ContainerPathStat,
  type ContainersPruneResponse,
  type ContainerTopResponse,
  type ContainerUpdateResponse,
  type ContainerWaitExitError,
  type ContainerWaitResponse,
  type FilesystemChange,
  GoFileMode,
  WaitCondition,
} from "./container-results.js";
export {
  type ContainerInspect,
  type ContainerNode,
  type ContainerState,
  ContainerStatus,
  type ContainerSummary,
  type ContainerSummaryHostConfig,
  type ContainerSummaryNetworkSettings,
  type RootFSStorage,
  type RootFSStorageSnapshot,
  type Storage,
} from "./container.js";
export type {
  BuildCacheDiskUsage,
  ContainersDiskUsage,
  DiskUsage,
  ImagesDiskUsage,
  SystemDataUsage,
  ContainerUsageSummary,
  VolumesDiskUsage,
} from "./data-usage.js";
export type { DistributionInspect } from "./image-manifest.js";
export type { AuthResponse, DriverData } from "./common.js";
export { EventAction, type EventActor, type EventMessage, EventScope, EventType } from "./event.js";
export type { ExecCreateRequest, ExecInspect, ExecStartRequest, ProcessConfig } from "./exec.js";
export { type Health, type HealthcheckResult, type HealthConfig, HealthStatus, type HealthSummary } from "./health.js";
export {
  CgroupnsMode,
  type HostConfig,
  IsolationMode,
  type KeyValuePair,
  type LogConfig,
  LogDriver,
  type RestartPolicy,
  RestartPolicyName,
} from "./host-config.js";
export {
  type BuildIdentity,
  type Identity,
  KnownSignerIdentity,
  type PullIdentity,
  type SignatureIdentity,
  type SignatureTimestamp,
  SignatureTimestampType,
  SignatureType,
  type SignerIdentity,
} from "./image-identity.js";
export {
  type ImageDataSize,
  type ImageManifestAttestationData,
  type ImageManifestImageData,
  ImageManifestKind,
  type ImageManifestSize,
  type ImageManifestSummary,
  type OCIDescriptor,
  type OCIPlatform,
} from "./image-manifest.js";
export type {
  AttestationStatement,
  IDResponse,
  ImageDeleteItem,
  ImageHistoryItem,
  ImageSearchResult,
  ImagesPruneResponse,
} from "./image-results.js";
export type { ImageConfig, ImageInspect, ImageMetadata, ImageRootFS, ImageSummary } from "./image.js";
export {
  type Mount,
  type MountBindOptions,
  MountConsistency,
  type MountImageOptions,
  type MountPoint,
  MountPropagation,
  type MountTmpfsOptions,
  MountType,
  type MountVolumeOptions,
  type VolumeDriverConfig,
} from "./mounts.js";
export {
  type Address,
  type EndpointIPAMConfig,
  type EndpointSettings,
  type NetworkingConfig,
  type NetworkSettings,
  type PortBinding,
  type PortMap,
  type PortMapping,
  PortProtocol,
  type PortSummary,
} from "./network-endpoint.js";
export {
  type ConfigReference,
  type EndpointResource,
  type IPAM,
  type IPAMConfig,
  type IPAMStatus,
  type Network,
  type NetworkConnectRequest,
  type NetworkCreateRequest,
  type NetworkCreateResponse,
  type NetworkDisconnectRequest,
  NetworkDriver,
  type NetworkInspect,
  NetworkScope,
  type NetworksPruneResponse,
  type NetworkStatus,
  type NetworkTaskInfo,
  type PeerInfo,
  type ServiceInfo,
  type SubnetStatus,
} from "./network.js";
export type {
  Plugin,
  PluginArgs,
  PluginConfig,
  PluginDevice,
  PluginEnv,
  PluginInterface,
  PluginLinux,
  PluginMount,
  PluginNetwork,
  PluginPrivilege,
  PluginRootFS,
  PluginSettings,
  PluginUser,
} from "./plugin.js";
export {
  type BuildKitImageMessage,
  type BuildKitTraceMessage,
  type ContentMissing,
  type ErrorDetail,
  type ImageID,
  type ManifestPushedInsteadOfIndex,
  type OCIRegistryErrorItem,
  type OCIRegistryErrors,
  type ProgressAux,
  type ProgressDetail,
  ProgressId,
  type ProgressMessage,
  type PushedManifest,
} from "./progress.js";
export type { DeviceMapping, DeviceRequest, Resources, ThrottleDevice, Ulimit, WeightDevice } from "./resources.js";
export { Signal, type SignalName } from "./signal.js";
export type {
  ContainerBlkioStatEntry,
  ContainerBlkioStats,
  ContainerCPUStats,
  ContainerCPUUsage,
  ContainerMemoryStats,
  ContainerNetworkStats,
  ContainerPidsStats,
  ContainerStats,
  ContainerStorageStats,
  ContainerThrottlingData,
} from "./stats.js";
export * from "./swarm-types.js";
export {
  type AddressPool,
  CgroupDriver,
  CgroupVersion,
  type Commit,
  type ContainerdInfo,
  type ContainerdNamespaces,
  type DeviceInfo,
  type FirewallInfo,
  type IndexInfo,
  type NRIInfo,
  type PluginsInfo,
  type RegistryServiceConfig,
  type Runtime,
} from "./system-info-parts.js";
export {
  type DiscreteGenericResource,
  type GenericResource,
  LocalNodeState,
  type NamedGenericResource,
  type PeerNode,
  type SwarmInfo,
} from "./system-info-swarm.js";
export type { SystemInfo } from "./system-info.js";
export {
  BuilderVersion,
  type ComponentVersion,
  type PingResponse,
  type PlatformInfo,
  type SwarmStatus,
  type SystemVersion,
} from "./version.js";
export {
  type Volume,
  type VolumeCreateRequest,
  type VolumeListResponse,
  VolumeScope,
  type VolumesPruneResponse,
  type VolumeUpdateRequest,
  type VolumeUsageData,
} from "./volume.js";
export type { Sendable } from "./util.js";
