import type { ContainerConfig } from "./container-config.js";
import type { HostConfig, RestartPolicy } from "./host-config.js";
import type { NetworkingConfig } from "./network-endpoint.js";
import type { Resources } from "./resources.js";

/** What a container is created from. @category Containers */
export interface ContainerCreateRequest extends ContainerConfig {
  /** How it sits on its host. */
  HostConfig?: HostConfig;
  /** The networks that it joins. */
  NetworkingConfig?: NetworkingConfig;
}

/**
 * What of a container is changed while it exists. Engines heed memory, CPU, block I/O weight, processes and the restart policy,
 * and ignore the other resources.
 *
 * @category Containers
 */
export interface ContainerUpdateRequest extends Resources {
  /** What happens when it ends. */
  RestartPolicy?: RestartPolicy;
}

/** The checkpoint that is made of a running container. API 1.25+. @category Containers */
export interface CheckpointCreateRequest {
  /** Name of the checkpoint. */
  CheckpointID?: string;
  /** Directory of the engine's host to keep it in. By default the container's own. */
  CheckpointDir?: string;
  /** Whether the container ends with it. By default it goes on. */
  Exit?: boolean;
}
