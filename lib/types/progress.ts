import type { BuildTrace } from "./build-trace.js";
import type { OCIDescriptor } from "./image-manifest.js";

/** Error of an operation that failed after it started to report progress. @category Progress */
export interface ErrorDetail {
  /** Error code, usually an HTTP status code. Often absent. */
  code?: number;
  /** Error message. */
  message?: string;
}

/** Progress of a step. Empty if the step is not measurable. @category Progress */
export interface ProgressDetail {
  /** Completed amount. */
  current?: number;
  /** Total amount. Absent if unknown. */
  total?: number;
  /** Start time of the step, in seconds since the Unix epoch. Undocumented. */
  start?: number;
  /** Whether to hide the numbers in a progress bar. Undocumented. */
  hidecounts?: boolean;
  /** Unit of the amounts. Defaults to bytes. Undocumented. */
  units?: string;
  /** Never sent; documented only in early versions of the API reference. Removed in API 1.36. */
  code?: number;
  /** Never sent; documented only in early versions of the API reference. Removed in API 1.36. */
  message?: number;
}

/** Image created by a build. Added in API 1.36. @category Progress */
export interface ImageID {
  /** ID of the image. */
  ID: string;
}

/** Manifest that a push stored in the registry. @category Progress */
export interface PushedManifest {
  /** Tag of the manifest. */
  Tag: string;
  /** Digest of the manifest. */
  Digest: string;
  /** Size of the manifest, in bytes. */
  Size: number;
}

/**
 * Reports that a push sent only the manifest of one platform, because the other platforms are not available locally. Requires the
 * containerd image store.
 *
 * @category Progress
 */
export interface ManifestPushedInsteadOfIndex {
  /** Always true. */
  manifestPushedInsteadOfIndex: true;
  /** Descriptor of the index that was not pushed. */
  originalIndex: OCIDescriptor;
  /** Descriptor of the pushed manifest. */
  selectedManifest: OCIDescriptor;
}

/**
 * Reports that a push failed because image content is not available locally. Requires the containerd image store.
 *
 * @category Progress
 */
export interface ContentMissing {
  /** Always true. */
  contentMissing: true;
  /** Descriptor of the content to push. */
  desc: OCIDescriptor;
}

/** An error in a registry response, as defined by the OCI distribution specification. @category Progress */
export interface OCIRegistryErrorItem {
  /** Error code, such as `DENIED`. */
  code: string;
  /** Error message. */
  message?: string;
  /** Registry-specific details. */
  detail?: unknown;
}

/** Error response of a registry to a failed pull. Requires the containerd image store. @category Progress */
export interface OCIRegistryErrors {
  /** The errors. */
  errors: OCIRegistryErrorItem[];
}

/**
 * Auxiliary data of a progress message. A string is a trace: see {@link BuildKitTraceMessage}.
 *
 * @category Progress
 */
export type ProgressAux = ImageID | PushedManifest | ManifestPushedInsteadOfIndex | ContentMissing | OCIRegistryErrors | string;

/** A progress message of a build, pull, push, load, import or plugin operation. @category Progress */
export interface ProgressMessage {
  /** Build output or a result message. Print it without changes. */
  stream?: string;
  /** Current activity. */
  status?: string;
  /** Progress bar for wide terminals. Removed in API 1.52; use `progressDetail` instead. */
  progress?: string | null;
  /** Progress of the step. */
  progressDetail?: ProgressDetail;
  /**
   * Subject of the message: a layer, a tag, or a {@link ProgressId}. A later message with the same ID
   * replaces the earlier one.
   */
  id?: string;
  /** Result, or details for programs. */
  aux?: ProgressAux;
  /**
   * The decoded `aux` of a BuildKit trace, which this package adds: what has changed in the build since the previous message.
   * Missing from the API schema. It is not enumerable, so that a message is written as JSON in the engine's form.
   */
  readonly trace?: BuildTrace;
  /** Error message. Removed in API 1.52; use `errorDetail` instead. */
  error?: string | null;
  /** Error. The operation failed even though the HTTP status was 200. */
  errorDetail?: ErrorDetail;
}

/**
 * IDs of machine-readable messages.
 *
 * @enum
 * @category Progress
 */
export const ProgressId = {
  /** A {@link BuildKitTraceMessage}. */
  BuildKitTrace: "moby.buildkit.trace",
  /** A {@link BuildKitImageMessage}. */
  Image: "moby.image.id",
} as const;

/** IDs of machine-readable messages. @category Progress */
export type ProgressId = (typeof ProgressId)[keyof typeof ProgressId];

/** Progress of a BuildKit build. Added in API 1.38. @category Progress */
export interface BuildKitTraceMessage extends ProgressMessage {
  /** The ID that marks the message as a trace. */
  id: typeof ProgressId.BuildKitTrace;
  /**
   * Changes since the previous message: a `moby.buildkit.v1.StatusResponse` protocol buffer, encoded in
   * base64.
   */
  aux: string;
}

/** Result of a BuildKit build that created an image. Added in API 1.38. @category Progress */
export interface BuildKitImageMessage extends ProgressMessage {
  /** The ID that marks the message as a result. */
  id: typeof ProgressId.Image;
  /** Created image. */
  aux: ImageID;
}
