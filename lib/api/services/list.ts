import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue, flag } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { swarmErrors } from "../../core/errors/swarm.js";
import type { OneOf } from "../../types/util.js";
import type { Service } from "../../types/service.js";

/** What services are listed. A filter with several values takes services that have any of them. */
export type ListServicesFilters = {
  /** The start of their ID. */
  id?: FilterValue | undefined;
  /** A label that they have: `name` or `name=value`. Unlike with other filters, they have all that are given. */
  label?: FilterValue | undefined;
  /** How many tasks they run. API 1.29+. */
  mode?: OneOf<"replicated" | "global" | "replicated-job" | "global-job"> | undefined;
  /** The start of their name. */
  name?: FilterValue | undefined;
  /** What their tasks are. By default containers. Never documented. */
  runtime?: OneOf<"container" | "plugin"> | undefined;
};

/** Options of {@link Client.listServices}. */
export interface ListServicesOptions {
  /** What to list. */
  filters?: ListServicesFilters | undefined;
  /** Whether to count the tasks of each, which fills `ServiceStatus`. By default false. API 1.41+. */
  status?: boolean | undefined;
}

const listServices = operation<ListServicesOptions>({
  name: "listServices",
  method: "GET",
  path: "/services",
  fields: { filters: filters<ListServicesFilters>({ mode: "1.29" }), status: flag("status", { since: "1.41" }) },
  errors: () => swarmErrors,
});

/** Mixed into {@link Client}. */
export default abstract class ServiceListMixin extends Connection {
  /**
   * Lists the services of the swarm.
   *
   * @category Services
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ServiceList | ServiceList}
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link SwarmLockedError} when it waits to be unlocked.
   * @example
   * ```ts
   * for (const { Spec, ServiceStatus } of await client.listServices({ status: true })) {
   *   console.log(`${Spec.Name}: ${ServiceStatus?.RunningTasks} of ${ServiceStatus?.DesiredTasks} tasks run`);
   * }
   * ```
   */
  async listServices(options: ListServicesOptions = {}, call?: CallOptions): Promise<Service[]> {
    return (await this.json<Service[] | null, ListServicesOptions>(listServices, options, call)) ?? [];
  }
}
