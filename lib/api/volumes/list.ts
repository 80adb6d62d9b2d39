import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { VolumeListResponse } from "../../types/volume.js";

/**
 * Filters for {@link Client.listVolumes}. A filter with several values matches volumes that match any of them. Volumes must
 * match all filters or, on Podman, any of them.
 */
export type ListVolumesFilters = {
  /** True for unused volumes, false for volumes in use. */
  dangling?: FilterValue | undefined;
  /** Name of the volume driver. */
  driver?: FilterValue | undefined;
  /** A label: `name` or `name=value`. Unlike with other filters, all values must match. API 1.27+. */
  label?: FilterValue | undefined;
  /** A substring of the name. */
  name?: FilterValue | undefined;
};

/** Options for {@link Client.listVolumes}. */
export interface ListVolumesOptions {
  /** Filters for the volumes to list. */
  filters?: ListVolumesFilters | undefined;
}

const listVolumes = operation<ListVolumesOptions>({
  name: "listVolumes",
  method: "GET",
  path: "/volumes",
  fields: { filters: filters<ListVolumesFilters>({ dangling: true, driver: true, label: "1.27", name: true }) },
});

/** Mixed into {@link Client}. */
export default abstract class VolumeListMixin extends Connection {
  /**
   * Lists volumes. The result also contains warnings about drivers that could not list their volumes.
   *
   * @category Volumes
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/VolumeList | VolumeList}
   * @throws {@link BadRequestError} when a filter value is invalid.
   * @example
   * ```ts
   * const { Volumes } = await client.listVolumes({ filters: { dangling: true, label: "app=shop" } });
   * ```
   */
  listVolumes(options: ListVolumesOptions = {}, call?: CallOptions): Promise<VolumeListResponse> {
    return this.json(listVolumes, options, call);
  }
}
