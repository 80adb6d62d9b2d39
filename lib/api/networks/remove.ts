import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { networkRemovalErrors } from "./errors.js";

/** Options for {@link Client.removeNetwork}. */
export interface RemoveNetworkOptions {
  /** ID or name of the network. */
  id: string;
}

const removeNetwork = operation<RemoveNetworkOptions>({
  name: "removeNetwork",
  method: "DELETE",
  path: "/networks/{id}",
  slow: true,
  fields: { id: pathParam },
  errors: ({ id }) => networkRemovalErrors(id),
});

/** Mixed into {@link Client}. */
export default abstract class NetworkRemoveMixin extends Connection {
  /**
   * Removes a network. It must not have running containers; Podman checks this only if `id` is a name.
   *
   * @category Networks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NetworkDelete | NetworkDelete}
   * @throws {@link NoSuchNetworkError} when the network does not exist, or its ID is empty.
   * @throws {@link NetworkInUseError} when running containers are connected to the network.
   * @throws {@link ForbiddenError} when the network is predefined, such as `bridge`.
   */
  async removeNetwork(options: RemoveNetworkOptions, call?: CallOptions): Promise<void> {
    await this.send(removeNetwork, options, call);
  }
}
