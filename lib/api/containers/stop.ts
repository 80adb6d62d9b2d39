import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { containerErrors } from "../../core/errors/container.js";
import { integer, pathParam } from "../../core/fields/fields.js";
import { signal, type SignalOption } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { ApiErrors } from "../../errors/api-error.js";
import { startErrors } from "./errors.js";
import type { StateChange } from "./start.js";

/** Options for {@link Client.stopContainer} and {@link Client.restartContainer}. */
export interface StopContainerOptions {
  /** ID or name of the container. */
  id: string;
  /**
   * Seconds to wait for the container to stop before killing it; 0 kills it immediately, -1 waits indefinitely. Defaults to the
   * container's `StopTimeout`, or to 10 if that is unset.
   */
  timeout?: number | undefined;
  /**
   * Signal that asks the container to stop. Defaults to the container's `StopSignal`, or to `SIGTERM` if that is unset.
   * API 1.42+.
   */
  signal?: SignalOption | undefined;
}

/** Options for {@link Client.restartContainer}. @category Containers */
export type RestartContainerOptions = StopContainerOptions;

const errors = ({ id }: StopContainerOptions): ApiErrors => containerErrors(id);

/**
 * How long the engine may wait before it kills the container. Unlimited without the option, because the container's own timeout
 * is unknown.
 */
const grace = ({ timeout = -1 }: StopContainerOptions): number => (timeout < 0 ? Infinity : timeout * 1000);

const fields = { id: pathParam, timeout: integer("t"), signal: signal("signal", { since: "1.42" }) };

const stopContainer = operation<StopContainerOptions>({
  name: "stopContainer",
  method: "POST",
  path: "/containers/{id}/stop",
  slow: true,
  grace,
  fields,
  errors,
});

const restartContainer = operation<RestartContainerOptions>({
  name: "restartContainer",
  method: "POST",
  path: "/containers/{id}/restart",
  slow: true,
  grace,
  fields,
  errors: ({ id }) => startErrors(id),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerStopMixin extends Connection {
  /**
   * Stops a container and waits until it has stopped. The engine kills it after the timeout.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerStop | ContainerStop}
   * @returns whether it was already stopped.
   * @throws {@link NoSuchContainerError} when the container does not exist.
   */
  async stopContainer(options: StopContainerOptions, call?: CallOptions): Promise<StateChange> {
    return { alreadyInState: (await this.send(stopContainer, options, call)) === 304 };
  }

  /**
   * Stops a container as {@link Client.stopContainer} does, and starts it again. A stopped container is just started.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerRestart | ContainerRestart}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link PortInUseError} when a port that the container publishes is already in use.
   * @throws {@link CommandNotFoundError} when the executable of the container's command does not exist.
   * @throws {@link CommandStartError} when the container's command cannot be started for another reason that the engine
   * reports.
   * @throws {@link NotFoundError} when something that the container needs does not exist, such as a network.
   */
  async restartContainer(options: RestartContainerOptions, call?: CallOptions): Promise<void> {
    await this.send(restartContainer, options, call);
  }
}
