import type { ContainerSlice, JobHealthCheck, PublishMode } from "../models.js";
import type { EnvironmentVariable } from "../values/environment.js";
import type { SwarmPlacement } from "../values/placement.js";
import type { PortPair } from "../values/ports.js";
import type { VolumeConfig } from "../values/volumes.js";

/** Containers that belong together, and how many of each. @category Jobs */
export interface Deployment {
  /** Name of the deployment. Containers that have it, and are no longer in the file, are removed. */
  readonly name: string;
  /** What the identifiers of the containers begin with. Nothing by default. */
  readonly idPrefix?: string | undefined;
  /** The containers. */
  readonly containers: readonly DeploymentContainer[];
}

/** A container of a deployment. @category Jobs */
export interface DeploymentContainer extends SwarmPlacement {
  /** Name of the container. With `idPrefix` and a number it is the identifier of each instance: `web-1`, `web-2`. */
  readonly name: string;
  /** Name of the image. */
  readonly image: string;
  /** How many instances there are, each with an identifier of its own. 1 by default. */
  readonly count?: number | undefined;
  /** The command and its arguments. Those of the image by default. */
  readonly command?: readonly string[] | undefined;
  /** Ports that the host publishes. With several instances, the external ports are chosen. */
  readonly publicPorts?: readonly PortPair[] | undefined;
  /** Other containers that the container reaches by their names. */
  readonly links?: readonly DeploymentLink[] | undefined;
  /** Variables. */
  readonly environment?: readonly EnvironmentVariable[] | undefined;
  /** Whether the variables are a file, in place of variables. Only on a swarm. false by default. */
  readonly secretEnvironment?: boolean | undefined;
  /** How ports are published: see {@link InstallContainerOptions.publish}. */
  readonly publish?: PublishMode | undefined;
  /** How it is known whether the container serves: see {@link InstallContainerOptions.healthCheck}. */
  readonly healthCheck?: JobHealthCheck | undefined;
  /** Volumes of each instance. */
  readonly volumeConfig?: VolumeConfig | undefined;
  /** Whether the container has no rights besides those of an ordinary program. false by default. */
  readonly isolate?: boolean | undefined;
  /** Limits. None by default. */
  readonly systemdSlice?: ContainerSlice | undefined;
  /** Whether the container is started. true by default. */
  readonly started?: boolean | undefined;
}

/** A link between containers of a deployment: the n-th instance reaches the n-th one of the other, or one of fewer. @category Jobs */
export interface DeploymentLink {
  /** Name of the other container, under which the program reaches it. */
  readonly to: string;
  /** Ports of the other container: at least one. */
  readonly ports: readonly number[];
}
