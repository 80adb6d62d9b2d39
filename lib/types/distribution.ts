import type { OCIDescriptor, OCIPlatform } from "./image-manifest.js";

/** What a registry has under the name of an image. @category Distribution */
export interface DistributionInspect {
  /** Digest, size and media type of the manifest, or of the index of several manifests. */
  Descriptor: OCIDescriptor;
  /** The platforms that the image is there for. */
  Platforms: OCIPlatform[] | null;
}
