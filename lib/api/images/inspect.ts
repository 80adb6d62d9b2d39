import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, type Platform, platformJson, referenceParam } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { ImageInspect } from "../../types/image.js";
import { noSuchImage } from "./errors.js";

/** Options for {@link Client.inspectImage}. */
export interface InspectImageOptions {
  /** Name, digest or ID of the image. */
  name: string;
  /** Whether to include the manifests of the image. Defaults to false. API 1.48+. */
  manifests?: boolean | undefined;
  /** The platform of the image variant. Defaults to the engine's platform. API 1.49+. */
  platform?: Platform | undefined;
}

const inspectImage = operation<InspectImageOptions>({
  name: "inspectImage",
  method: "GET",
  path: "/images/{name}/json",
  fields: {
    name: referenceParam,
    manifests: flag("manifests", { since: "1.48" }),
    platform: platformJson("platform", { since: "1.49" }),
  },
  errors: ({ name }) => ({ 404: noSuchImage(name) }),
});

/** Mixed into {@link Client}. */
export default abstract class ImageInspectMixin extends Connection {
  /**
   * Returns the details of an image.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/ImageInspect | ImageInspect}
   * @throws {@link NoSuchImageError} when the image or its variant for the platform does not exist, or `name` is empty.
   */
  inspectImage(options: InspectImageOptions, call?: CallOptions): Promise<ImageInspect> {
    return this.json(inspectImage, options, call);
  }
}
