import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import { pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";

/** Options for {@link Client.removeService}. */
export interface RemoveServiceOptions {
  /** ID or name of the service. */
  id: string;
}

const removeService = operation<RemoveServiceOptions>({
  name: "removeService",
  method: "DELETE",
  path: "/services/{id}",
  fields: { id: pathParam },
  errors: ({ id }) => swarmObjectErrors("service", id),
});

/** Mixed into {@link Client}. */
export default abstract class ServiceRemoveMixin extends Connection {
  /**
   * Removes a service. The method does not wait until its tasks have stopped and their containers are removed. Docker keeps the
   * stopped containers of a job.
   *
   * @category Services
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ServiceDelete | ServiceDelete}
   * @throws {@link NoSuchServiceError} when the service does not exist.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   */
  async removeService(options: RemoveServiceOptions, call?: CallOptions): Promise<void> {
    await this.send(removeService, options, call);
  }
}
