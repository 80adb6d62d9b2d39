import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, pathParam, type Platform, repeatedPlatformJson } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { ImageDeleteItem } from "../../types/image-results.js";
import { imageInUse, noSuchImage } from "./errors.js";

/** Options of {@link Client.removeImage}. */
export interface RemoveImageOptions {
  /** Name, digest or ID of the image. A name that is not its last is only taken off. */
  name: string;
  /** Whether to remove it also when it has names in several repositories, or stopped containers use it. By default false. */
  force?: boolean | undefined;
  /** Whether the nameless images that it was built upon stay. By default false. */
  noPrune?: boolean | undefined;
  /** The platforms whose variants are removed. By default all. API 1.50+. */
  platforms?: Platform | readonly Platform[] | undefined;
}

const removeImage = operation<RemoveImageOptions>({
  name: "removeImage",
  method: "DELETE",
  path: "/images/{name}",
  fields: {
    name: pathParam,
    force: flag("force"),
    noPrune: flag("noprune"),
    platforms: repeatedPlatformJson("platforms", { since: "1.50" }),
  },
  errors: ({ name }) => ({ 404: noSuchImage(name), 409: imageInUse(name) }),
});

/** Mixed into {@link Client}. */
export default abstract class ImageRemoveMixin extends Connection {
  /**
   * Removes an image, with the nameless images that it was built upon, or takes one of its names off.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageDelete | ImageDelete}
   * @returns what went, in the order in which it went.
   * @throws {@link NoSuchImageError} when there is no such image, or its name is empty.
   * @throws {@link ImageInUseError} when a container uses it, or it has names in several repositories and was given by its ID.
   */
  removeImage(options: RemoveImageOptions, call?: CallOptions): Promise<ImageDeleteItem[]> {
    return this.json(removeImage, options, call);
  }
}
