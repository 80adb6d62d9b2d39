import type { FilterValue, FilterVersions } from "../../core/fields/fields.js";

/** Selects the images to list. A filter with several values matches images that have any of them. @category Images */
export type ListImagesFilters = {
  /** Matches images created before this image: a name, digest or ID. */
  before?: FilterValue | undefined;
  /** Whether images are dangling: untagged, and not the parent of another image. */
  dangling?: FilterValue | undefined;
  /** A label: `name` or `name=value`. Unlike with other filters, all values must match. */
  label?: FilterValue | undefined;
  /** A pattern for image names, such as `busybox` or `app:1.*`. */
  reference?: FilterValue | undefined;
  /** Matches images created after this image: a name, digest or ID. */
  since?: FilterValue | undefined;
  /** Matches images created before this time: Unix seconds, RFC 3339 or an age such as `24h`. API 1.44+. */
  until?: FilterValue | undefined;
};

/** The filters of images, with the API version that introduced the later one. */
export const imageFilterVersions: FilterVersions<ListImagesFilters> = {
  before: true,
  dangling: true,
  label: true,
  reference: true,
  since: true,
  until: "1.44",
};
