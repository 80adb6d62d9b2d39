import { readAnswer } from "../../core/answers/read.js";
import type { CallOptions } from "../../core/call-options.js";
import { notSent, pathParam, text } from "../../core/fields/fields.js";
import { hostConfig } from "../../core/members/containers.js";
import { operation } from "../../core/operation.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { HostConfig } from "../../types/host-config.js";
import type { Sendable } from "../../types/util.js";
import { startErrors } from "./errors.js";
import ContainerInspectMixin from "./inspect.js";

/** Options for {@link Client.startContainer}. */
export interface StartContainerOptions {
  /** ID or name of the container. */
  id: string;
  /**
   * The host configuration that the caller expects. Engines accept it only in {@link Client.createContainer}: a difference
   * from the container's is an error.
   */
  hostConfig?: Sendable<HostConfig> | undefined;
  /** Keys that detach from a terminal. By default `ctrl-p,ctrl-q`. */
  detachKeys?: string | undefined;
  /** Name of a checkpoint to resume from. Experimental engines only. */
  checkpoint?: string | undefined;
  /** Directory on the engine's host that contains the checkpoint. By default the container's. Experimental engines only. */
  checkpointDir?: string | undefined;
}

/** Result of a call that starts or stops a container. */
export interface StateChange {
  /** Whether the container was already in that state, so the call had no effect. */
  alreadyInState: boolean;
}

const startContainer = operation<StartContainerOptions>({
  name: "startContainer",
  method: "POST",
  path: "/containers/{id}/start",
  slow: true,
  fields: {
    id: pathParam,
    hostConfig: { ...notSent, members: hostConfig },
    detachKeys: text("detachKeys"),
    checkpoint: text("checkpoint"),
    checkpointDir: text("checkpoint-dir"),
  },
  errors: ({ id }) => startErrors(id),
});

/** Whether a value counts as unset: engines fill in omitted members with empty values. */
function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return !value;
}

/** Names the members of an object or a list that differ. Empty values that engines fill in are ignored. */
function differences(given: object, actual: object): string[] {
  const differing = Object.entries(given).filter(([name, value]) => {
    const own = (actual as Record<string, unknown>)[name]; // undefined if the object lacks it
    if (isEmpty(value) || typeof value !== "object" || typeof own !== "object" || own === null) {
      return value !== own && !(isEmpty(value) && isEmpty(own));
    }
    return differences(value as object, own).length > 0; // null counts as empty, see above
  });
  if (Array.isArray(given) && Array.isArray(actual) && actual.length > given.length) differing.push(["length", undefined]);
  return differing.map(([name]) => name);
}

/** Mixed into {@link Client}. */
export default abstract class ContainerStartMixin extends ContainerInspectMixin {
  /**
   * Starts a created or stopped container.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerStart | ContainerStart}
   * @returns whether it was already running.
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link NoSuchNetworkError} when one of its networks no longer exists.
   * @throws {@link NotFoundError} when something else that it needs does not exist.
   * @throws {@link ContainerPausedError} when it is paused.
   * @throws {@link PortInUseError} when a port that it publishes is in use.
   * @throws {@link CommandNotFoundError} when the program of its command does not exist.
   * @throws {@link CommandStartError} when its command cannot be started for another reason that the engine names.
   * @throws {@link InvalidOptionError} when `hostConfig` differs from the container's.
   */
  async startContainer(options: StartContainerOptions, call?: CallOptions): Promise<StateChange> {
    const { id, hostConfig = {} } = options;
    if (Object.keys(hostConfig).length > 0) {
      const own = await this.inspectContainer({ id }, call);
      const differing = readAnswer("inspectContainer", this.endpoint, () => differences(hostConfig, own.HostConfig));
      if (differing.length > 0) {
        const what = `hostConfig differs from that of container ${id} in ${differing.join(", ")}`;
        const details = { operation: "startContainer", endpoint: this.endpoint };
        throw new InvalidOptionError("hostConfig", `startContainer: ${what}: pass it to createContainer instead`, details);
      }
    }
    return { alreadyInState: (await this.send(startContainer, options, call)) === 304 };
  }
}
