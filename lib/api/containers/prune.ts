import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { ContainersPruneResponse } from "../../types/container-results.js";

/** Filters for {@link Client.pruneContainers}. Only containers that match all filters are removed. */
export type PruneContainersFilters = {
  /** Matches containers created before this time: RFC 3339, Unix seconds, or an age such as `10m`. API 1.28+. */
  until?: FilterValue | Date | undefined;
  /** A label that must be present: `name` or `name=value`. API 1.30+. */
  label?: FilterValue | undefined;
  /** A label that must be absent: `name` or `name=value`. API 1.30+. */
  "label!"?: FilterValue | undefined;
};

/** Options for {@link Client.pruneContainers}. */
export interface PruneContainersOptions {
  /** Filters for the stopped containers to remove. If omitted, all are removed. */
  filters?: PruneContainersFilters | undefined;
}

const pruneContainers = operation<PruneContainersOptions>({
  name: "pruneContainers",
  method: "POST",
  path: "/containers/prune",
  slow: true,
  since: "1.25",
  fields: { filters: filters<PruneContainersFilters>({ until: "1.28", label: "1.30", "label!": "1.30" }) },
});

/** Mixed into {@link Client}. */
export default abstract class ContainerPruneMixin extends Connection {
  /**
   * Removes stopped containers. API 1.25+.
   *
   * @category Containers
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ContainerPrune | ContainerPrune}
   * @throws {@link BadRequestError} when a filter value is invalid.
   * @throws {@link ConflictError} when another prune is in progress.
   */
  pruneContainers(options: PruneContainersOptions = {}, call?: CallOptions): Promise<ContainersPruneResponse> {
    return this.json(pruneContainers, options, call);
  }
}
