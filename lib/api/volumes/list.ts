import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { VolumeListResponse } from "../../types/volume.js";

/**
 * What volumes are listed. A filter with several values takes volumes that have any of them. Of several filters all must hold,
 * and on Podman any.
 */
export type ListVolumesFilters = {
  /** True for those that no container uses, false for the others. */
  dangling?: FilterValue | undefined;
  /** Name of their driver. */
  driver?: FilterValue | undefined;
  /** A label that they have: `name` or `name=value`. Unlike with other filters, they have all that are given. API 1.27+. */
  label?: FilterValue | undefined;
  /** A part of their name. */
  name?: FilterValue | undefined;
};

/** Options of {@link Client.listVolumes}. */
export interface ListVolumesOptions {
  /** What to list. */
  filters?: ListVolumesFilters | undefined;
}

const listVolumes = operation<ListVolumesOptions>({
  name: "listVolumes",
  method: "GET",
  path: "/volumes",
  fields: { filters: filters<ListVolumesFilters>({ label: "1.27" }) },
});

/** Mixed into {@link Client}. */
export default abstract class VolumeListMixin extends Connection {
  /**
   * Lists volumes, and what the engine has to say about drivers that could not tell theirs.
   *
   * @category Volumes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/VolumeList | VolumeList}
   * @throws {@link BadRequestError} when the value of a filter cannot be.
   * @example
   * ```ts
   * const { Volumes } = await client.listVolumes({ filters: { dangling: true, label: "app=shop" } });
   * ```
   */
  listVolumes(options: ListVolumesOptions = {}, call?: CallOptions): Promise<VolumeListResponse> {
    return this.json(listVolumes, options, call);
  }
}
