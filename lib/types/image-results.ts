import type { OCIDescriptor } from "./image-manifest.js";

/** The ID of something that was made, such as the image of a commit. @category Images */
export interface IDResponse {
  /** The ID. */
  Id: string;
}

/** One step in the history of an image, the newest first. @category Images */
export interface ImageHistoryItem {
  /** ID of the image that the step made, or `<missing>` when that image is not on this engine. */
  Id: string;
  /** When, in seconds since 1970. */
  Created: number;
  /** The instruction that was run. */
  CreatedBy: string;
  /** Names that the image of this step has. Null when it has none. */
  Tags: string[] | null;
  /** What the step added, in bytes. */
  Size: number;
  /** What was said when the step was made. */
  Comment: string;
}

/** One thing that went when an image was removed: a name or an image. @category Images */
export interface ImageDeleteItem {
  /** The name that was removed. */
  Untagged?: string;
  /** ID of the image or layer that was deleted. */
  Deleted?: string;
}

/** What pruning images has freed. @category Images */
export interface ImagesPruneResponse {
  /** All that went. Null when there was nothing. */
  ImagesDeleted: ImageDeleteItem[] | null;
  /** Disk space that is free now, in bytes. */
  SpaceReclaimed: number;
}

/** A repository that a registry's search has found. @category Images */
export interface ImageSearchResult {
  /** What its owner says of it. */
  description: string;
  /** Whether it is one of Docker's official images. */
  is_official: boolean;
  /** Whether Docker Hub builds it automatically. Registries have ceased to tell: always false today. */
  is_automated: boolean;
  /** Name of the repository. */
  name: string;
  /** How many users have given it a star. */
  star_count: number;
}

/** A statement in in-toto's form that is attached to an image. API 1.55+. @category Images */
export interface AttestationStatement {
  /** Where the statement is stored. */
  Descriptor: OCIDescriptor;
  /** What the statement is about, as the URI of its predicate type. */
  PredicateType: string;
  /** The statement itself, when it was asked for. */
  Statement?: Record<string, unknown> | null;
}
