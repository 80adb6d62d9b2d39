import type { FilterValue, FilterVersions } from "../../core/fields/fields.js";

/** Filters for images. A filter with several values matches images that match any of them. @category Images */
export type ListImagesFilters = {
  /** Name, digest or ID of an image: matches images created before it. */
  before?: FilterValue | undefined;
  /** Whether the images are dangling, which means untagged and without child images. */
  dangling?: FilterValue | undefined;
  /** A label: `name` or `name=value`. Unlike with other filters, all values must match. */
  label?: FilterValue | undefined;
  /** A pattern for image names, such as `busybox` or `app:1.*`. */
  reference?: FilterValue | undefined;
  /** Name, digest or ID of an image: matches images created after it. */
  since?: FilterValue | undefined;
  /** Matches images created before this time: Unix seconds, RFC 3339, or an age such as `24h`. API 1.44+. */
  until?: FilterValue | undefined;
};

/** The filters for images, with the API version that introduced each, or true for filters that exist in all versions. */
export const imageFilterVersions: FilterVersions<ListImagesFilters> = {
  before: true,
  dangling: true,
  label: true,
  reference: true,
  since: true,
  until: "1.44",
};
