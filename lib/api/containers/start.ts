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
   * The host configuration that the container is expected to have. Engines accept it only in {@link Client.createContainer}; if
   * the container's configuration differs, the call fails.
   */
  hostConfig?: Sendable<HostConfig> | undefined;
  /** Keys that detach from a terminal. Defaults to `ctrl-p,ctrl-q`. */
  detachKeys?: string | undefined;
  /** Name of a checkpoint to resume from. Requires an experimental engine. */
  checkpoint?: string | undefined;
  /**
   * Directory on the engine's host that contains the checkpoint. Defaults to the container's checkpoint directory. Requires an
   * experimental engine.
   */
  checkpointDir?: string | undefined;
}

/** Result of a call that starts or stops a container. */
export interface StateChange {
  /** Whether the container was already in the requested state, so that the call had no effect. */
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

/** Whether a value counts as unset. Engines fill in omitted members with empty values. */
function isEmpty(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length === 0;
  return !value;
}

/**
 * Returns the names of the members that differ between two objects or lists. Empty values count as equal, because engines fill
 * them in.
 */
function differences(given: object, actual: object): string[] {
  const differing = Object.entries(given).filter(([name, value]) => {
    const own = (actual as Record<string, unknown>)[name]; // undefined if the member is missing
    if (isEmpty(value) || typeof value !== "object" || typeof own !== "object" || own === null) {
      return value !== own && !(isEmpty(value) && isEmpty(own));
    }
    return differences(value as object, own).length > 0; // `value` is not null: null counts as empty above
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
   * @throws {@link NotFoundError} when something else that the container needs does not exist.
   * @throws {@link ContainerPausedError} when the container is paused.
   * @throws {@link PortInUseError} when a port that the container publishes is already in use.
   * @throws {@link CommandNotFoundError} when the executable of the container's command does not exist.
   * @throws {@link CommandStartError} when the container's command cannot be started for another reason that the engine
   * reports.
   * @throws {@link InvalidOptionError} when `hostConfig` differs from the container's host configuration.
   */
  async startContainer(options: StartContainerOptions, call?: CallOptions): Promise<StateChange> {
    const { id, hostConfig = {} } = options;
    if (Object.keys(hostConfig).length > 0) {
      const own = await this.inspectContainer({ id }, call);
      const differing = readAnswer("inspectContainer", this.endpoint, () => differences(hostConfig, own.HostConfig));
      if (differing.length > 0) {
        const what = `hostConfig differs from the configuration of container ${id} in ${differing.join(", ")}`;
        const details = { operation: "startContainer", endpoint: this.endpoint };
        throw new InvalidOptionError("hostConfig", `startContainer: ${what}: pass it to createContainer instead`, details);
      }
    }
    return { alreadyInState: (await this.send(startContainer, options, call)) === 304 };
  }
}
