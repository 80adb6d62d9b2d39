import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { containerErrors } from "../../core/errors/container.js";
import { flag, pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { containerInUse } from "./errors.js";

/** Options for {@link Client.removeContainer}. */
export interface RemoveContainerOptions {
  /** ID or name of the container. */
  id: string;
  /** Whether to also remove the container's anonymous volumes. Defaults to false. */
  removeVolumes?: boolean | undefined;
  /** Whether to kill a running container first. Defaults to false. */
  force?: boolean | undefined;
  /** Whether `id` is a link to remove, such as `web/db`, instead of a container. Defaults to false. API 1.27+. */
  link?: boolean | undefined;
}

const removeContainer = operation<RemoveContainerOptions>({
  name: "removeContainer",
  method: "DELETE",
  path: "/containers/{id}",
  slow: true,
  fields: { id: pathParam, removeVolumes: flag("v"), force: flag("force"), link: flag("link", { since: "1.27" }) },
  errors: ({ id }) => containerErrors(id, containerInUse(id)),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerRemoveMixin extends Connection {
  /**
   * Removes a container and its writable layer.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerDelete | ContainerDelete}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link ContainerAlreadyRunningError} when the container is running and `force` is not set.
   * @throws {@link ContainerPausedError} when the container is paused and `force` is not set.
   * @throws {@link ConflictError} when the container is already being removed.
   */
  async removeContainer(options: RemoveContainerOptions, call?: CallOptions): Promise<void> {
    await this.send(removeContainer, options, call);
  }
}
