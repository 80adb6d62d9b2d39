import { readNulls } from "../../core/answers/index.js";
import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { noSuchImageOrOther } from "../../core/errors/image.js";
import { filters, flag, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { parseJson } from "../../streams/body.js";
import type { ImageSummary } from "../../types/image.js";
import { imageFilterVersions, type ListImagesFilters } from "./list-filters.js";

export type { ListImagesFilters };

/** Options for {@link Client.listImages}. */
export interface ListImagesOptions {
  /** Whether to include intermediate images. Defaults to false. */
  all?: boolean | undefined;
  /** Filters for the images to list. */
  filters?: ListImagesFilters | undefined;
  /** Whether to include repository digests. Defaults to false, but engines include them anyway. API 1.25+. */
  digests?: boolean | undefined;
  /** Whether to calculate `SharedSize`, which is slow. Defaults to false. API 1.42+. */
  sharedSize?: boolean | undefined;
  /** Whether to include the manifests of each image. Defaults to false. API 1.47+. */
  manifests?: boolean | undefined;
  /** Whether to include the verified origin of each image. Defaults to false. API 1.54+. */
  identity?: boolean | undefined;
  /** A pattern for image names. Removed in API 1.25; use the filter `reference` instead. */
  filter?: string | undefined;
}

const listImages = operation<ListImagesOptions>({
  name: "listImages",
  method: "GET",
  path: "/images/json",
  grace: ({ sharedSize }) => (sharedSize ? Infinity : 0),
  fields: {
    all: flag("all"),
    filters: filters(imageFilterVersions),
    digests: flag("digests", { since: "1.25" }),
    sharedSize: flag("shared-size", { since: "1.42" }),
    manifests: flag("manifests", { since: "1.47" }),
    identity: flag("identity", { since: "1.54" }),
    filter: text("filter", { removed: "1.25" }),
  },
  errors({ filters: { before, since } = {} }) {
    const images = [before, since].flat().filter((image) => image !== undefined);
    const missing = noSuchImageOrOther(images.join(", "));
    return { 404: missing, 500: missing };
  },
});

/** Mixed into {@link Client}. */
export default abstract class ImageListMixin extends Connection {
  /**
   * Lists images, newest first.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageList | ImageList}
   * @throws {@link NoSuchImageError} when the image in the filter `before` or `since` does not exist.
   * @throws {@link BadRequestError} when a filter value is invalid.
   * @example
   * ```ts
   * for (const { Id, RepoTags } of await client.listImages({ filters: { label: ["team=shop"] } })) console.log(Id, RepoTags);
   * ```
   */
  async listImages(options: ListImagesOptions = {}, call?: CallOptions): Promise<ImageSummary[]> {
    const { body, exchange } = await this.open(listImages, options, call);
    const text = await body.text();
    // with `digests`, Podman sends an empty body; without the option, it always includes digests
    if (text === "" && options.digests) return this.listImages({ ...options, digests: undefined }, call);
    return readNulls(listImages.name, parseJson(text, exchange)) as ImageSummary[]; // all engines return this type
  }
}

/**
 * Returns the size of an image including all of its layers, in bytes: `VirtualSize` in API versions before 1.44, `Size` in
 * later versions. They have the same meaning.
 *
 * @param image - an image from {@link Client.listImages} or {@link Client.inspectImage}.
 * @category Helpers
 */
export function virtualSize(image: Pick<ImageSummary, "Size" | "VirtualSize">): number {
  return image.VirtualSize ?? image.Size;
}
