/**
 * The client of a Docker Engine, with its options, answers, streams and errors.
 *
 * @module ts-dockerclient
 */
export { Client } from "./client.js";
export type { InsertImageFileOptions } from "./api/conveniences/insert-image-file.js";
export type { OutputOptions, OutputResult, RunContainerOptions, RunResult } from "./api/conveniences/run-container.js";
export type { ConvergedService, WaitForServiceOptions } from "./api/conveniences/wait-for-service.js";
export type { WaitForHealthyOptions, WaitForLogOptions } from "./api/conveniences/wait-for.js";
export type { CreateConfigOptions } from "./api/configs/create.js";
export type { InspectConfigOptions } from "./api/configs/inspect.js";
export type { ListConfigsFilters, ListConfigsOptions } from "./api/configs/list.js";
export type { RemoveConfigOptions } from "./api/configs/remove.js";
export type { UpdateConfigOptions } from "./api/configs/update.js";
export {
  type DownloadFromContainerOptions,
  readPathStat,
  type StatContainerPathOptions,
  type UploadToContainerOptions,
} from "./api/containers/archive.js";
export type { AttachToContainerWebsocketOptions } from "./api/containers/attach-websocket.js";
export type { AttachToContainerOptions } from "./api/containers/attach.js";
export { changeText, type ContainerChangesOptions } from "./api/containers/changes.js";
export type { CreateCheckpointOptions, ListCheckpointsOptions, RemoveCheckpointOptions } from "./api/containers/checkpoints.js";
export type { CopyFromContainerOptions, CopyToContainerOptions, ReadContainerFileOptions } from "./api/containers/copy.js";
export type { CreateContainerOptions } from "./api/containers/create.js";
export type { ExportContainerOptions } from "./api/containers/export.js";
export { flatNetworkSettings, type FlatNetworkSettings } from "./api/containers/helpers/flat-network-settings.js";
export type { InspectContainerOptions } from "./api/containers/inspect.js";
export { JsonStream } from "./streams/json-stream.js";
export type { KillContainerOptions } from "./api/containers/kill.js";
export type { ListContainersFilters, ListContainersOptions } from "./api/containers/list.js";
export type { LogsOptions } from "./api/containers/logs.js";
export { mountedVolumes, type MountedVolumes } from "./api/containers/helpers/mounted-volumes.js";
export type { PauseContainerOptions, UnpauseContainerOptions } from "./api/containers/pause.js";
export { portMappingApi } from "./api/containers/helpers/port-mapping.js";
export { portNumber, portProtocol, type PublishedPorts, publishPorts } from "./api/containers/helpers/ports.js";
export { primaryAddress } from "./api/containers/helpers/primary-address.js";
export type { ProcessEntry } from "./api/containers/helpers/process-entries.js";
export type { PruneContainersFilters, PruneContainersOptions } from "./api/containers/prune.js";
export type { RemoveContainerOptions } from "./api/containers/remove.js";
export type { RenameContainerOptions } from "./api/containers/rename.js";
export type { ResizeContainerTtyOptions } from "./api/containers/resize.js";
export {
  alwaysRestart,
  neverRestart,
  restartOnFailure,
  restartUnlessStopped,
} from "./api/containers/helpers/restart-policies.js";
export type { StartContainerOptions, StateChange } from "./api/containers/start.js";
export { durationText, stateText } from "./api/containers/helpers/state-text.js";
export { type StatsSummary, summarizeStats } from "./api/containers/helpers/stats-summary.js";
export type { StatsOptions } from "./api/containers/stats.js";
export type { RestartContainerOptions, StopContainerOptions } from "./api/containers/stop.js";
export type { ContainerTop, TopContainerOptions } from "./api/containers/top.js";
export type { UpdateContainerOptions } from "./api/containers/update.js";
export type { WaitContainerOptions, WaitResult } from "./api/containers/wait.js";
export { MAX_API_VERSION, MIN_API_VERSION } from "./wire/api-version.js";
export type { AttachmentStreams } from "./streams/attachment.js";
export type { Bytes } from "./core/fields/base64.js";
export type { CallOptions, NoOptions, Timeouts } from "./core/call-options.js";
export type { ClientOptions } from "./core/client-options.js";
export type { DownloadOptions } from "./core/download.js";
export type { Encoding, Filters, FilterValue, OciPlatform, Place, Platform } from "./core/fields/fields.js";
export type { LogOutputOptions } from "./core/log-output.js";
export {
  describeOperations,
  describeOptions,
  type HttpMethod,
  type OperationDescription,
  type OptionDescription,
} from "./core/operation.js";
export { type ImageReference, parseReference } from "./wire/reference.js";
export type { SignalOption } from "./core/fields/signal.js";
export type { Timestamp } from "./wire/timestamp.js";
export type { SpecFromCurrent, SpecOfVersion, SpecUpdate } from "./core/versioned-update.js";
export type { InspectDistributionOptions } from "./api/images/distribution.js";
export {
  ApiError,
  type ApiErrorDetails,
  BadRequestError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
  NotImplementedError,
  ServerError,
  UnauthorizedError,
  UnavailableError,
} from "./errors/api-error.js";
export {
  AbortError,
  ClientClosedError,
  ConnectionClosedError,
  ConnectionError,
  ConnectionRefusedError,
  HostNotFoundError,
  ProtocolError,
  SocketNotFoundError,
  SocketPermissionError,
  SshAuthenticationError,
  SshError,
  SshHostKeyError,
  TimeoutError,
  type TimeoutKind,
  TlsError,
} from "./errors/connection-errors.js";
export {
  ContainerAlreadyExistsError,
  ContainerAlreadyRunningError,
  ContainerNotRunningError,
  ContainerPausedError,
  NoSuchContainerError,
  NoSuchExecError,
  NoSuchPathError,
} from "./errors/container-errors.js";
export { DockerError, type DockerErrorDetails } from "./errors/docker-error.js";
export { ImageInUseError, NoSuchImageError } from "./errors/image-errors.js";
export {
  ContainerAlreadyConnectedError,
  ContainerNotConnectedError,
  NetworkAlreadyExistsError,
  NetworkInUseError,
  NoSuchNetworkError,
  NoSuchNetworkOrContainerError,
} from "./errors/network-errors.js";
export {
  NoSuchPluginError,
  PluginAlreadyExistsError,
  PluginDisabledError,
  PluginEnabledError,
  PluginInUseError,
  PluginPrivilegesError,
  type UngrantedPrivilege,
} from "./errors/plugin-errors.js";
export { BuildError, RegistryAuthenticationError, StreamError } from "./errors/stream-errors.js";
export {
  NodeIsManagerError,
  NodeNotDownError,
  NoSuchConfigError,
  NoSuchNodeError,
  NoSuchSecretError,
  NoSuchServiceError,
  NoSuchSwarmObjectError,
  NoSuchTaskError,
  SwarmObjectAlreadyExistsError,
  SwarmObjectInUseError,
  type SwarmObjectKind,
  VersionConflictError,
} from "./errors/swarm-errors.js";
export {
  InvalidJoinTokenError,
  InvalidUnlockKeyError,
  NodeAlreadyInSwarmError,
  NodeNotInSwarmError,
  NotASwarmManagerError,
  SwarmJoinTimeoutError,
  SwarmLockedError,
  SwarmNotLockedError,
} from "./errors/swarm-membership-errors.js";
export {
  ArchiveError,
  ConfigurationError,
  CredentialsError,
  EngineVersionError,
  InputStreamError,
  InvalidEndpointError,
  InvalidOptionError,
  ListenerAlreadyExistsError,
  MissingOutputStreamError,
  MissingRepoError,
  MultipleContextsError,
  MustSpecifyNamesError,
  NoListenersError,
  OutputStreamError,
  UnsupportedVersionError,
} from "./errors/usage-errors.js";
export { NoSuchVolumeError, VolumeInUseError } from "./errors/volume-errors.js";
export {
  ContainerUnhealthyError,
  type FailedTask,
  LogEndedError,
  type NotConvergedReason,
  ServiceNotConvergedError,
} from "./errors/wait-errors.js";
export { EventChannel } from "./api/events/event-channel.js";
export type { EventListener } from "./api/events/event-monitor.js";
export type { EventFilters } from "./api/events/event-filters.js";
export { isGap } from "./api/events/gap.js";
export type { AddEventListenerOptions, StreamEventsOptions } from "./api/events/index.js";
export type { CreateExecOptions } from "./api/exec/create.js";
export { ExecuteResult } from "./api/exec/execute-result.js";
export type { ExecuteOptions } from "./api/exec/execute.js";
export type { InspectExecOptions } from "./api/exec/inspect.js";
export type { ResizeExecTtyOptions } from "./api/exec/resize.js";
export type { StartExecNonBlockingOptions, StartExecOptions } from "./api/exec/start.js";
export type { ImageAttestationsOptions } from "./api/images/attestations.js";
export type { CancelBuildOptions, PruneBuildsFilters, PruneBuildsOptions } from "./api/builds/build-cache.js";
export type { BuildImageOptions, BuildLimitOptions, BuildOutput, BuildSourceOptions } from "./api/builds/build-options.js";
export type { BuildResult } from "./api/builds/build-outcome.js";
export type { CommitContainerOptions } from "./api/images/commit.js";
export type { ExportImageOptions, ExportImagesOptions } from "./api/images/export.js";
export type { ImageHistoryOptions } from "./api/images/history.js";
export type { ImportImageOptions, ImportResult } from "./api/images/import.js";
export type { InspectImageOptions } from "./api/images/inspect.js";
export type { ListImagesFilters, ListImagesOptions } from "./api/images/list.js";
export type { LoadImageOptions, LoadResult } from "./api/images/load.js";
export type { PruneImagesFilters, PruneImagesOptions } from "./api/images/prune.js";
export type { PullImageOptions, PullResult } from "./api/images/pull.js";
export type { PushImageOptions, PushResult } from "./api/images/push.js";
export type { RemoveImageOptions } from "./api/images/remove.js";
export type { SearchImagesFilters, SearchImagesOptions } from "./api/images/search.js";
export type { TagImageOptions } from "./api/images/tag.js";
export { virtualSize } from "./api/images/virtual-size.js";
export type { ImagesVizOptions } from "./api/images/viz.js";
export type { ConnectNetworkOptions, DisconnectNetworkOptions } from "./api/networks/connect.js";
export type { CreateNetworkOptions } from "./api/networks/create.js";
export type { InspectNetworkOptions } from "./api/networks/inspect.js";
export type { ListNetworksFilters, ListNetworksOptions } from "./api/networks/list.js";
export type { PruneNetworksFilters, PruneNetworksOptions } from "./api/networks/prune.js";
export type { RemoveNetworkOptions } from "./api/networks/remove.js";
export type { InspectNodeOptions } from "./api/nodes/inspect.js";
export type { ListNodesFilters, ListNodesOptions } from "./api/nodes/list.js";
export type { RemoveNodeOptions } from "./api/nodes/remove.js";
export type { UpdateNodeOptions } from "./api/nodes/update.js";
export type { ConfigurePluginOptions } from "./api/plugins/configure.js";
export type { CreatePluginOptions } from "./api/plugins/create.js";
export type { DisablePluginOptions, EnablePluginOptions } from "./api/plugins/enable.js";
export type { PluginGrantOptions } from "./api/plugins/grant.js";
export type { InspectPluginsOptions } from "./api/plugins/inspect.js";
export type { InstallPluginsOptions, InstallPluginsResult } from "./api/plugins/install.js";
export type { ListPluginsFilters, ListPluginsOptions } from "./api/plugins/list.js";
export type { GetPluginPrivilegesOptions } from "./api/plugins/privileges.js";
export type { PushPluginOptions, PushPluginResult } from "./api/plugins/push.js";
export type { RemovePluginOptions } from "./api/plugins/remove.js";
export type { UpgradePluginOptions, UpgradePluginResult } from "./api/plugins/upgrade.js";
export type { CreateSecretOptions } from "./api/secrets/create.js";
export type { InspectSecretOptions } from "./api/secrets/inspect.js";
export type { ListSecretsFilters, ListSecretsOptions } from "./api/secrets/list.js";
export type { RemoveSecretOptions } from "./api/secrets/remove.js";
export type { UpdateSecretOptions } from "./api/secrets/update.js";
export type { CreateServiceOptions } from "./api/services/create.js";
export type { InspectServiceOptions } from "./api/services/inspect.js";
export type { ListServicesFilters, ListServicesOptions } from "./api/services/list.js";
export type { ServiceLogsOptions } from "./api/services/logs.js";
export type { RemoveServiceOptions } from "./api/services/remove.js";
export type { ServiceRollback, ServiceUpdateSettings, UpdateServiceOptions } from "./api/services/update.js";
export type { SessionOptions } from "./api/builds/session.js";
export type { OutputStreams, WithOutput } from "./streams/forward.js";
export { type CollectedOutput, FrameStream, type OutputLine } from "./streams/frame-stream.js";
export type { Frame, StreamName } from "./wire/frames.js";
export { AttachedStream, HijackedStream } from "./streams/hijacked-stream.js";
export { Progress, type ProgressOptions } from "./streams/progress.js";
export type { InitSwarmOptions } from "./api/swarm/init.js";
export type { JoinSwarmOptions } from "./api/swarm/join.js";
export type { LeaveSwarmOptions } from "./api/swarm/leave.js";
export type { SwarmPlaceOptions } from "./api/swarm/place.js";
export type { UnlockSwarmOptions } from "./api/swarm/unlock.js";
export type { RotateOptions, UpdateSwarmOptions } from "./api/swarm/update.js";
export { type DiskUsageSummary, type DiskUsageTotals, summarizeDiskUsage } from "./api/system/disk-usage-summary.js";
export type { DiskUsageOptions, DiskUsageType } from "./api/system/disk-usage.js";
export { Env, toEnv } from "./api/system/env.js";
export type { HijackRequestOptions, QueryValue, RawRequestOptions, RawResult } from "./api/system/request.js";
export type { InspectTaskOptions } from "./api/tasks/inspect.js";
export type { ListTasksFilters, ListTasksOptions } from "./api/tasks/list.js";
export type { TaskLogsOptions } from "./api/tasks/logs.js";
export { DEFAULT_ENDPOINT } from "./transport/dial/endpoint.js";
export type { Environment } from "./transport/dial/environment.js";
export type { Headers as ResponseHeaders } from "./transport/response-head.js";
export { readTlsFolder, type TlsOptions } from "./transport/dial/tls.js";
export type { CreateVolumeOptions } from "./api/volumes/create.js";
export type { InspectVolumeOptions } from "./api/volumes/inspect.js";
export type { ListVolumesFilters, ListVolumesOptions } from "./api/volumes/list.js";
export type { PruneVolumesFilters, PruneVolumesOptions } from "./api/volumes/prune.js";
export type { RemoveVolumeOptions } from "./api/volumes/remove.js";
export type { UpdateVolumeOptions } from "./api/volumes/update.js";
export * from "./types/index.js";
