import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters, type FilterValue } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { ImagesPruneResponse } from "../../types/image-results.js";

/** What images are pruned. @category Images */
export type PruneImagesFilters = {
  /** False to prune named images too. By default true: only the nameless ones go. */
  dangling?: FilterValue | undefined;
  /** A label that they have: `name` or `name=value`. API 1.30+. */
  label?: FilterValue | undefined;
  /** A label that they do not have: `name` or `name=value`. API 1.30+. */
  "label!"?: FilterValue | undefined;
  /** A time before which they were made: seconds since 1970, RFC 3339 or a time back from now such as `24h`. API 1.28+. */
  until?: FilterValue | undefined;
};

/** Options of {@link Client.pruneImages}. */
export interface PruneImagesOptions {
  /** What to prune. By default all nameless images that no container uses. */
  filters?: PruneImagesFilters | undefined;
}

const pruneImages = operation<PruneImagesOptions>({
  name: "pruneImages",
  method: "POST",
  path: "/images/prune",
  since: "1.25",
  longRunning: true,
  fields: { filters: filters<PruneImagesFilters>({ label: "1.30", "label!": "1.30", until: "1.28" }) },
});

/** Mixed into {@link Client}. */
export default abstract class ImagePruneMixin extends Connection {
  /**
   * Removes images that no container uses. API 1.25+.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImagePrune | ImagePrune}
   * @throws {@link ConflictError} when the engine is pruning already.
   * @throws {@link BadRequestError} when the value of a filter cannot be.
   */
  pruneImages(options: PruneImagesOptions = {}, call?: CallOptions): Promise<ImagesPruneResponse> {
    return this.json(pruneImages, options, call);
  }
}
