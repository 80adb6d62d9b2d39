import type { Identity } from "./image-identity.js";

/** Platform of an image or manifest, in the OCI image format. @category Images */
export interface OCIPlatform {
  /** CPU architecture, as a Go architecture such as `amd64` or `arm64`. `unknown` for attestation manifests. */
  architecture: string;
  /** Operating system, as a Go OS such as `linux` or `windows`. `unknown` for attestation manifests. */
  os: string;
  /** Operating system version, such as `10.0.19041.1165`. Set for Windows. */
  "os.version"?: string;
  /** Required operating system features, such as `win32k`. */
  "os.features"?: string[];
  /** Variant of the CPU architecture, such as `v7`. */
  variant?: string;
}

/** OCI descriptor: media type, size and digest of content in a registry or image store. @category Images */
export interface OCIDescriptor {
  /** Media type of the content. */
  mediaType: string;
  /** Digest of the content, including the algorithm: `sha256:…`. */
  digest: string;
  /** Size of the content, in bytes. */
  size: number;
  /** Additional URLs of the content. Added in API 1.48. */
  urls?: string[];
  /** Annotations. Added in API 1.48. */
  annotations?: Record<string, string>;
  /** Embedded content, encoded in base64. Only for small content. Added in API 1.48. */
  data?: string | null;
  /** Platform of the content. Added in API 1.48. */
  platform?: OCIPlatform;
  /** Artifact type, if the content is not an image. Added in API 1.48. */
  artifactType?: string | null;
}

/**
 * Kind of a manifest in a multi-platform image.
 *
 * @enum
 * @category Images
 */
export const ImageManifestKind = {
  /** Image for one platform. */
  Image: "image",
  /** Attestation for one of the images. */
  Attestation: "attestation",
  /** Not recognized by the engine. */
  Unknown: "unknown",
} as const;

/** Kind of a manifest in a multi-platform image. @category Images */
export type ImageManifestKind = (typeof ImageManifestKind)[keyof typeof ImageManifestKind];

/** Disk usage of a manifest. @category Images */
export interface ImageManifestSize {
  /** Total size in bytes: content and unpacked data. */
  Total: number;
  /** Size of the distributable content, in bytes. Includes content that is shared with other images. */
  Content: number;
}

/** Disk usage of an unpacked image. @category Images */
export interface ImageDataSize {
  /** Size of the unpacked layers, in bytes. */
  Unpacked: number;
}

/** Details of an `image` manifest. @category Images */
export interface ImageManifestImageData {
  /** Platform from the image config, or from the index if not set there. */
  Platform: OCIPlatform;
  /** IDs of the containers that use the image. */
  Containers: string[];
  /** Disk usage of the unpacked image. */
  Size: ImageDataSize;
  /** Verified origin of the image. Added in API 1.54. */
  Identity?: Identity | null;
}

/** Details of an `attestation` manifest. @category Images */
export interface ImageManifestAttestationData {
  /** Digest of the manifest that the attestation is for. */
  For: string;
}

/**
 * A manifest in a multi-platform image. Requires the containerd image store. Added in API 1.47.
 *
 * @category Images
 */
export interface ImageManifestSummary {
  /** Digest of the manifest. */
  ID: string;
  /** Descriptor of the manifest from the index. */
  Descriptor: OCIDescriptor;
  /** Whether all content (config and layers) is available locally. */
  Available: boolean;
  /** Disk usage of the manifest. */
  Size: ImageManifestSize;
  /** Kind of the manifest. */
  Kind: ImageManifestKind;
  /** Details of the image. Set if the kind is `image`. */
  ImageData?: ImageManifestImageData | null;
  /** Details of the attestation. Set if the kind is `attestation`. */
  AttestationData?: ImageManifestAttestationData | null;
}

/** Registry information about an image. @category Distribution */
export interface DistributionInspect {
  /** Descriptor of the manifest or the index. */
  Descriptor: OCIDescriptor;
  /** Platforms of the image. */
  Platforms: OCIPlatform[];
}
