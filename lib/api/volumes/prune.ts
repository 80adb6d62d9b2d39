import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { VolumesPruneResponse } from "../../types/volume.js";

/** Filters for {@link Client.pruneVolumes}. Only volumes that match all filters are removed. */
export type PruneVolumesFilters = {
  /** Whether to include named volumes. API 1.42+; earlier versions always include them. */
  all?: FilterValue | undefined;
  /** A label that must be present: `name` or `name=value`. API 1.30+. */
  label?: FilterValue | undefined;
  /** A label that must be absent: `name` or `name=value`. Not supported by Podman. API 1.30+. */
  "label!"?: FilterValue | undefined;
};

/** Options for {@link Client.pruneVolumes}. */
export interface PruneVolumesOptions {
  /** Filters for the unused volumes to remove. If omitted, all anonymous volumes are removed; before API 1.42, all volumes. */
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
   * Removes unused volumes and their data. API 1.25+.
   *
   * Before API 1.42, this includes named volumes. Since then, only anonymous volumes are removed unless the filter `all` is
   * true.
   *
   * @category Volumes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/VolumePrune | VolumePrune}
   * @throws {@link BadRequestError} when a filter value is invalid.
   * @throws {@link ConflictError} when another prune is in progress.
   */
  pruneVolumes(options: PruneVolumesOptions = {}, call?: CallOptions): Promise<VolumesPruneResponse> {
    return this.json(pruneVolumes, options, call);
  }
}
