import type { OCIDescriptor } from "./image-manifest.js";

/** Why an operation failed that had already begun to report progress. @category Progress */
export interface ErrorDetail {
  /** Number of the error, mostly an HTTP status. Often absent. */
  code?: number;
  /** What went wrong. */
  message?: string;
}

/** How far a step has come. Empty when the step has no measure. @category Progress */
export interface ProgressDetail {
  /** How much is done. */
  current?: number;
  /** How much there is to do. Absent when that is not known. */
  total?: number;
  /** When the step began, in seconds since 1970. Never documented. */
  start?: number;
  /** Whether a progress bar should show no figures. Never documented. */
  hidecounts?: boolean;
  /** What is counted. Bytes when absent. Never documented. */
  units?: string;
  /** Stands in the documents of early versions; never sent. Gone from API 1.36. */
  code?: number;
  /** Stands in the documents of early versions; never sent. Gone from API 1.36. */
  message?: number;
}

/** The image that a build has made. API 1.36+. @category Progress */
export interface ImageID {
  /** ID of the image. */
  ID: string;
}

/** The manifest that a push has stored in the registry. @category Progress */
export interface PushedManifest {
  /** The tag that names it. */
  Tag: string;
  /** Its digest. */
  Digest: string;
  /** Its length in bytes. */
  Size: number;
}

/**
 * A note that a push sent one platform's manifest, because the rest of the image is not here. Needs the containerd image store.
 *
 * @category Progress
 */
export interface ManifestPushedInsteadOfIndex {
  /** Always true. */
  manifestPushedInsteadOfIndex: true;
  /** The index that was not pushed. */
  originalIndex: OCIDescriptor;
  /** The manifest that was. */
  selectedManifest: OCIDescriptor;
}

/** A note that a push failed because content of the image is not here. Needs the containerd image store. @category Progress */
export interface ContentMissing {
  /** Always true. */
  contentMissing: true;
  /** What was to be pushed. */
  desc: OCIDescriptor;
}

/** One of the errors in a registry's answer, as the OCI distribution specification writes it. @category Progress */
export interface OCIRegistryErrorItem {
  /** Name of the error, such as `DENIED`. */
  code: string;
  /** What went wrong. */
  message?: string;
  /** Whatever else the registry tells. */
  detail?: unknown;
}

/** What a registry answered when a pull failed. Needs the containerd image store. @category Progress */
export interface OCIRegistryErrors {
  /** The errors. */
  errors: OCIRegistryErrorItem[];
}

/** What a progress message may carry beside its texts. A text is a trace: see {@link BuildKitTraceMessage}. @category Progress */
export type ProgressAux = ImageID | PushedManifest | ManifestPushedInsteadOfIndex | ContentMissing | OCIRegistryErrors | string;

/** One message of a build, pull, push, load or import, or of a plugin's. @category Progress */
export interface ProgressMessage {
  /** Output of a build, or a result in words: print it as it is. */
  stream?: string;
  /** What is being done. */
  status?: string;
  /** A progress bar, drawn for a wide terminal. Gone from API 1.52: draw it from `progressDetail`. */
  progress?: string | null;
  /** How far the step has come. */
  progressDetail?: ProgressDetail;
  /**
   * What the message is about: a layer, a tag, or a {@link ProgressId}. A later message of the same ID replaces the earlier one.
   */
  id?: string;
  /** A result, or details for programs. */
  aux?: ProgressAux;
  /** What went wrong. Gone from API 1.52, when `errorDetail` says it alone. */
  error?: string | null;
  /** What went wrong. The operation has failed, although the status of the answer was 200. */
  errorDetail?: ErrorDetail;
}

/**
 * IDs of messages that are for programs.
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

/** IDs of messages that are for programs. @category Progress */
export type ProgressId = (typeof ProgressId)[keyof typeof ProgressId];

/** Progress of a build by BuildKit. API 1.38+. @category Progress */
export interface BuildKitTraceMessage extends ProgressMessage {
  /** Marks the message as a trace. */
  id: typeof ProgressId.BuildKitTrace;
  /** A `moby.buildkit.v1.StatusResponse` in protocol buffers, in base64: what has changed since the message before. */
  aux: string;
}

/** The result of a build by BuildKit, when it made an image. API 1.38+. @category Progress */
export interface BuildKitImageMessage extends ProgressMessage {
  /** Marks the message as the result. */
  id: typeof ProgressId.Image;
  /** The image. */
  aux: ImageID;
}
