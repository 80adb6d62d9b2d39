import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, pathParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { swarmObjectErrors } from "../../core/errors/swarm.js";
import type { Service } from "../../types/service.js";

/** Options of {@link Client.inspectService}. */
export interface InspectServiceOptions {
  /** ID or name of the service. */
  id: string;
  /** Whether settings that were left out are shown with their defaults. By default false. API 1.29+. */
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
   * Tells everything about one service. What its tasks do, {@link Client.listTasks} tells.
   *
   * @category Services
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ServiceInspect | ServiceInspect}
   * @throws {@link NoSuchServiceError} when the swarm has no such service.
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link SwarmLockedError} when it waits to be unlocked.
   */
  inspectService(options: InspectServiceOptions, call?: CallOptions): Promise<Service> {
    return this.json(inspectService, options, call);
  }
}
