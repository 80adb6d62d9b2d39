import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { containerErrors } from "../../core/errors/container.js";
import { integer, pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";

/** Options for {@link Client.resizeContainerTty}. */
export interface ResizeContainerTtyOptions {
  /** ID or name of the container. */
  id: string;
  /** Number of rows. */
  height: number;
  /** Number of columns. */
  width: number;
}

const resizeContainerTty = operation<ResizeContainerTtyOptions>({
  name: "resizeContainerTty",
  method: "POST",
  path: "/containers/{id}/resize",
  fields: { id: pathParam, height: integer("h", { required: true }), width: integer("w", { required: true }) },
  errors: ({ id }) => containerErrors(id),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerResizeMixin extends Connection {
  /**
   * Resizes the terminal of a running container.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerResize | ContainerResize}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link ContainerNotRunningError} when the container is not running.
   */
  async resizeContainerTty(options: ResizeContainerTtyOptions, call?: CallOptions): Promise<void> {
    await this.send(resizeContainerTty, options, call);
  }
}
