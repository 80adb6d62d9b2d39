import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmErrors } from "../../core/errors/swarm.js";
import { filters, type FilterValue, flag } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { Service } from "../../types/service.js";
import type { OneOf } from "../../types/util.js";

/** Filters for services. A filter with several values matches services that match any of them. */
export type ListServicesFilters = {
  /** Prefix of the ID. */
  id?: FilterValue | undefined;
  /** Label: `name` or `name=value`. Unlike with other filters, all values must match. */
  label?: FilterValue | undefined;
  /** Mode of the service. API 1.29+. */
  mode?: OneOf<"replicated" | "global" | "replicated-job" | "global-job"> | undefined;
  /** Prefix of the name. */
  name?: FilterValue | undefined;
  /** Runtime of the service's tasks. Defaults to `container`. Not documented by Docker. */
  runtime?: OneOf<"container" | "plugin"> | undefined;
};

/** Options for {@link Client.listServices}. */
export interface ListServicesOptions {
  /** Filters for the services to list. */
  filters?: ListServicesFilters | undefined;
  /** Whether to count each service's tasks in `ServiceStatus`. Defaults to false. API 1.41+. */
  status?: boolean | undefined;
}

const listServices = operation<ListServicesOptions>({
  name: "listServices",
  method: "GET",
  path: "/services",
  fields: {
    filters: filters<ListServicesFilters>({ id: true, label: true, mode: "1.29", name: true, runtime: true }),
    status: flag("status", { since: "1.41" }),
  },
  errors: () => swarmErrors,
});

/** Mixed into {@link Client}. */
export default abstract class ServiceListMixin extends Connection {
  /**
   * Lists the services of the swarm.
   *
   * @category Services
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ServiceList | ServiceList}
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   * @example
   * ```ts
   * for (const { Spec, ServiceStatus } of await client.listServices({ status: true })) {
   *   console.log(`${Spec.Name}: ${ServiceStatus?.RunningTasks} of ${ServiceStatus?.DesiredTasks} tasks run`);
   * }
   * ```
   */
  async listServices(options: ListServicesOptions = {}, call?: CallOptions): Promise<Service[]> {
    return this.json(listServices, options, call);
  }
}
