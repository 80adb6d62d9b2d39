import type { ContainerConfig } from "./container-config.js";
import type { HostConfig, RestartPolicy } from "./host-config.js";
import type { NetworkingConfig } from "./network-endpoint.js";
import type { Resources } from "./resources.js";

/** Request body for creating a container. @category Containers */
export interface ContainerCreateRequest extends ContainerConfig {
  /** Container settings that depend on the host. */
  HostConfig?: HostConfig;
  /** Networks that the container joins. */
  NetworkingConfig?: NetworkingConfig;
}

/**
 * Request body for updating a container. Engines apply the settings for memory, CPU, block I/O weight, process limit and restart
 * policy, and ignore all others.
 *
 * @category Containers
 */
export interface ContainerUpdateRequest extends Resources {
  /** Restart policy. */
  RestartPolicy?: RestartPolicy;
}

/** Request body for creating a checkpoint. Added in API 1.25. @category Containers */
export interface CheckpointCreateRequest {
  /** Name of the checkpoint. */
  CheckpointID?: string;
  /** Directory on the engine's host for the checkpoint. Defaults to the container's directory. */
  CheckpointDir?: string;
  /** Whether to stop the container after creating the checkpoint. Defaults to false. */
  Exit?: boolean;
}
