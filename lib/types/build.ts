/**
 * Type of a build cache record. Newer engines may add types.
 *
 * @enum
 * @category Builds
 */
export const BuildCacheType = {
  /** Internal to the builder. */
  Internal: "internal",
  /** A frontend, such as the Dockerfile frontend. */
  Frontend: "frontend",
  /** Files sent by the client. */
  SourceLocal: "source.local",
  /** A Git checkout. */
  SourceGitCheckout: "source.git.checkout",
  /** A cache directory of `RUN --mount=type=cache`. */
  ExecCacheMount: "exec.cachemount",
  /** The result of a build step. */
  Regular: "regular",
} as const;

/** Type of a build cache record. Newer engines may add types. @category Builds */
export type BuildCacheType = (typeof BuildCacheType)[keyof typeof BuildCacheType] | (string & {});

/** A record in the BuildKit cache. Added in API 1.39. @category Builds */
export interface BuildCache {
  /** ID of the record. */
  ID: string;
  /** ID of the parent record. Removed in API 1.42. */
  Parent?: string;
  /** IDs of the parent records. Added in API 1.42. Engines misspell the key: see `" Parents"`. */
  Parents?: string[];
  /** `Parents` as engines send it, with a leading space. Added in API 1.42. */
  " Parents"?: string[];
  /** Type of the record. */
  Type: BuildCacheType;
  /** Description of the build step that created the record. */
  Description: string;
  /** Whether a build is using the record. */
  InUse: boolean;
  /** Whether the record shares its layer with an image. */
  Shared: boolean;
  /** Disk space used, in bytes. */
  Size: number;
  /** Creation time, in RFC 3339 format. */
  CreatedAt: string;
  /** Time of last use, in RFC 3339 format. Null if never used. */
  LastUsedAt: string | null;
  /** Number of times the record was used. */
  UsageCount: number;
}

/** Result of pruning the build cache. Added in API 1.31. @category Builds */
export interface BuildPruneResponse {
  /** IDs of the deleted records. Empty if nothing was deleted. Added in API 1.39. */
  CachesDeleted?: string[];
  /** Disk space reclaimed, in bytes. */
  SpaceReclaimed: number;
}
