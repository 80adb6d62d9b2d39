import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { VolumeListResponse } from "../../types/volume.js";

/**
 * Filters of {@link Client.listVolumes}. Several values of a filter are alternatives. All filters must match; on Podman, any of
 * them.
 */
export type ListVolumesFilters = {
  /** True for unused volumes, false for the others. */
  dangling?: FilterValue | undefined;
  /** Name of the driver. */
  driver?: FilterValue | undefined;
  /** A label: `name` or `name=value`. Unlike with other filters, all values must match. API 1.27+. */
  label?: FilterValue | undefined;
  /** A part of the name. */
  name?: FilterValue | undefined;
};

/** Options for {@link Client.listVolumes}. */
export interface ListVolumesOptions {
  /** The volumes to list. By default all. */
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
   * Lists volumes, with warnings about drivers that could not list theirs.
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
