import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { swarmErrors } from "../../core/errors/swarm.js";
import type { Config } from "../../types/config.js";

/** What configs are listed. A filter with several values takes configs that have any of them. @category Configs */
export type ListConfigsFilters = {
  /** The start of their ID. */
  id?: FilterValue | undefined;
  /** A label that they have: `name` or `name=value`. Unlike with other filters, they have all that are given. */
  label?: FilterValue | undefined;
  /** The start of their name. */
  name?: FilterValue | undefined;
  /** Their name, all of it. The documents have this filter; Docker up to 28.5 refuses it. */
  names?: FilterValue | undefined;
};

/** Options of {@link Client.listConfigs}. */
export interface ListConfigsOptions {
  /** What to list. By default all configs. */
  filters?: ListConfigsFilters | undefined;
}

const listConfigs = operation<ListConfigsOptions>({
  name: "listConfigs",
  method: "GET",
  path: "/configs",
  since: "1.30",
  fields: { filters: filters<ListConfigsFilters>() },
  errors: () => swarmErrors,
});

/** Mixed into {@link Client}. */
export default abstract class ConfigListMixin extends Connection {
  /**
   * Lists the swarm's configs, with what they hold. API 1.30+.
   *
   * @category Configs
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ConfigList | ConfigList}
   * @throws {@link BadRequestError} when the value of a filter cannot be.
   * @throws {@link NodeNotInSwarmError} when the engine is in no swarm.
   * @throws {@link NotASwarmManagerError} when it is a worker.
   * @throws {@link SwarmLockedError} when it waits to be unlocked.
   */
  listConfigs(options: ListConfigsOptions = {}, call?: CallOptions): Promise<Config[]> {
    return this.json(listConfigs, options, call);
  }
}
