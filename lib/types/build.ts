/**
 * What a record of the build cache holds. Newer engines may name others.
 *
 * @enum
 * @category Builds
 */
export const BuildCacheType = {
  /** Something of the builder's own. */
  Internal: "internal",
  /** A frontend, such as the one that reads Dockerfiles. */
  Frontend: "frontend",
  /** Files that the client sent. */
  SourceLocal: "source.local",
  /** A checkout of a Git repository. */
  SourceGitCheckout: "source.git.checkout",
  /** A cache directory of `RUN --mount=type=cache`. */
  ExecCacheMount: "exec.cachemount",
  /** The result of a step. */
  Regular: "regular",
} as const;

/** What a record of the build cache holds. Newer engines may name others. @category Builds */
export type BuildCacheType = (typeof BuildCacheType)[keyof typeof BuildCacheType] | (string & {});

/** A record of BuildKit's cache. API 1.39+. @category Builds */
export interface BuildCache {
  /** ID of the record. */
  ID: string;
  /** ID of the record that this one builds upon. Gone from API 1.42. */
  Parent?: string;
  /** IDs of the records that this one builds upon. API 1.42+. Engines misspell the key: see `" Parents"`. */
  Parents?: string[] | null;
  /** `Parents` as engines send it, with a space before its name. API 1.42+. */
  " Parents"?: string[];
  /** What the record holds. */
  Type: BuildCacheType;
  /** The step that made it. */
  Description: string;
  /** Whether a build uses it now. */
  InUse: boolean;
  /** Whether images have the same layer. */
  Shared: boolean;
  /** Disk space that it takes, in bytes. */
  Size: number;
  /** When it was made, in RFC 3339. */
  CreatedAt: string;
  /** When it was last used, in RFC 3339. Null when it never was. */
  LastUsedAt: string | null;
  /** How often it was used. */
  UsageCount: number;
}

/** What pruning the build cache has freed. API 1.31+. @category Builds */
export interface BuildPruneResponse {
  /** IDs of the records that went. Null when there was nothing. API 1.39+. */
  CachesDeleted?: string[] | null;
  /** Disk space that is free now, in bytes. */
  SpaceReclaimed: number;
}
