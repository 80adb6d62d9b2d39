import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { NetworksPruneResponse } from "../../types/network.js";

/** Filters for {@link Client.pruneNetworks}. Only networks that match all filters are removed. */
export type PruneNetworksFilters = {
  /** Matches networks created before this time: RFC 3339, Unix seconds, or an age such as `10m`. API 1.28+. */
  until?: FilterValue | Date | undefined;
  /** A label that must be present: `name` or `name=value`. API 1.30+. */
  label?: FilterValue | undefined;
  /** A label that must be absent: `name` or `name=value`. API 1.30+. */
  "label!"?: FilterValue | undefined;
};

/** Options for {@link Client.pruneNetworks}. */
export interface PruneNetworksOptions {
  /** Filters for the unused networks to remove. If omitted, all are removed. */
  filters?: PruneNetworksFilters | undefined;
}

const pruneNetworks = operation<PruneNetworksOptions>({
  name: "pruneNetworks",
  method: "POST",
  path: "/networks/prune",
  slow: true,
  since: "1.25",
  fields: { filters: filters<PruneNetworksFilters>({ until: "1.28", label: "1.30", "label!": "1.30" }) },
});

/** Mixed into {@link Client}. */
export default abstract class NetworkPruneMixin extends Connection {
  /**
   * Removes networks that no container is connected to, except predefined networks. API 1.25+.
   *
   * @category Networks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NetworkPrune | NetworkPrune}
   * @throws {@link BadRequestError} when a filter value is invalid.
   * @throws {@link ConflictError} when another prune is in progress.
   */
  pruneNetworks(options: PruneNetworksOptions = {}, call?: CallOptions): Promise<NetworksPruneResponse> {
    return this.json(pruneNetworks, options, call);
  }
}
