/**
 * The client of a Docker Engine, with its options, answers, streams and errors.
 *
 * @module ts-dockerclient
 */
export { Client } from "./client.js";
export type { InsertImageFileOptions } from "./composites/insert-image-file.js";
export type { OutputOptions, OutputResult, RunContainerOptions, RunResult } from "./composites/run-container.js";
export type { ConvergedService, WaitForServiceOptions } from "./composites/wait-for-service.js";
export type { WaitForHealthyOptions, WaitForLogOptions } from "./composites/wait-for.js";
export type { CreateConfigOptions } from "./configs/create.js";
export type { InspectConfigOptions } from "./configs/inspect.js";
export type { ListConfigsFilters, ListConfigsOptions } from "./configs/list.js";
export type { RemoveConfigOptions } from "./configs/remove.js";
export type { UpdateConfigOptions } from "./configs/update.js";
export {
  type DownloadFromContainerOptions,
  readPathStat,
  type StatContainerPathOptions,
  type UploadToContainerOptions,
} from "./containers/archive.js";
export type { AttachToContainerWebsocketOptions } from "./containers/attach-websocket.js";
export type { AttachToContainerOptions } from "./containers/attach.js";
export { changeText, type ContainerChangesOptions } from "./containers/changes.js";
export type { CreateCheckpointOptions, ListCheckpointsOptions, RemoveCheckpointOptions } from "./containers/checkpoints.js";
export type { CopyFromContainerOptions, CopyToContainerOptions, ReadContainerFileOptions } from "./containers/copy.js";
export type { CreateContainerOptions } from "./containers/create.js";
export type { ExportContainerOptions } from "./containers/export.js";
export { flatNetworkSettings, type FlatNetworkSettings } from "./containers/flat-network-settings.js";
export type { InspectContainerOptions } from "./containers/inspect.js";
export { JsonStream } from "./streams/json-stream.js";
export type { KillContainerOptions } from "./containers/kill.js";
export type { ListContainersFilters, ListContainersOptions } from "./containers/list.js";
export type { LogsOptions } from "./containers/logs.js";
export { mountedVolumes, type MountedVolumes } from "./containers/mounted-volumes.js";
export type { PauseContainerOptions, UnpauseContainerOptions } from "./containers/pause.js";
export { portMappingApi } from "./containers/port-mapping.js";
export { portNumber, portProtocol, type PublishedPorts, publishPorts } from "./containers/ports.js";
export { primaryAddress } from "./containers/primary-address.js";
export type { ProcessEntry } from "./containers/process-entries.js";
export type { PruneContainersFilters, PruneContainersOptions } from "./containers/prune.js";
export type { RemoveContainerOptions } from "./containers/remove.js";
export type { RenameContainerOptions } from "./containers/rename.js";
export type { ResizeContainerTtyOptions } from "./containers/resize.js";
export { alwaysRestart, neverRestart, restartOnFailure, restartUnlessStopped } from "./containers/restart-policies.js";
export type { StartContainerOptions, StateChange } from "./containers/start.js";
export { durationText, stateText } from "./containers/state-text.js";
export { type StatsSummary, summarizeStats } from "./containers/stats-summary.js";
export type { StatsOptions } from "./containers/stats.js";
export type { RestartContainerOptions, StopContainerOptions } from "./containers/stop.js";
export type { ContainerTop, TopContainerOptions } from "./containers/top.js";
export type { UpdateContainerOptions } from "./containers/update.js";
export type { WaitContainerOptions, WaitResult } from "./containers/wait.js";
export { MAX_API_VERSION, MIN_API_VERSION } from "./core/api-version.js";
export type { AttachmentStreams } from "./core/attachment.js";
export type { Bytes } from "./core/base64-field.js";
export type { CallOptions, NoOptions, Timeouts } from "./core/call-options.js";
export type { ClientOptions } from "./core/client-options.js";
export type { DownloadOptions } from "./core/download.js";
export type { Encoding, Filters, FilterValue, OciPlatform, Place, Platform } from "./core/fields.js";
export type { LogOutputOptions } from "./core/log-output.js";
export {
  describeOperations,
  describeOptions,
  type HttpMethod,
  type OperationDescription,
  type OptionDescription,
} from "./core/operation.js";
export { type ImageReference, parseReference } from "./core/reference.js";
export type { SignalOption } from "./core/signal-field.js";
export type { Timestamp } from "./core/timestamp.js";
export type { SpecFromCurrent, SpecOfVersion, SpecUpdate } from "./core/versioned-update.js";
export type { InspectDistributionOptions } from "./distribution/inspect.js";
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
} from "./errors/swarm-part-errors.js";
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
export { EventChannel } from "./events/event-channel.js";
export type { EventListener } from "./events/event-monitor.js";
export type { EventFilters } from "./events/filter.js";
export { isGap } from "./events/gap.js";
export type { AddEventListenerOptions, StreamEventsOptions } from "./events/index.js";
export type { CreateExecOptions } from "./exec/create.js";
export { ExecuteResult } from "./exec/execute-result.js";
export type { ExecuteOptions } from "./exec/execute.js";
export type { InspectExecOptions } from "./exec/inspect.js";
export type { ResizeExecTtyOptions } from "./exec/resize.js";
export type { StartExecNonBlockingOptions, StartExecOptions } from "./exec/start.js";
export type { ImageAttestationsOptions } from "./images/attestations.js";
export type { CancelBuildOptions, PruneBuildsFilters, PruneBuildsOptions } from "./images/build-cache.js";
export type { BuildImageOptions, BuildLimitOptions, BuildOutput, BuildSourceOptions } from "./images/build-options.js";
export type { BuildResult } from "./images/build-outcome.js";
export type { CommitContainerOptions } from "./images/commit.js";
export type { ExportImageOptions, ExportImagesOptions } from "./images/export.js";
export type { ImageHistoryOptions } from "./images/history.js";
export type { ImportImageOptions, ImportResult } from "./images/import.js";
export type { InspectImageOptions } from "./images/inspect.js";
export type { ListImagesFilters, ListImagesOptions } from "./images/list.js";
export type { LoadImageOptions, LoadResult } from "./images/load.js";
export type { PruneImagesFilters, PruneImagesOptions } from "./images/prune.js";
export type { PullImageOptions, PullResult } from "./images/pull.js";
export type { PushImageOptions, PushResult } from "./images/push.js";
export type { RemoveImageOptions } from "./images/remove.js";
export type { SearchImagesFilters, SearchImagesOptions } from "./images/search.js";
export type { TagImageOptions } from "./images/tag.js";
export { virtualSize } from "./images/virtual-size.js";
export type { ImagesVizOptions } from "./images/viz.js";
export type { ConnectNetworkOptions, DisconnectNetworkOptions } from "./networks/connect.js";
export type { CreateNetworkOptions } from "./networks/create.js";
export type { InspectNetworkOptions } from "./networks/inspect.js";
export type { ListNetworksFilters, ListNetworksOptions } from "./networks/list.js";
export type { PruneNetworksFilters, PruneNetworksOptions } from "./networks/prune.js";
export type { RemoveNetworkOptions } from "./networks/remove.js";
export type { InspectNodeOptions } from "./nodes/inspect.js";
export type { ListNodesFilters, ListNodesOptions } from "./nodes/list.js";
export type { RemoveNodeOptions } from "./nodes/remove.js";
export type { UpdateNodeOptions } from "./nodes/update.js";
export type { ConfigurePluginOptions } from "./plugins/configure.js";
export type { CreatePluginOptions } from "./plugins/create.js";
export type { DisablePluginOptions, EnablePluginOptions } from "./plugins/enable.js";
export type { PluginGrantOptions } from "./plugins/grant.js";
export type { InspectPluginsOptions } from "./plugins/inspect.js";
export type { InstallPluginsOptions, InstallPluginsResult } from "./plugins/install.js";
export type { ListPluginsFilters, ListPluginsOptions } from "./plugins/list.js";
export type { GetPluginPrivilegesOptions } from "./plugins/privileges.js";
export type { PushPluginOptions, PushPluginResult } from "./plugins/push.js";
export type { RemovePluginOptions } from "./plugins/remove.js";
export type { UpgradePluginOptions, UpgradePluginResult } from "./plugins/upgrade.js";
export type { CreateSecretOptions } from "./secrets/create.js";
export type { InspectSecretOptions } from "./secrets/inspect.js";
export type { ListSecretsFilters, ListSecretsOptions } from "./secrets/list.js";
export type { RemoveSecretOptions } from "./secrets/remove.js";
export type { UpdateSecretOptions } from "./secrets/update.js";
export type { CreateServiceOptions } from "./services/create.js";
export type { InspectServiceOptions } from "./services/inspect.js";
export type { ListServicesFilters, ListServicesOptions } from "./services/list.js";
export type { ServiceLogsOptions } from "./services/logs.js";
export type { RemoveServiceOptions } from "./services/remove.js";
export type { ServiceRollback, ServiceUpdateSettings, UpdateServiceOptions } from "./services/update.js";
export type { SessionOptions } from "./session/session.js";
export type { OutputStreams, WithOutput } from "./streams/forward.js";
export { type CollectedOutput, FrameStream, type OutputLine } from "./streams/frame-stream.js";
export type { Frame, StreamName } from "./streams/frames.js";
export { AttachedStream, HijackedStream } from "./streams/hijacked-stream.js";
export { Progress, type ProgressOptions } from "./streams/progress.js";
export type { InitSwarmOptions } from "./swarm/init.js";
export type { JoinSwarmOptions } from "./swarm/join.js";
export type { LeaveSwarmOptions } from "./swarm/leave.js";
export type { SwarmPlaceOptions } from "./swarm/place.js";
export type { UnlockSwarmOptions } from "./swarm/unlock.js";
export type { RotateOptions, UpdateSwarmOptions } from "./swarm/update.js";
export { type DiskUsageSummary, type DiskUsageTotals, summarizeDiskUsage } from "./system/disk-usage-summary.js";
export type { DiskUsageOptions, DiskUsageType } from "./system/disk-usage.js";
export { Env, toEnv } from "./system/env.js";
export type { HijackRequestOptions, QueryValue, RawRequestOptions, RawResult } from "./system/request.js";
export type { InspectTaskOptions } from "./tasks/inspect.js";
export type { ListTasksFilters, ListTasksOptions } from "./tasks/list.js";
export type { TaskLogsOptions } from "./tasks/logs.js";
export { DEFAULT_ENDPOINT } from "./transport/endpoint.js";
export type { Environment } from "./transport/environment.js";
export type { Headers as ResponseHeaders } from "./transport/response-head.js";
export { readTlsFolder, type TlsOptions } from "./transport/tls.js";
export type { CreateVolumeOptions } from "./volumes/create.js";
export type { InspectVolumeOptions } from "./volumes/inspect.js";
export type { ListVolumesFilters, ListVolumesOptions } from "./volumes/list.js";
export type { PruneVolumesFilters, PruneVolumesOptions } from "./volumes/prune.js";
export type { RemoveVolumeOptions } from "./volumes/remove.js";
export type { UpdateVolumeOptions } from "./volumes/update.js";
export * from "./types/index.js";
