import type { CallOptions } from "../../core/call-options.js";
import { pathParam, notSent, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { containerErrors } from "../../core/errors/container.js";
import { orMissingNetwork } from "../../core/errors/network.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { HostConfig } from "../../types/host-config.js";
import ContainerInspectMixin from "./inspect.js";

/** Options of {@link Client.startContainer}. */
export interface StartContainerOptions {
  /** ID or name of the container. */
  id: string;
  /**
   * What the caller takes the host's configuration of the container to be. Engines take it with
   * {@link Client.createContainer} alone: what differs from the container's own is an error.
   */
  hostConfig?: HostConfig | undefined;
  /** Keys that detach from a terminal, such as `ctrl-p,ctrl-q`, which are the default. */
  detachKeys?: string | undefined;
  /** Name of a checkpoint to go on from. Experimental engines only. */
  checkpoint?: string | undefined;
  /** Directory of the engine's host that holds the checkpoint. By default the container's own. Experimental engines only. */
  checkpointDir?: string | undefined;
}

/** What became of a call that brings a container into a state. */
export interface StateChange {
  /** Whether the container was in that state before the call, so that nothing was done. */
  alreadyInState: boolean;
}

const startContainer = operation<StartContainerOptions>({
  name: "startContainer",
  method: "POST",
  path: "/containers/{id}/start",
  fields: {
    id: pathParam,
    hostConfig: notSent,
    detachKeys: text("detachKeys"),
    checkpoint: text("checkpoint"),
    checkpointDir: text("checkpoint-dir"),
  },
  errors: ({ id }) => orMissingNetwork(containerErrors(id)),
});

/** Whether a value of a configuration says nothing: engines fill in what is left out, each with an empty value of its kind. */
function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return !value;
}

/** Names the members of an object, or of a list, that are not as given. What engines fill in does not count. */
function differences(given: object, actual: object): string[] {
  const differing = Object.entries(given).filter(([name, value]) => {
    const own = (actual as Record<string, unknown>)[name]; // an object has the member or not
    if (isEmpty(value) || typeof value !== "object" || typeof own !== "object" || own === null) {
      return value !== own && !(isEmpty(value) && isEmpty(own));
    }
    return differences(value as object, own).length > 0; // not null, which is empty
  });
  if (Array.isArray(given) && Array.isArray(actual) && actual.length > given.length) differing.push(["length", undefined]);
  return differing.map(([name]) => name);
}

/** Mixed into {@link Client}. */
export default abstract class ContainerStartMixin extends ContainerInspectMixin {
  /**
   * Starts a container that was created, or has stopped.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerStart | ContainerStart}
   * @returns whether it was running already.
   * @throws {@link NoSuchContainerError} when there is no such container.
   * @throws {@link NoSuchNetworkError} when a network that it is to be in does not exist any more.
   * @throws {@link NotFoundError} when something else that it needs does not exist.
   * @throws {@link ContainerPausedError} when it is paused.
   * @throws {@link BadRequestError} when its command cannot be run.
   * @throws {@link InvalidOptionError} when `hostConfig` differs from the container's own.
   */
  async startContainer(options: StartContainerOptions, call?: CallOptions): Promise<StateChange> {
    const { id, hostConfig = {} } = options;
    if (Object.keys(hostConfig).length > 0) {
      const own: object = (await this.inspectContainer({ id }, call)).HostConfig;
      const differing = differences(hostConfig, own);
      if (differing.length > 0) {
        const what = `hostConfig differs from that of container ${id} in ${differing.join(", ")}`;
        const details = { operation: "startContainer", endpoint: this.endpoint };
        throw new InvalidOptionError(
          "hostConfig",
          `startContainer: ${what}: pass it to createContainer, where engines take it`,
          details,
        );
      }
    }
    return { alreadyInState: (await this.send(startContainer, options, call)) === 304 };
  }
}
