import type { Identity } from "./image-identity.js";

/** The platform that an image or a manifest is made for, as the OCI image format writes it. @category Images */
export interface OCIPlatform {
  /** Processor architecture by its Go name, such as `amd64` or `arm64`. `unknown` in the manifest of an attestation. */
  architecture: string;
  /** Operating system by its Go name, such as `linux` or `windows`. `unknown` in the manifest of an attestation. */
  os: string;
  /** Version of the operating system, such as `10.0.19041.1165`. Set for Windows. */
  "os.version"?: string;
  /** Features that the operating system must have, such as `win32k`. */
  "os.features"?: string[];
  /** Variant of the architecture, such as `v7`. */
  variant?: string;
}

/** A pointer to content in a registry or an image store: what it is, how large it is and its digest. @category Images */
export interface OCIDescriptor {
  /** Media type of the content pointed to. */
  mediaType: string;
  /** Digest of the content, with its algorithm: `sha256:…`. */
  digest: string;
  /** Length of the content in bytes. */
  size: number;
  /** Other places to fetch the content from. API 1.48+. */
  urls?: string[] | null;
  /** Free notes on the content, by their key. API 1.48+. */
  annotations?: Record<string, string> | null;
  /** The content itself, in base64, where it is small enough to be carried along. API 1.48+. */
  data?: string | null;
  /** The platform that the content is for. API 1.48+. */
  platform?: OCIPlatform;
  /** Media type of an artifact that is not an image. API 1.48+. */
  artifactType?: string | null;
}

/**
 * What a manifest within an image stands for.
 *
 * @enum
 * @category Images
 */
export const ImageManifestKind = {
  /** An image for one platform. */
  Image: "image",
  /** An attestation about one of the images. */
  Attestation: "attestation",
  /** Something that the engine does not know. */
  Unknown: "unknown",
} as const;

/** What a manifest within an image stands for. @category Images */
export type ImageManifestKind = (typeof ImageManifestKind)[keyof typeof ImageManifestKind];

/** Disk space that one manifest takes. @category Images */
export interface ImageManifestSize {
  /** All of it, in bytes: the content and what is unpacked of it. */
  Total: number;
  /** The content alone, in bytes, as it would go over the network. Content shared with other images counts here too. */
  Content: number;
}

/** Disk space that one platform's unpacked file system takes. @category Images */
export interface ImageDataSize {
  /** The unpacked layers, in bytes. */
  Unpacked: number;
}

/** What a manifest of kind `image` has of its own. @category Images */
export interface ImageManifestImageData {
  /** The platform that the image names in its configuration, else in the index. */
  Platform: OCIPlatform;
  /** IDs of the containers that use this image. */
  Containers: string[];
  /** What the image takes unpacked. */
  Size: ImageDataSize;
  /** What the engine has verified of the image's origin. API 1.54+. */
  Identity?: Identity | null;
}

/** What a manifest of kind `attestation` has of its own. @category Images */
export interface ImageManifestAttestationData {
  /** Digest of the manifest that the attestation is about. */
  For: string;
}

/**
 * One of the manifests that an image of several platforms holds. Needs the containerd image store. API 1.47+.
 *
 * @category Images
 */
export interface ImageManifestSummary {
  /** Digest of the manifest. */
  ID: string;
  /** The manifest, as the index points to it. */
  Descriptor: OCIDescriptor;
  /** Whether all of the content, configuration and layers, is in the local store. */
  Available: boolean;
  /** Disk space that the manifest takes. */
  Size: ImageManifestSize;
  /** What the manifest stands for. */
  Kind: ImageManifestKind;
  /** Set when the kind is `image`. */
  ImageData?: ImageManifestImageData | null;
  /** Set when the kind is `attestation`. */
  AttestationData?: ImageManifestAttestationData | null;
}

/** What a registry has under the name of an image. @category Distribution */
export interface DistributionInspect {
  /** Digest, size and media type of the manifest, or of the index of several manifests. */
  Descriptor: OCIDescriptor;
  /** The platforms that the image is there for. */
  Platforms: OCIPlatform[] | null;
}
