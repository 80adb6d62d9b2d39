import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import { flag, pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { Service } from "../../types/service.js";

/** Options for {@link Client.inspectService}. */
export interface InspectServiceOptions {
  /** ID or name of the service. */
  id: string;
  /** Whether to fill in default values for omitted settings. Defaults to false. API 1.29+. */
  insertDefaults?: boolean | undefined;
}

const inspectService = operation<InspectServiceOptions>({
  name: "inspectService",
  method: "GET",
  path: "/services/{id}",
  fields: { id: pathParam, insertDefaults: flag("insertDefaults", { since: "1.29" }) },
  errors: ({ id }) => swarmObjectErrors("service", id),
});

/** Mixed into {@link Client}. */
export default abstract class ServiceInspectMixin extends Connection {
  /**
   * Returns details of a service. {@link Client.listTasks} returns its tasks.
   *
   * @category Services
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ServiceInspect | ServiceInspect}
   * @throws {@link NoSuchServiceError} when the service does not exist.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   */
  inspectService(options: InspectServiceOptions, call?: CallOptions): Promise<Service> {
    return this.json(inspectService, options, call);
  }
}
