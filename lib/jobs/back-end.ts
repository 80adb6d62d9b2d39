import type {
  BuildImageOptions,
  InstallContainerOptions,
  JobBuild,
  JobContainer,
  JobContainerState,
  RunContainerOptions,
} from "./models.js";
import type { RequestIdentifier } from "./request-identifier.js";
import type { JobStore } from "./store.js";
import type { NetworkLink } from "./values/links.js";
import type { ReservedPair } from "./values/ports.js";

/** What an installation results in. */
export interface Installed {
  /** The ports, with those that were chosen. */
  readonly ports: readonly ReservedPair[];
}

/** Work that writes output, and ends with an exit code. */
export interface RunningJob {
  /** Standard output and standard error, in the order of arrival. */
  readonly output: AsyncIterable<Uint8Array>;
  /** Resolves to the exit code when the output has ended. */
  readonly exitCode: Promise<number>;
}

/**
 * Where jobs run: one engine, or a swarm. All methods reject with the errors of the client, which jobs translate, or with a
 * {@link JobError}.
 *
 * @category Jobs
 */
export interface JobBackEnd {
  /** What outlives containers: environments and links. */
  readonly store: JobStore;
  /** Finishes or undoes what a process that has ended left half-done. */
  reconcile(signal: AbortSignal): Promise<void>;
  /** Refuses what this back end does not support, before anything happens. @throws {@link InvalidJobError} that names the option. */
  supports(options: InstallContainerOptions): void;
  /** Installs a container, or replaces the one that has the identifier. */
  install(options: InstallContainerOptions, request: RequestIdentifier, signal: AbortSignal): Promise<Installed>;
  /** Returns the state of a container; undefined if it does not exist. */
  state(id: string): Promise<JobContainerState | undefined>;
  /** Starts a container, which then also starts with the engine. */
  start(id: string, signal: AbortSignal): Promise<void>;
  /** Stops a container, which then stays down when the engine starts. */
  stop(id: string, signal: AbortSignal): Promise<void>;
  /** Restarts a container, with the environment and the links that it has now. */
  restart(id: string, signal: AbortSignal): Promise<void>;
  /** Removes a container and releases its ports. Has no effect if it does not exist. */
  remove(id: string, removeVolumes: boolean, signal: AbortSignal): Promise<void>;
  /** Returns the status of a container as a text for people; undefined if it does not exist. */
  status(id: string): Promise<string | undefined>;
  /** Returns the last lines of a container's output, and what follows; undefined if it does not exist. */
  log(id: string, tail: number, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** Returns the ports of a container; undefined if it does not exist. */
  ports(id: string): Promise<readonly ReservedPair[] | undefined>;
  /** Lists the containers. */
  containers(): Promise<readonly JobContainer[]>;
  /** Lists the builds that run. */
  builds(): Promise<readonly JobBuild[]>;
  /** Lists the names of the images. */
  images(): Promise<readonly string[]>;
  /** Replaces the links of a container. */
  link(id: string, links: readonly NetworkLink[], signal: AbortSignal): Promise<void>;
  /** Builds an image. */
  build(options: BuildImageOptions, request: RequestIdentifier, signal: AbortSignal): Promise<RunningJob>;
  /** Runs a command in a container of its own. */
  run(options: RunContainerOptions, request: RequestIdentifier, signal: AbortSignal): Promise<RunningJob>;
}
