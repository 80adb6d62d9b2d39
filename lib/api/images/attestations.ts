import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, pathParam, type Platform, platformJson, repeated } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { AttestationStatement } from "../../types/image-results.js";
import { noSuchImage } from "./errors.js";

/** Options of {@link Client.imageAttestations}. */
export interface ImageAttestationsOptions {
  /** Name, digest or ID of the image. */
  name: string;
  /** The platform whose variant the statements are about. By default the engine's own. */
  platform?: Platform | undefined;
  /** Predicate types, as URIs: lists the statements of these types alone. By default those of all types. */
  type?: string | readonly string[] | undefined;
  /** Whether to give the statements themselves too. By default false. */
  statement?: boolean | undefined;
}

const imageAttestations = operation<ImageAttestationsOptions>({
  name: "imageAttestations",
  method: "GET",
  path: "/images/{name}/attestations",
  since: "1.55",
  fields: { name: pathParam, platform: platformJson("platform"), type: repeated("type"), statement: flag("statement") },
  errors: ({ name }) => ({ 404: noSuchImage(name) }),
});

/** Mixed into {@link Client}. */
export default abstract class ImageAttestationsMixin extends Connection {
  /**
   * Lists the statements about an image that are attached to it, such as how it was built and what it is made of.
   * API 1.55+.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.55/#operation/ImageAttestations | ImageAttestations}
   * @throws {@link NoSuchImageError} when there is no such image, or not for the platform, or its name is empty.
   * @throws {@link NotImplementedError} when the engine's image store keeps no attestations: only containerd's does.
   * @throws {@link UnsupportedVersionError} when the engine speaks an earlier API.
   */
  imageAttestations(options: ImageAttestationsOptions, call?: CallOptions): Promise<AttestationStatement[]> {
    return this.json(imageAttestations, options, call);
  }
}
