import { readAnswer } from "../../core/answers/read.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { containerErrors } from "../../core/errors/container.js";
import { flag, pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { ResponseHeaders } from "../../core/request.js";
import { readJson } from "../../streams/body.js";
import { askForTty, type TtyQuestion } from "../../streams/output.js";
import type { ContainerInspect } from "../../types/container.js";

/** Options for {@link Client.inspectContainer}. */
export interface InspectContainerOptions {
  /** ID or name of the container. */
  id: string;
  /** Whether to calculate `SizeRw` and `SizeRootFs`, which is slow. Defaults to false. */
  size?: boolean | undefined;
}

const inspectContainer = operation<InspectContainerOptions>({
  name: "inspectContainer",
  method: "GET",
  path: "/containers/{id}/json",
  grace: ({ size }) => (size ? Infinity : 0),
  fields: { id: pathParam, size: flag("size") },
  errors: ({ id }) => containerErrors(id),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerInspectMixin extends Connection {
  /**
   * Returns detailed information about a container.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerInspect | ContainerInspect}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   */
  inspectContainer(options: InspectContainerOptions, call?: CallOptions): Promise<ContainerInspect> {
    return this.json(inspectContainer, options, call);
  }

  /** Inspects a container and also returns the headers of the response. @internal */
  protected async inspected(
    id: string,
    call: CallOptions | undefined,
  ): Promise<{ found: ContainerInspect; headers: ResponseHeaders }> {
    const { body, headers, exchange } = await this.open(inspectContainer, { id }, call);
    return { found: await readJson<ContainerInspect>(body, exchange), headers };
  }

  /**
   * Inspects a container before attaching to its input.
   *
   * @internal
   * @returns whether the container has a terminal, and whether its output remains open after its input ends. Docker closes the
   * output along with the input if the container has a terminal or does not set `StdinOnce`. Podman closes it only for a
   * terminal, and never reports `StdinOnce`.
   */
  protected async inspectInput(
    id: string,
    call: CallOptions | undefined,
  ): Promise<{ tty: boolean | undefined; survivesInput: boolean }> {
    const { found, headers } = await this.inspected(id, call);
    const [Tty, StdinOnce] = readAnswer(inspectContainer.name, this.endpoint, () => [found.Config.Tty, found.Config.StdinOnce]);
    return { tty: Tty, survivesInput: !Tty && (StdinOnce === true || "libpod-api-version" in headers) };
  }
}

/** Determines whether a container has a terminal, for API versions in which the response does not indicate it. */
export async function containerTty(
  client: ContainerInspectMixin,
  id: string,
  call: CallOptions | undefined,
): Promise<TtyQuestion> {
  return askForTty(await client.negotiate(call), async () => {
    const found = await client.inspectContainer({ id }, call);
    return readAnswer(inspectContainer.name, client.endpoint, () => found.Config.Tty) ?? false;
  });
}
