import type * as types from "../../types/index.js";
import { containerConfig, containerSummary, driverData, healthConfig, ociDescriptor, ociPlatform } from "./containers.js";
import { list, map, type Shape } from "./shape.js";
import { clusterInfo } from "./swarm.js";

// The shapes of responses about images, volumes, plugins and the engine.

const clusterVolumeMount: Shape<types.ClusterVolumeMount> = { MountFlags: list };
const clusterVolumeAccessMode: Shape<types.ClusterVolumeAccessMode> = { MountVolume: clusterVolumeMount };
const topology: Shape<types.Topology> = { Segments: map };
const clusterVolumeAccessibility: Shape<types.ClusterVolumeAccessibility> = { Requisite: [topology], Preferred: [topology] };
const clusterVolumeSpec: Shape<types.ClusterVolumeSpec> = {
  AccessMode: clusterVolumeAccessMode,
  Secrets: list,
  AccessibilityRequirements: clusterVolumeAccessibility,
};
const clusterVolumeInfo: Shape<types.ClusterVolumeInfo> = { VolumeContext: map, AccessibleTopology: [topology] };
const clusterVolumePublishStatus: Shape<types.ClusterVolumePublishStatus> = { PublishContext: map };
const clusterVolume: Shape<types.ClusterVolume> = {
  Spec: clusterVolumeSpec,
  Info: clusterVolumeInfo,
  PublishStatus: [clusterVolumePublishStatus],
};
export const volume: Shape<types.Volume> = { Status: map, Labels: map, Options: map, ClusterVolume: clusterVolume };
const signatureIdentity: Shape<types.SignatureIdentity> = { Timestamps: list, Warnings: list };
const identity: Shape<types.Identity> = { Signature: [signatureIdentity], Pull: list, Build: list };
const imageManifestImageData: Shape<types.ImageManifestImageData> = {
  Platform: ociPlatform,
  Containers: list,
  Identity: identity,
};
const imageManifestSummary: Shape<types.ImageManifestSummary> = { Descriptor: ociDescriptor, ImageData: imageManifestImageData };
export const imageSummary: Shape<types.ImageSummary> = {
  RepoTags: list,
  RepoDigests: list,
  Labels: map,
  Manifests: [imageManifestSummary],
  Descriptor: ociDescriptor,
};
const buildCache: Shape<types.BuildCache> = { Parents: list, " Parents": list };
export const systemDataUsage: Shape<types.SystemDataUsage> = {
  Images: { "?": [imageSummary] },
  Containers: { "?": [containerSummary] },
  Volumes: { "?": [volume] },
  BuildCache: { "?": [buildCache] },
  ImageUsage: { Items: [imageSummary] },
  ContainerUsage: { Items: [containerSummary] },
  VolumeUsage: { Items: [volume] },
  BuildCacheUsage: { Items: [buildCache] },
};
export const attestationStatement: Shape<types.AttestationStatement> = { Descriptor: ociDescriptor, Statement: "as sent" };
export const imageHistoryItem: Shape<types.ImageHistoryItem> = { Tags: list };
export const distributionInspect: Shape<types.DistributionInspect> = { Descriptor: ociDescriptor, Platforms: [ociPlatform] };
const imageConfig: Shape<types.ImageConfig> = {
  ExposedPorts: map,
  Env: list,
  Cmd: list,
  Healthcheck: healthConfig,
  Volumes: map,
  Entrypoint: "as sent",
  OnBuild: list,
  Labels: map,
  Shell: list,
};
const imageRootFS: Shape<types.ImageRootFS> = { Layers: list };
export const imageInspect: Shape<types.ImageInspect> = {
  RepoTags: list,
  RepoDigests: list,
  ContainerConfig: containerConfig,
  Config: imageConfig,
  GraphDriver: driverData,
  RootFS: imageRootFS,
  Descriptor: ociDescriptor,
  Manifests: [imageManifestSummary],
  Identity: identity,
};
const pluginMount: Shape<types.PluginMount> = { Settable: list, Options: list };
const pluginDevice: Shape<types.PluginDevice> = { Settable: list };
const pluginSettings: Shape<types.PluginSettings> = { Mounts: [pluginMount], Env: list, Args: list, Devices: [pluginDevice] };
const pluginInterface: Shape<types.PluginInterface> = { Types: list };
const pluginLinux: Shape<types.PluginLinux> = { Capabilities: list, Devices: [pluginDevice] };
const pluginEnv: Shape<types.PluginEnv> = { Settable: list };
const pluginArgs: Shape<types.PluginArgs> = { Settable: list, Value: list };
const pluginRootFS: Shape<types.PluginRootFS> = { diff_ids: list };
const pluginConfig: Shape<types.PluginConfig> = {
  Interface: pluginInterface,
  Entrypoint: list,
  Linux: pluginLinux,
  Mounts: [pluginMount],
  Env: [pluginEnv],
  Args: pluginArgs,
  rootfs: pluginRootFS,
};
export const plugin: Shape<types.Plugin> = { Settings: pluginSettings, Config: pluginConfig };
export const volumeListResponse: Shape<types.VolumeListResponse> = { Volumes: [volume], Warnings: list };
export const buildPruneResponse: Shape<types.BuildPruneResponse> = { CachesDeleted: list };
export const imagesPruneResponse: Shape<types.ImagesPruneResponse> = { ImagesDeleted: list };
export const volumesPruneResponse: Shape<types.VolumesPruneResponse> = { VolumesDeleted: list };
const pluginsInfo: Shape<types.PluginsInfo> = { Volume: list, Network: list, Authorization: list, Log: list };
const indexInfo: Shape<types.IndexInfo> = { Mirrors: list };
const registryServiceConfig: Shape<types.RegistryServiceConfig> = {
  AllowNondistributableArtifactsCIDRs: list,
  AllowNondistributableArtifactsHostnames: list,
  InsecureRegistryCIDRs: list,
  IndexConfigs: { "*": indexInfo },
  Mirrors: list,
};
const runtime: Shape<types.Runtime> = { runtimeArgs: list, options: map, status: map };
const swarmInfo: Shape<types.SwarmInfo> = { RemoteManagers: list, Cluster: clusterInfo, Warnings: list };
const firewallInfo: Shape<types.FirewallInfo> = { Info: ["as sent"] };
const nriInfo: Shape<types.NRIInfo> = { Info: ["as sent"] };
export const systemInfo: Shape<types.SystemInfo> = {
  DriverStatus: ["as sent"],
  SystemStatus: ["as sent"],
  Plugins: pluginsInfo,
  RegistryConfig: registryServiceConfig,
  GenericResources: list,
  Labels: list,
  Runtimes: { "*": runtime },
  Swarm: swarmInfo,
  SecurityOptions: list,
  DefaultAddressPools: list,
  Warnings: list,
  CDISpecDirs: list,
  FirewallBackend: firewallInfo,
  DiscoveredDevices: list,
  NRI: nriInfo,
};
const componentVersion: Shape<types.ComponentVersion> = { Details: map };
export const systemVersion: Shape<types.SystemVersion> = { Components: [componentVersion] };
