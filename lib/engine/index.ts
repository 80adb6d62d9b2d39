/// <reference types="node" preserve="true" />

/**
 * A Docker Engine in this process, for tests and for machines without one: {@link EmbeddedEngine}. The docker CLI and clients of all
 * languages connect to it as to any other engine.
 *
 * @example
 * ```ts
 * await using engine = await EmbeddedEngine.start();
 * await using client = new Client({ endpoint: engine.endpoint });
 * const { stdout } = await client.output({ image: "busybox", command: ["echo", "hello"] });
 * ```
 *
 * @category Entry points
 * @module ts-dockerclient/engine
 */
export { EmbeddedEngine, type EmbeddedEngineOptions, type ResetOptions } from "./embedded-engine.js";
export { type Clock, SystemClock } from "./clock.js";
export { FileError, type FileErrorCode } from "./files/file-error.js";
export type { FileSystem, Location, MountPoint, OpenFlags } from "./files/file-system.js";
export type { FileChanges, FileKind, FileStatus, NewFile, OpenFile, Tree } from "./files/tree.js";
export { EmbeddedRegistry, type EmbeddedRegistryOptions } from "./registry/embedded-registry.js";
export type { ImageSearch } from "./registry/image-search.js";
export type { RegistryAccessOptions } from "./registry/registry-access.js";
export type { ExecutorChoice } from "./runtime/choose-executor.js";
export { type ProcessRow, StartError, type TerminalSize } from "./runtime/executor.js";
export { UnavailableError } from "./runtime/oci/oci-executor.js";
export type {
  ChildOptions,
  ChildProcess,
  NetworkInterface,
  ProcessUser,
  Program,
  ProgramContext,
  Terminals,
} from "./runtime/program/program.js";
export type { ServerTls as EngineTls } from "../service/listen-address.js";
export { type Answer, Answers, type AnswerScript, type Reply, type ScriptedRequest } from "./testing/answers.js";
export { type ContainerExit, EngineContainers, type StoppedState } from "./testing/engine-containers.js";
export { EngineEvents, type NewEngineEvent } from "./testing/engine-events.js";
export { EngineImages, type NewEngineImage } from "./testing/engine-images.js";
export { EngineVolumes, type NewEngineVolume } from "./testing/engine-volumes.js";
export { type Failure, type FailurePlan, Failures } from "./testing/failures.js";
export { ManualClock } from "./testing/manual-clock.js";
export type { OperationName } from "./testing/operations.js";
export type { RequestFilter } from "./testing/request-filter.js";
export { type LoggedRequest, type RequestHook, RequestLog } from "./testing/request-log.js";
export { EngineRecorder, type EngineRecorderOptions, type RecorderTls } from "./testing/engine-recorder.js";
export { EngineReplay, type EngineReplayOptions, type ReplayRequest } from "./testing/engine-replay.js";
