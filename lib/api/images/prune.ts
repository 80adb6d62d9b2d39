import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { ImagesPruneResponse } from "../../types/image-results.js";

/** Filters for {@link Client.pruneImages}. Only images that match all filters are removed. @category Images */
export type PruneImagesFilters = {
  /** Whether to remove only dangling images. Defaults to true; if false, unused tagged images are removed as well. */
  dangling?: FilterValue | undefined;
  /** A label that must be present: `name` or `name=value`. API 1.30+. */
  label?: FilterValue | undefined;
  /** A label that must be absent: `name` or `name=value`. API 1.30+. */
  "label!"?: FilterValue | undefined;
  /** Matches images created before this time: Unix seconds, RFC 3339, or an age such as `24h`. API 1.28+. */
  until?: FilterValue | Date | undefined;
};

/** Options for {@link Client.pruneImages}. */
export interface PruneImagesOptions {
  /** Filters for the unused images to remove. If omitted, all dangling images are removed. */
  filters?: PruneImagesFilters | undefined;
}

const pruneImages = operation<PruneImagesOptions>({
  name: "pruneImages",
  method: "POST",
  path: "/images/prune",
  slow: true,
  since: "1.25",
  fields: { filters: filters<PruneImagesFilters>({ dangling: true, label: "1.30", "label!": "1.30", until: "1.28" }) },
});

/** Mixed into {@link Client}. */
export default abstract class ImagePruneMixin extends Connection {
  /**
   * Removes images that no container uses. API 1.25+.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImagePrune | ImagePrune}
   * @throws {@link ConflictError} when another prune is in progress.
   * @throws {@link BadRequestError} when a filter value is invalid.
   */
  pruneImages(options: PruneImagesOptions = {}, call?: CallOptions): Promise<ImagesPruneResponse> {
    return this.json(pruneImages, options, call);
  }
}
