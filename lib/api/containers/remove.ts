import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { containerErrors } from "../../core/errors/container.js";
import { containerInUse } from "./errors.js";

/** Options of {@link Client.removeContainer}. */
export interface RemoveContainerOptions {
  /** ID or name of the container. */
  id: string;
  /** Whether to remove the anonymous volumes that were made for it too. By default false. */
  removeVolumes?: boolean | undefined;
  /** Whether to kill it first when it runs. By default false. */
  force?: boolean | undefined;
  /** Whether to remove only the link that `id` names, such as `web/db`, and not the container. By default false. API 1.27+. */
  link?: boolean | undefined;
}

const removeContainer = operation<RemoveContainerOptions>({
  name: "removeContainer",
  method: "DELETE",
  path: "/containers/{id}",
  fields: { id: pathParam, removeVolumes: flag("v"), force: flag("force"), link: flag("link", { since: "1.27" }) },
  errors: ({ id }) => containerErrors(id, containerInUse(id)),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerRemoveMixin extends Connection {
  /**
   * Removes a container and what it has written to its file system.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerDelete | ContainerDelete}
   * @throws {@link NoSuchContainerError} when there is no such container.
   * @throws {@link ContainerAlreadyRunningError} when it runs and `force` is not set.
   * @throws {@link ContainerPausedError} when it is paused and `force` is not set.
   * @throws {@link ConflictError} when it is being removed already.
   */
  async removeContainer(options: RemoveContainerOptions, call?: CallOptions): Promise<void> {
    await this.send(removeContainer, options, call);
  }
}
