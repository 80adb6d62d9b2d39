import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { containerErrors } from "../../core/errors/container.js";
import { pathParam } from "../../core/fields/fields.js";
import { signal, type SignalOption } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";

/** Options for {@link Client.killContainer}. */
export interface KillContainerOptions {
  /** ID or name of the container. */
  id: string;
  /** The signal. Defaults to `SIGKILL`. */
  signal?: SignalOption | undefined;
}

const killContainer = operation<KillContainerOptions>({
  name: "killContainer",
  method: "POST",
  path: "/containers/{id}/kill",
  fields: { id: pathParam, signal: signal("signal") },
  errors: ({ id }) => containerErrors(id),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerKillMixin extends Connection {
  /**
   * Sends a signal to the main process of a running container.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerKill | ContainerKill}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link ContainerNotRunningError} when the container is not running.
   */
  async killContainer(options: KillContainerOptions, call?: CallOptions): Promise<void> {
    await this.send(killContainer, options, call);
  }
}
