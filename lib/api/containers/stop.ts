import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { pathParam, integer } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { signal, type SignalOption } from "../../core/fields/fields.js";
import type { ApiErrors } from "../../errors/api-error.js";
import { containerErrors } from "../../core/errors/container.js";
import type { StateChange } from "./start.js";

/** Options of {@link Client.stopContainer} and {@link Client.restartContainer}. */
export interface StopContainerOptions {
  /** ID or name of the container. */
  id: string;
  /**
   * How many seconds the container has to stop by itself before it is killed; 0 kills it at once, -1 waits for ever.
   * By default the container's own `StopTimeout`, else 10.
   */
  timeout?: number | undefined;
  /** The signal that asks it to stop. By default the container's own `StopSignal`, else `SIGTERM`. API 1.42+. */
  signal?: SignalOption | undefined;
}

/** Options of {@link Client.restartContainer}. @category Containers */
export type RestartContainerOptions = StopContainerOptions;

const errors = ({ id }: StopContainerOptions): ApiErrors => containerErrors(id);
const fields = { id: pathParam, timeout: integer("t"), signal: signal("signal", { since: "1.42" }) };

const stopContainer = operation<StopContainerOptions>({
  name: "stopContainer",
  method: "POST",
  path: "/containers/{id}/stop",
  fields,
  errors,
});

const restartContainer = operation<RestartContainerOptions>({
  name: "restartContainer",
  method: "POST",
  path: "/containers/{id}/restart",
  fields,
  errors,
});

/** Mixed into {@link Client}. */
export default abstract class ContainerStopMixin extends Connection {
  /**
   * Asks a container to stop, kills it when it takes too long, and waits until it has stopped.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerStop | ContainerStop}
   * @returns whether it was not running to begin with.
   * @throws {@link NoSuchContainerError} when there is no such container.
   */
  async stopContainer(options: StopContainerOptions, call?: CallOptions): Promise<StateChange> {
    return { alreadyInState: (await this.send(stopContainer, options, call)) === 304 };
  }

  /**
   * Stops a container, as {@link Client.stopContainer} does, and starts it again. One that does not run is started.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerRestart | ContainerRestart}
   * @throws {@link NoSuchContainerError} when there is no such container.
   * @throws {@link NotFoundError} when something that it needs does not exist, such as a network.
   */
  async restartContainer(options: RestartContainerOptions, call?: CallOptions): Promise<void> {
    await this.send(restartContainer, options, call);
  }
}
