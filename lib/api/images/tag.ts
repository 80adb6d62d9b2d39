import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { imageTag, referenceParam, text } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { destination } from "./destination.js";
import { noSuchImage } from "./errors.js";

/** Options for {@link Client.tagImage}. */
export interface TagImageOptions {
  /** Name, digest or ID of the image. */
  name: string;
  /** Repository in the new name, such as `registry:5000/app`, optionally with a tag: `app:1.2`. */
  repo: string;
  /** Tag in the new name. Defaults to `latest`. */
  tag?: string | undefined;
}

const tagImage = operation<TagImageOptions>({
  name: "tagImage",
  method: "POST",
  path: "/images/{name}/tag",
  // newer engines accept an empty repository, but do nothing and report success
  fields: { name: referenceParam, repo: text("repo", { required: "nonempty" }), tag: imageTag("tag") },
  errors: ({ name }) => ({ 404: noSuchImage(name) }),
});

/** Mixed into {@link Client}. */
export default abstract class ImageTagMixin extends Connection {
  /**
   * Adds a name to an image. If another image has the name, the name is removed from it.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageTag | ImageTag}
   * @throws {@link NoSuchImageError} when the image does not exist, or `name` is empty.
   * @throws {@link InvalidOptionError} when `repo` is empty, or has a digest or a tag that differs from `tag`.
   * @throws {@link BadRequestError} when the new name is invalid. Before API 1.44, the error is a `ServerError`.
   */
  async tagImage(options: TagImageOptions, call?: CallOptions): Promise<void> {
    const { repo, tag } = options;
    const named = repo ? destination(tagImage.name, "repo", repo, tag) : { repository: repo, tag };
    await this.send(tagImage, { ...options, repo: named.repository, tag: named.tag }, call);
  }
}
