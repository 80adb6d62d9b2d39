import type { OCIDescriptor } from "./image-manifest.js";

/** Response with the ID of a new object, such as a committed image. @category Images */
export interface IDResponse {
  /** ID of the object. */
  Id: string;
}

/** A step in the history of an image. The newest step comes first. @category Images */
export interface ImageHistoryItem {
  /** ID of the image created by the step, or `<missing>` if the image is not on this engine. */
  Id: string;
  /** Creation time, in seconds since the Unix epoch. */
  Created: number;
  /** Instruction that created the step. */
  CreatedBy: string;
  /** Tags of the image created by the step. Empty if there are none. */
  Tags: string[];
  /** Size added by the step, in bytes. */
  Size: number;
  /** Comment set when the step was created. */
  Comment: string;
}

/** A deleted image or a removed tag. @category Images */
export interface ImageDeleteItem {
  /** Name that was removed. */
  Untagged?: string;
  /** ID of the deleted image or layer. */
  Deleted?: string;
}

/** Result of pruning images. @category Images */
export interface ImagesPruneResponse {
  /** Deleted images and removed tags. Empty if nothing was deleted. */
  ImagesDeleted: ImageDeleteItem[];
  /** Disk space reclaimed, in bytes. */
  SpaceReclaimed: number;
}

/** A repository found by an image search. @category Images */
export interface ImageSearchResult {
  /** Description of the repository. */
  description: string;
  /** Whether the repository is a Docker Official Image. */
  is_official: boolean;
  /** Whether Docker Hub builds the image automatically. Deprecated by Docker Hub: now always false. */
  is_automated: boolean;
  /** Name of the repository. */
  name: string;
  /** Number of stars. */
  star_count: number;
}

/** An in-toto attestation statement of an image. Added in API 1.55. @category Images */
export interface AttestationStatement {
  /** Descriptor of the stored statement. */
  Descriptor: OCIDescriptor;
  /** Predicate type URI of the statement. */
  PredicateType: string;
  /** The statement, if requested. */
  Statement?: Record<string, unknown> | null;
}
