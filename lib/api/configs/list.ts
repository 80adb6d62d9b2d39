import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { swarmErrors } from "../../core/errors/swarm.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { Config } from "../../types/config.js";

/** Filters for configs. A filter with several values matches configs that match any of them. @category Configs */
export type ListConfigsFilters = {
  /** Prefix of the ID. */
  id?: FilterValue | undefined;
  /** Label: `name` or `name=value`. Unlike with other filters, all values must match. */
  label?: FilterValue | undefined;
  /** Prefix of the name. */
  name?: FilterValue | undefined;
  /** Exact name. Docker documents this filter, but rejects it up to version 28.5. */
  names?: FilterValue | undefined;
};

/** Options for {@link Client.listConfigs}. */
export interface ListConfigsOptions {
  /** Filters for the configs to list. */
  filters?: ListConfigsFilters | undefined;
}

const listConfigs = operation<ListConfigsOptions>({
  name: "listConfigs",
  method: "GET",
  path: "/configs",
  since: "1.30",
  fields: { filters: filters<ListConfigsFilters>({ id: true, label: true, name: true, names: true }) },
  errors: () => swarmErrors,
});

/** Mixed into {@link Client}. */
export default abstract class ConfigListMixin extends Connection {
  /**
   * Lists the configs of the swarm, including their data. API 1.30+.
   *
   * @category Configs
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ConfigList | ConfigList}
   * @throws {@link BadRequestError} when a filter value is invalid.
   * @throws {@link NodeNotInSwarmError} when the engine is not in a swarm.
   * @throws {@link NotASwarmManagerError} when the engine is a worker.
   * @throws {@link SwarmLockedError} when the swarm is locked.
   */
  listConfigs(options: ListConfigsOptions = {}, call?: CallOptions): Promise<Config[]> {
    return this.json(listConfigs, options, call);
  }
}
