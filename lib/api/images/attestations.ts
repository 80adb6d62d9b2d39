import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { flag, type Platform, platformJson, referenceParam, repeated } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import type { AttestationStatement } from "../../types/image-results.js";
import { noSuchImage } from "./errors.js";

/** Options for {@link Client.imageAttestations}. */
export interface ImageAttestationsOptions {
  /** Name, digest or ID of the image. */
  name: string;
  /** The platform of the image variant. Defaults to the engine's platform. */
  platform?: Platform | undefined;
  /** Predicate types of the statements to list, as URIs. Defaults to all types. */
  type?: string | readonly string[] | undefined;
  /** Whether to include the statements themselves. Defaults to false. */
  statement?: boolean | undefined;
}

const imageAttestations = operation<ImageAttestationsOptions>({
  name: "imageAttestations",
  method: "GET",
  path: "/images/{name}/attestations",
  since: "1.55",
  fields: { name: referenceParam, platform: platformJson("platform"), type: repeated("type"), statement: flag("statement") },
  errors: ({ name }) => ({ 404: noSuchImage(name) }),
});

/** Mixed into {@link Client}. */
export default abstract class ImageAttestationsMixin extends Connection {
  /**
   * Lists the attestations attached to an image, such as provenance and SBOM. API 1.55+.
   *
   * @category Images
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.55/#operation/ImageAttestations | ImageAttestations}
   * @throws {@link NoSuchImageError} when the image or its variant for the platform does not exist, or `name` is empty.
   * @throws {@link NotImplementedError} when the engine does not use the containerd image store, which is required for
   * attestations.
   * @throws {@link UnsupportedVersionError} when the API version is older than 1.55.
   */
  imageAttestations(options: ImageAttestationsOptions, call?: CallOptions): Promise<AttestationStatement[]> {
    return this.json(imageAttestations, options, call);
  }
}
