import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { noSuchImageOrOther } from "../../core/errors/image.js";
import { filters, type FilterValue, flag, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { parseJson } from "../../streams/body.js";
import type { ImageSummary } from "../../types/image.js";

/** What images are listed. A filter with several values takes images that have any of them. @category Images */
export type ListImagesFilters = {
  /** An image, by name, digest or ID, that was made after them. */
  before?: FilterValue | undefined;
  /** Whether they have no name and no image is built upon them. */
  dangling?: FilterValue | undefined;
  /** A label that they have: `name` or `name=value`. Unlike with other filters, they have all that are given. */
  label?: FilterValue | undefined;
  /** A pattern that one of their names matches, such as `busybox` or `app:1.*`. */
  reference?: FilterValue | undefined;
  /** An image, by name, digest or ID, that was made before them. */
  since?: FilterValue | undefined;
  /** A time before which they were made: seconds since 1970, RFC 3339 or a time back from now such as `24h`. API 1.44+. */
  until?: FilterValue | undefined;
};

/** Options of {@link Client.listImages}. */
export interface ListImagesOptions {
  /** Whether to list the images of a build's single steps too. By default false. */
  all?: boolean | undefined;
  /** What to list. */
  filters?: ListImagesFilters | undefined;
  /** Whether to list the digests by which registries know them. By default false, though engines give them anyway. API 1.25+. */
  digests?: boolean | undefined;
  /** Whether to find out what they share with each other, which fills `SharedSize` and takes its time. By default false. API 1.42+. */
  sharedSize?: boolean | undefined;
  /** Whether to list the manifests of each. By default false. API 1.47+. */
  manifests?: boolean | undefined;
  /** Whether to tell what the engine has verified of their origin. By default false. API 1.54+. */
  identity?: boolean | undefined;
  /** A pattern that one of their names matches. Gone from API 1.25: use the filter `reference`. */
  filter?: string | undefined;
}

const listImages = operation<ListImagesOptions>({
  name: "listImages",
  method: "GET",
  path: "/images/json",
  fields: {
    all: flag("all"),
    filters: filters<ListImagesFilters>({ until: "1.44" }),
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
   * Lists the engine's images, the newest first.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageList | ImageList}
   * @throws {@link NoSuchImageError} when the filter `before` or `since` names no image.
   * @throws {@link BadRequestError} when the value of a filter cannot be.
   * @example
   * ```ts
   * for (const { Id, RepoTags } of await client.listImages({ filters: { label: ["team=shop"] } })) console.log(Id, RepoTags);
   * ```
   */
  async listImages(options: ListImagesOptions = {}, call?: CallOptions): Promise<ImageSummary[]> {
    const { body, exchange } = await this.open(listImages, options, call);
    const content = await body.content();
    // Podman answers with nothing when it is asked for digests, which it lists in any case
    if (content.length === 0 && options.digests) return this.listImages({ ...options, digests: undefined }, call);
    return parseJson(content, exchange) as ImageSummary[]; // what engines of every version answer with
  }
}
