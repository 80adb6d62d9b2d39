import { askForTty, type TtyQuestion } from "../../streams/output.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { containerErrors } from "../../core/errors/container.js";
import type { ContainerInspect } from "../../types/container.js";

/** Options of {@link Client.inspectContainer}. */
export interface InspectContainerOptions {
  /** ID or name of the container. */
  id: string;
  /** Whether to measure the container's files, which fills `SizeRw` and `SizeRootFs` and takes its time. By default false. */
  size?: boolean | undefined;
}

const inspectContainer = operation<InspectContainerOptions>({
  name: "inspectContainer",
  method: "GET",
  path: "/containers/{id}/json",
  fields: { id: pathParam, size: flag("size") },
  errors: ({ id }) => containerErrors(id),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerInspectMixin extends Connection {
  /**
   * Tells everything about one container.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerInspect | ContainerInspect}
   * @throws {@link NoSuchContainerError} when there is no such container.
   */
  inspectContainer(options: InspectContainerOptions, call?: CallOptions): Promise<ContainerInspect> {
    return this.json(inspectContainer, options, call);
  }
}

/** Finds out whether a container has a terminal, where the answer to a request for its output will not tell. */
export async function containerTty(
  client: ContainerInspectMixin,
  id: string,
  call: CallOptions | undefined,
): Promise<TtyQuestion> {
  return askForTty(await client.negotiate(call), async () => (await client.inspectContainer({ id }, call)).Config.Tty ?? false);
}
