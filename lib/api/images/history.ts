import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { type Platform, platformJson, referenceParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { ImageHistoryItem } from "../../types/image-results.js";
import { noSuchImage } from "./errors.js";

/** Options for {@link Client.imageHistory}. */
export interface ImageHistoryOptions {
  /** Name, digest or ID of the image. */
  name: string;
  /** The platform of the image variant. Defaults to the engine's platform. API 1.48+. */
  platform?: Platform | undefined;
}

const imageHistory = operation<ImageHistoryOptions>({
  name: "imageHistory",
  method: "GET",
  path: "/images/{name}/history",
  fields: { name: referenceParam, platform: platformJson("platform", { since: "1.48" }) },
  errors: ({ name }) => ({ 404: noSuchImage(name) }),
});

/** Mixed into {@link Client}. */
export default abstract class ImageHistoryMixin extends Connection {
  /**
   * Returns the build steps of an image, latest first.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageHistory | ImageHistory}
   * @throws {@link NoSuchImageError} when the image or its variant for the platform does not exist, or `name` is empty.
   */
  imageHistory(options: ImageHistoryOptions, call?: CallOptions): Promise<ImageHistoryItem[]> {
    return this.json(imageHistory, options, call);
  }
}
