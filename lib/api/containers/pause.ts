import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { containerErrors } from "../../core/errors/container.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";

/** Options for {@link Client.pauseContainer}. */
export interface PauseContainerOptions {
  /** ID or name of the container. */
  id: string;
}

/** Options for {@link Client.unpauseContainer}. @category Containers */
export type UnpauseContainerOptions = PauseContainerOptions;

const pauseContainer = operation<PauseContainerOptions>({
  name: "pauseContainer",
  method: "POST",
  path: "/containers/{id}/pause",
  fields: { id: pathParam },
  errors: ({ id }) => containerErrors(id),
});

const unpauseContainer = operation<UnpauseContainerOptions>({
  name: "unpauseContainer",
  method: "POST",
  path: "/containers/{id}/unpause",
  fields: { id: pathParam },
  errors: ({ id }) => containerErrors(id),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerPauseMixin extends Connection {
  /**
   * Suspends all processes of a running container.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerPause | ContainerPause}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link ContainerNotRunningError} when the container is not running.
   * @throws {@link ContainerPausedError} when the container is already paused.
   */
  async pauseContainer(options: PauseContainerOptions, call?: CallOptions): Promise<void> {
    await this.send(pauseContainer, options, call);
  }

  /**
   * Resumes the processes of a paused container.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerUnpause | ContainerUnpause}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link ContainerNotRunningError} when the container is not running.
   * @throws {@link ApiError} when the container is not paused; the HTTP status differs between engines.
   */
  async unpauseContainer(options: UnpauseContainerOptions, call?: CallOptions): Promise<void> {
    await this.send(unpauseContainer, options, call);
  }
}
