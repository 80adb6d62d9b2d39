import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { NetworksPruneResponse } from "../../types/network.js";

/** What networks are pruned. Those that have all of it. */
export type PruneNetworksFilters = {
  /** They were made before this: a time in RFC 3339, seconds since 1970, or a time back such as `10m`. API 1.28+. */
  until?: FilterValue | undefined;
  /** A label that they have: `name` or `name=value`. API 1.30+. */
  label?: FilterValue | undefined;
  /** A label that they do not have: `name` or `name=value`. API 1.30+. */
  "label!"?: FilterValue | undefined;
};

/** Options of {@link Client.pruneNetworks}. */
export interface PruneNetworksOptions {
  /** Which of the unused networks go. By default all of them. */
  filters?: PruneNetworksFilters | undefined;
}

const pruneNetworks = operation<PruneNetworksOptions>({
  name: "pruneNetworks",
  method: "POST",
  path: "/networks/prune",
  since: "1.25",
  fields: { filters: filters<PruneNetworksFilters>({ until: "1.28", label: "1.30", "label!": "1.30" }) },
});

/** Mixed into {@link Client}. */
export default abstract class NetworkPruneMixin extends Connection {
  /**
   * Removes every network that no container is in, but those that came with the engine. API 1.25+.
   *
   * @category Networks
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/NetworkPrune | NetworkPrune}
   * @throws {@link BadRequestError} when the value of a filter cannot be.
   * @throws {@link ConflictError} when the engine prunes already.
   */
  pruneNetworks(options: PruneNetworksOptions = {}, call?: CallOptions): Promise<NetworksPruneResponse> {
    return this.json(pruneNetworks, options, call);
  }
}
