import type { EnvironmentDescription } from "./values/environment.js";
import type { NetworkLink } from "./values/links.js";
import type { SwarmPlacement } from "./values/placement.js";
import type { PortPair } from "./values/ports.js";
import type { VolumeConfig } from "./values/volumes.js";

/** What a container may use of its machine. @category Jobs */
export type ContainerSlice = "container" | "container-small" | "container-large";

/**
 * How the ports of a container are published on a swarm: `ingress` on all its nodes, which pass connections on, or `host` on the
 * nodes where the container runs.
 *
 * @category Jobs
 */
export type PublishMode = "ingress" | "host";

/** How it is known whether a container serves. @category Jobs */
export interface JobHealthCheck {
  /** A command and its arguments. It runs in the container, and ends with 0 if the container serves. */
  readonly command: readonly string[];
  /** Milliseconds between two checks. 30,000 by default, if the image does not say otherwise. */
  readonly interval?: number | undefined;
  /** Milliseconds after which a check has failed. 30,000 by default, if the image does not say otherwise. */
  readonly timeout?: number | undefined;
  /** How many checks in a row must fail until the container is unhealthy. 3 by default, if the image does not say otherwise. */
  readonly retries?: number | undefined;
  /** Milliseconds after the start in which checks that fail do not count. None by default, if the image does not say otherwise. */
  readonly startPeriod?: number | undefined;
}

/** A container to install. @category Jobs */
export interface InstallContainerOptions extends SwarmPlacement {
  /** Identifier of the container. A container that has it is replaced. */
  readonly id: string;
  /** Name of the image. It is pulled if the engine does not have it. */
  readonly image: string;
  /** The command and its arguments. Those of the image by default. */
  readonly command?: readonly string[] | undefined;
  /** Whether all ports that the image exposes are published if `ports` is empty. false by default. */
  readonly simple?: boolean | undefined;
  /** Whether the container has no rights besides those of an ordinary program. false by default. */
  readonly isolate?: boolean | undefined;
  /** Whether the container starts with the first connection. No back end supports it. Has no effect without ports. */
  readonly socketActivation?: boolean | undefined;
  /** Belongs to `socketActivation`. */
  readonly skipSocketProxy?: boolean | undefined;
  /** Ports that the host publishes. */
  readonly ports?: readonly PortPair[] | undefined;
  /** Variables. The environment is stored under its identifier, which is required. */
  readonly environment?: EnvironmentDescription | undefined;
  /**
   * How ports are published: `ingress` by default on a swarm, if its services have virtual addresses, and `host` otherwise. One engine
   * has only `host`.
   */
  readonly publish?: PublishMode | undefined;
  /**
   * Whether the variables are a secret of the swarm, which the program reads from the file `/run/secrets/environment`, and not
   * variables of its process. false by default. One engine refuses it.
   */
  readonly secretEnvironment?: boolean | undefined;
  /** Where the container's program reaches others. */
  readonly networkLinks?: readonly NetworkLink[] | undefined;
  /** Whether the container is started, now and with the engine. false by default. */
  readonly started?: boolean | undefined;
  /**
   * How it is known whether the container serves. That of the image by default. On a swarm, nobody is led to a container until it is
   * healthy, the one that it replaces goes on until then, and comes back if it does not become healthy. One engine only tells about it.
   */
  readonly healthCheck?: JobHealthCheck | undefined;
  /** Volumes. */
  readonly volumeConfig?: VolumeConfig | undefined;
  /** Name of the deployment that the container belongs to. None by default. */
  readonly deployment?: string | undefined;
  /** Limits: `container-small` (512 MiB of memory) and `container` (512 MiB), or `container-large` (1 GiB). None by default. */
  readonly systemdSlice?: ContainerSlice | undefined;
}

/** A command to run in a container of its own. @category Jobs */
export interface RunContainerOptions extends SwarmPlacement {
  /** Name of the job. */
  readonly name: string;
  /** Name of the image. It is pulled if the engine does not have it. */
  readonly image: string;
  /** The program. That of the image by default. */
  readonly command?: string | undefined;
  /** Arguments of the program. */
  readonly arguments?: readonly string[] | undefined;
  /** Most seconds that the command may run. It is killed after them. No limit by default. */
  readonly timeout?: number | undefined;
}

/** An image to build from source code. @category Jobs */
export interface BuildImageOptions {
  /** Name of the job. */
  readonly name: string;
  /** URL of a git repository, or of a tar archive, with the source code. */
  readonly source: string;
  /** Name of the image that is built. */
  readonly tag?: string | undefined;
  /** Image with the programs that build. */
  readonly baseImage: string;
  /** Image that runs what was built. `baseImage` by default. */
  readonly runtimeImage?: string | undefined;
  /** Whether nothing of earlier builds is used. false by default. */
  readonly clean?: boolean | undefined;
  /** Whether the response says more about the build. false by default. */
  readonly verbose?: boolean | undefined;
  /** URL that is told how the build ended. */
  readonly callbackUrl?: string | undefined;
}

/** The state of a container that jobs manage. @category Jobs */
export type JobContainerState = "created" | "running" | "exited" | "restarting" | "paused" | "removing";

/** A row of a list of containers: states in the words of systemd. @category Jobs */
export interface JobContainer {
  /** Identifier of the container. */
  readonly id: string;
  /** `active`, `inactive`, `failed`, `activating` or `deactivating`. */
  readonly activeState: string;
  /** More of the state, such as `running` or `dead`. */
  readonly subState: string;
  /** `loaded`; `not-found` for a container without a definition. */
  readonly loadState: string;
  /** What is being done with the container: `start`, `stop` or `restart`. */
  readonly jobType?: string | undefined;
  /** A digest of what the installation asked for: it differs when something else is asked for. */
  readonly digest?: string | undefined;
  /** Name of the deployment that the container belongs to. */
  readonly deployment?: string | undefined;
  /** Name of the machine, where there are several. */
  readonly server?: string | undefined;
}

/** A row of a list of builds. @category Jobs */
export interface JobBuild {
  /** Identifier of the build: that of its request. */
  readonly id: string;
  /** `active` while the build runs. */
  readonly activeState: string;
  /** More of the state. */
  readonly subState: string;
}
