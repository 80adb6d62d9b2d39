import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { VolumesPruneResponse } from "../../types/volume.js";

/** What volumes are pruned. Those that have all of it. */
export type PruneVolumesFilters = {
  /** True for those that were given a name too. API 1.42+; before, they always go. */
  all?: FilterValue | undefined;
  /** A label that they have: `name` or `name=value`. API 1.30+. */
  label?: FilterValue | undefined;
  /** A label that they do not have: `name` or `name=value`. Podman does not know it. API 1.30+. */
  "label!"?: FilterValue | undefined;
};

/** Options of {@link Client.pruneVolumes}. */
export interface PruneVolumesOptions {
  /** Which of the unused volumes go. By default those that were given no name, and before API 1.42 all of them. */
  filters?: PruneVolumesFilters | undefined;
}

const pruneVolumes = operation<PruneVolumesOptions>({
  name: "pruneVolumes",
  method: "POST",
  path: "/volumes/prune",
  since: "1.25",
  longRunning: true,
  fields: { filters: filters<PruneVolumesFilters>({ all: "1.42", label: "1.30", "label!": "1.30" }) },
});

/** Mixed into {@link Client}. */
export default abstract class VolumePruneMixin extends Connection {
  /**
   * Removes volumes that no container uses, with all that is in them. API 1.25+.
   *
   * Before API 1.42 that is every such volume; from then on, only those that were given no name, unless `filters.all` is true.
   *
   * @category Volumes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/VolumePrune | VolumePrune}
   * @throws {@link BadRequestError} when the value of a filter cannot be.
   * @throws {@link ConflictError} when the engine prunes already.
   */
  pruneVolumes(options: PruneVolumesOptions = {}, call?: CallOptions): Promise<VolumesPruneResponse> {
    return this.json(pruneVolumes, options, call);
  }
}
