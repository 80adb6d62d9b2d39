import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, type Platform, referenceParam, repeatedPlatformJson } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { ImageDeleteItem } from "../../types/image-results.js";
import { imageInUse, noSuchImage } from "./errors.js";

/** Options for {@link Client.removeImage}. */
export interface RemoveImageOptions {
  /** Name, digest or ID of the image. If the image has other names, only this name is removed. */
  name: string;
  /**
   * Whether to remove the image even if it has names in several repositories or is used by stopped containers. Defaults to
   * false.
   */
  force?: boolean | undefined;
  /** Whether to keep untagged parent images. Defaults to false. */
  noPrune?: boolean | undefined;
  /** The platforms to remove. Defaults to all platforms. API 1.50+. */
  platforms?: Platform | readonly Platform[] | undefined;
}

const removeImage = operation<RemoveImageOptions>({
  name: "removeImage",
  method: "DELETE",
  path: "/images/{name}",
  slow: true,
  fields: {
    name: referenceParam,
    force: flag("force"),
    noPrune: flag("noprune"),
    platforms: repeatedPlatformJson("platforms", { since: "1.50" }),
  },
  errors: ({ name }) => ({ 404: noSuchImage(name), 409: imageInUse(name) }),
});

/** Mixed into {@link Client}. */
export default abstract class ImageRemoveMixin extends Connection {
  /**
   * Removes an image and its untagged parents, or just one of its names.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageDelete | ImageDelete}
   * @returns the removed names and images, in order of removal.
   * @throws {@link NoSuchImageError} when the image does not exist, or `name` is empty.
   * @throws {@link ImageInUseError} when a container uses the image, or `name` is an ID and the image has names in several repositories.
   */
  removeImage(options: RemoveImageOptions, call?: CallOptions): Promise<ImageDeleteItem[]> {
    return this.json(removeImage, options, call);
  }
}
