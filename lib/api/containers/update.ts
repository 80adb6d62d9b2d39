import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { containerErrors } from "../../core/errors/container.js";
import { body, pathParam } from "../../core/fields/fields.js";
import { hostConfig } from "../../core/members/containers.js";
import { operation } from "../../core/operation.js";
import type { ContainerUpdateRequest } from "../../types/container-requests.js";
import type { ContainerUpdateResponse } from "../../types/container-results.js";
import type { Sendable } from "../../types/util.js";
import { containerUpdateDefaults, containerUpdateRemovals, containerUpdateVersions } from "./body-versions.js";

/** Options for {@link Client.updateContainer}. */
export interface UpdateContainerOptions {
  /** ID or name of the container. */
  id: string;
  /** The changes. Omitted members are left unchanged. */
  update: Sendable<ContainerUpdateRequest>;
}

const updateContainer = operation<UpdateContainerOptions>({
  name: "updateContainer",
  method: "POST",
  path: "/containers/{id}/update",
  fields: {
    id: pathParam,
    update: body<ContainerUpdateRequest>({
      members: hostConfig,
      required: true,
      parts: containerUpdateVersions,
      removedParts: containerUpdateRemovals,
      defaults: containerUpdateDefaults,
    }),
  },
  errors: ({ id }) => containerErrors(id),
});

/** Mixed into {@link Client}. */
export default abstract class ContainerUpdateMixin extends Connection {
  /**
   * Changes the resource limits and the restart policy of a container, running or not.
   *
   * Podman 5.4 resets the restart policy if the update omits it, so include it in every update there.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerUpdate | ContainerUpdate}
   * @throws {@link NoSuchContainerError} when the container does not exist.
   * @throws {@link BadRequestError} when a limit is invalid.
   * @throws {@link ConflictError} when the container is being removed.
   */
  updateContainer(options: UpdateContainerOptions, call?: CallOptions): Promise<ContainerUpdateResponse> {
    return this.json(updateContainer, options, call);
  }
}
