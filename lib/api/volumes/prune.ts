import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { VolumesPruneResponse } from "../../types/volume.js";

/** Filters of {@link Client.pruneVolumes}. All must match. */
export type PruneVolumesFilters = {
  /** True includes named volumes. API 1.42+; earlier versions always include them. */
  all?: FilterValue | undefined;
  /** A label: `name` or `name=value`. API 1.30+. */
  label?: FilterValue | undefined;
  /** A label that must be absent: `name` or `name=value`. Not supported by Podman. API 1.30+. */
  "label!"?: FilterValue | undefined;
};

/** Options for {@link Client.pruneVolumes}. */
export interface PruneVolumesOptions {
  /** The unused volumes to remove. By default anonymous ones, and before API 1.42 all. */
  filters?: PruneVolumesFilters | undefined;
}

const pruneVolumes = operation<PruneVolumesOptions>({
  name: "pruneVolumes",
  method: "POST",
  path: "/volumes/prune",
  slow: true,
  since: "1.25",
  fields: { filters: filters<PruneVolumesFilters>({ all: "1.42", label: "1.30", "label!": "1.30" }) },
});

/** Mixed into {@link Client}. */
export default abstract class VolumePruneMixin extends Connection {
  /**
   * Removes unused volumes with their data. API 1.25+.
   *
   * Before API 1.42, these are all unused volumes; from then on only anonymous ones, unless `filters.all` is true.
   *
   * @category Volumes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/VolumePrune | VolumePrune}
   * @throws {@link BadRequestError} when a filter value is invalid.
   * @throws {@link ConflictError} when a prune is already in progress.
   */
  pruneVolumes(options: PruneVolumesOptions = {}, call?: CallOptions): Promise<VolumesPruneResponse> {
    return this.json(pruneVolumes, options, call);
  }
}
