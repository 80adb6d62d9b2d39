/// <reference types="node" preserve="true" />

/**
 * Jobs that deploy containers: requests that are checked, joined and answered, a {@link Dispatcher} that runs them, and back ends
 * where they run.
 *
 * @example
 * ```ts
 * const dispatcher = new Dispatcher({ backEnd: engineBackEnd({ client }) });
 * await dispatcher.run(installContainerRequest({ id: "web-1", image: "nginx", ports: [{ internal: 80 }], started: true }));
 * ```
 *
 * @category Entry points
 * @module ts-dockerclient/jobs
 */
export type { SwarmSettings } from "./choose-back-end.js";
export type { Installed, JobBackEnd, RunningJob } from "./back-end.js";
export {
  type ApplyOptions,
  applyDeployment,
  type DeploymentProgress,
  type DeploymentResult,
  type JobRunner,
  removeDeployment,
} from "./deployment/apply.js";
export type { Deployment, DeploymentContainer, DeploymentLink } from "./deployment/deployment.js";
export {
  type DeploymentStep,
  parseDeployment,
  planDeployment,
  planText,
  type RemovalStep,
  type WantedStep,
} from "./deployment/plan.js";
export { Dispatcher, type DispatcherOptions, type RunOptions } from "./dispatcher.js";
export type { PortRange } from "./containers/ports.js";
export { engineBackEnd, type EngineBackEndOptions } from "./engine/engine-back-end.js";
export {
  InvalidJobError,
  JobAlreadyExistsError,
  JobCompletedError,
  JobError,
  type JobErrorData,
  type JobErrorOptions,
  JobFailure,
  JobNotAcceptableError,
  JobNotFoundError,
  JobQueueFullError,
  JobThrottledError,
  ResponseOrderError,
} from "./errors.js";
export { JobClient } from "./job-client.js";
export { JobServer, type JobServerOptions } from "./job-server.js";
export type {
  BuildImageOptions,
  ContainerSlice,
  InstallContainerOptions,
  JobBuild,
  JobContainer,
  JobContainerState,
  JobHealthCheck,
  PublishMode,
  RunContainerOptions,
} from "./models.js";
export { RequestIdentifier } from "./request-identifier.js";
export { buildImageRequest } from "./requests/build-image.js";
export {
  containerLogRequest,
  type ContainerPortsData,
  containerPortsRequest,
  containerStatusRequest,
} from "./requests/container-details.js";
export {
  type ContainerOptions,
  type DeleteContainerOptions,
  deleteContainerRequest,
  purgeContainersRequest,
  restartContainerRequest,
  startedContainerStateRequest,
  type StoppedContainerStateOptions,
  stoppedContainerStateRequest,
} from "./requests/container-state.js";
export {
  CONTENT_TYPE_ENVIRONMENT,
  type ContentOptions,
  contentRequest,
  type EnvironmentOptions,
  getEnvironmentRequest,
  patchEnvironmentRequest,
  putEnvironmentRequest,
} from "./requests/environment.js";
export { installContainerRequest, PENDING_PORTS } from "./requests/install-container.js";
export { type LinkContainersOptions, linkContainersRequest } from "./requests/link-containers.js";
export {
  containersTable,
  type ListBuildsData,
  listBuildsRequest,
  type ListContainersData,
  type ListContainersOptions,
  listContainersRequest,
  listImagesRequest,
} from "./requests/lists.js";
export type { JobContext, JobRequest } from "./requests/request.js";
export { type RunContainerData, runContainerRequest, unitCommand } from "./requests/run-container.js";
export type { JobResult } from "./response/collect.js";
export type { JobResponse, JobSuccess, JobWriter, PendingValue, WriteOptions } from "./response/job-response.js";
export { swarmBackEnd, type SwarmBackEndOptions } from "./swarm/swarm-back-end.js";
export type { EndpointMode } from "./swarm/service-spec.js";
export { fileStore, type JobRecords, type JobStore, memoryStore } from "./store.js";
export { type Direction, Transitions } from "./transitions.js";
export {
  type EnvironmentDescription,
  type EnvironmentVariable,
  parseVariable,
  parseVariables,
  variablesText,
} from "./values/environment.js";
export { type ContainerLink, type NetworkLink, networkLinksText, parseNetworkLinks } from "./values/links.js";
export type { SwarmPlacement } from "./values/placement.js";
export { parsePortPairs, PortMapping, type PortPair, portPairsHeader, portPairsText, type ReservedPair } from "./values/ports.js";
export type { DataVolume, VolumeConfig, VolumeMount } from "./values/volumes.js";
export type { LogLevel, ServiceLogger } from "../service/log.js";
export type { ServiceClientOptions, ServiceClientTls } from "../service/service-connection.js";
export type { ServiceOptions, ServiceTls } from "../service/service-options.js";
