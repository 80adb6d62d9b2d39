/// <reference types="node" preserve="true" />

/**
 * The Docker Engine client with its options, results, streams and errors.
 *
 * @category Entry points
 * @module ts-dockerclient
 */
export type {} from "./wire/disposable.js";
export { Client } from "./client.js";
export * from "./api/builds/index.js";
export * from "./api/configs/index.js";
export * from "./api/containers/index.js";
export * from "./api/conveniences/index.js";
export * from "./api/events/index.js";
export * from "./api/exec/index.js";
export * from "./api/images/index.js";
export * from "./api/networks/index.js";
export * from "./api/nodes/index.js";
export * from "./api/plugins/index.js";
export * from "./api/secrets/index.js";
export * from "./api/services/index.js";
export * from "./api/swarm/index.js";
export * from "./api/system/index.js";
export * from "./api/tasks/index.js";
export * from "./api/volumes/index.js";
export { JsonStream } from "./streams/json-stream.js";
export { MAX_API_VERSION, MIN_API_VERSION } from "./wire/api-version.js";
export type { AttachmentStreams } from "./streams/attachment.js";
export type { Bytes } from "./core/fields/fields.js";
export type { CallOptions, NoOptions, Timeouts } from "./core/call-options.js";
export type { ClientOptions } from "./core/client-options.js";
export type { DownloadOptions } from "./core/download.js";
export type { Encoding, Filters, FilterValue, OciPlatform, Place, Platform } from "./core/fields/fields.js";
export type { LogOutputOptions } from "./core/log-output.js";
export {
  describeOperations,
  describeOptions,
  type HttpMethod,
  type ErrorDescription,
  type OperationDescription,
  type OptionDescription,
} from "./core/operation.js";
export type { ByteSink, WebWritable } from "./wire/byte-sink.js";
export type { ByteSource, WebBlob, WebReadable } from "./wire/byte-source.js";
export { type ImageReference, parseReference } from "./wire/reference.js";
export type { SignalOption } from "./core/fields/fields.js";
export type { Timestamp } from "./wire/timestamp.js";
export type { SpecFromCurrent, SpecOfVersion, SpecUpdate } from "./core/versioned-update.js";
export {
  ApiError,
  type ApiErrorDetails,
  type SearchedCredentials,
  BadRequestError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
  NotImplementedError,
  ServerError,
  UnauthorizedError,
  UnavailableError,
} from "./errors/api-error.js";
export { CommandNotFoundError, CommandStartError, type StartProblem } from "./errors/command-errors.js";
export {
  AbortError,
  ClientClosedError,
  ConnectionClosedError,
  ConnectionError,
  ConnectionRefusedError,
  HostNotFoundError,
  ProtocolError,
  QueueTimeoutError,
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
  PortInUseError,
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
  InterceptorError,
  InvalidOptionError,
  ListenerAlreadyExistsError,
  MissingOutputStreamError,
  MissingRepoError,
  MultipleContextsError,
  MustSpecifyNamesError,
  NoListenersError,
  OutputLimitError,
  OutputStreamError,
  StreamInUseError,
  UnsupportedVersionError,
} from "./errors/usage-errors.js";
export { NoSuchVolumeError, VolumeInUseError } from "./errors/volume-errors.js";
export {
  ContainerUnhealthyError,
  type FailedTask,
  LogEndedError,
  NoHealthCheckError,
  type NotConvergedReason,
  ServiceNotConvergedError,
} from "./errors/wait-errors.js";
export type { OutputStreams, WithOutput } from "./streams/forward.js";
export { type CollectedOutput, FrameStream, type OutputLine } from "./streams/frame-stream.js";
export type { Frame, StreamName } from "./wire/frames.js";
export { AttachedStream, HijackedStream } from "./streams/hijacked-stream.js";
export { Progress, type ProgressOptions } from "./streams/progress.js";
export { DEFAULT_ENDPOINT } from "./transport/dial/endpoint.js";
export type { Environment } from "./wire/environment.js";
export type { ResponseHeaders } from "./transport/response-head.js";
export { readTlsFolder, type TlsOptions } from "./transport/dial/tls.js";
export * from "./types/index.js";
