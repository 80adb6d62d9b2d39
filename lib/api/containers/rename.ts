import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { containerErrors } from "../../core/errors/container.js";
import { pathParam, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { nameInUse } from "./errors.js";

/** Options for {@link Client.renameContainer}. */
export interface RenameContainerOptions {
  /** ID or name of the container. */
  id: string;
  /** New name. */
  name: string;
}

const renameContainer = operation<RenameContainerOptions>({
  name: "renameContainer",
  method: "POST",
  path: "/containers/{id}/rename",
  fields: { id: pathParam, name: text("name", { required: true }) },
  errors: ({ id, name }) => ({ ...containerErrors(id, nameInUse(name)), 500: nameInUse(name) }),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerRenameMixin extends Connection {
  /**
   * Renames a container.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerRename | ContainerRename}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link ContainerAlreadyExistsError} when another container already has the name.
   * @throws {@link BadRequestError} when the name is invalid, or the container already has this name.
   */
  async renameContainer(options: RenameContainerOptions, call?: CallOptions): Promise<void> {
    await this.send(renameContainer, options, call);
  }
}
