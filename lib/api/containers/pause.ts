import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { containerErrors } from "../../core/errors/container.js";

/** Options of {@link Client.pauseContainer}. */
export interface PauseContainerOptions {
  /** ID or name of the container. */
  id: string;
}

/** Options of {@link Client.unpauseContainer}. @category Containers */
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
   * Freezes all processes of a running container.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerPause | ContainerPause}
   * @throws {@link NoSuchContainerError} when there is no such container.
   * @throws {@link ContainerNotRunningError} when it is not running.
   * @throws {@link ContainerPausedError} when it is paused already.
   */
  async pauseContainer(options: PauseContainerOptions, call?: CallOptions): Promise<void> {
    await this.send(pauseContainer, options, call);
  }

  /**
   * Lets the processes of a paused container go on.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerUnpause | ContainerUnpause}
   * @throws {@link NoSuchContainerError} when there is no such container.
   * @throws {@link ContainerNotRunningError} when it is not running.
   * @throws {@link ApiError} when it is not paused; which status engines have for that differs.
   */
  async unpauseContainer(options: UnpauseContainerOptions, call?: CallOptions): Promise<void> {
    await this.send(unpauseContainer, options, call);
  }
}
