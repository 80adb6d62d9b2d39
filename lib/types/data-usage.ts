import type { BuildCache } from "./build.js";
import type { ContainerSummary } from "./container.js";
import type { ImageSummary } from "./image.js";
import type { Volume } from "./volume.js";

/** Disk space that things of one kind take. A field without a value is left out. API 1.52+. @category System */
export interface DiskUsage<Item> {
  /** How many of them are in use. */
  ActiveCount?: number;
  /** How many there are. */
  TotalCount?: number;
  /** What removing those that are not in use would free, in bytes. */
  Reclaimable?: number;
  /** What all of them take, in bytes. */
  TotalSize?: number;
  /** The things themselves, when they were asked for. */
  Items?: Item[];
}

/** Disk space that images take. API 1.52+. @category System */
export type ImagesDiskUsage = DiskUsage<ImageSummary>;

/** Disk space that containers take. API 1.52+. @category System */
export type ContainersDiskUsage = DiskUsage<ContainerSummary>;

/** Disk space that volumes take. API 1.52+. @category System */
export type VolumesDiskUsage = DiskUsage<Volume>;

/** Disk space that the build cache takes. API 1.52+. @category System */
export type BuildCacheDiskUsage = DiskUsage<BuildCache>;

/**
 * Disk space that the engine's things take. Up to API 1.51 these are lists; from API 1.52 totals by kind. What was not asked
 * for is null or absent.
 *
 * @category System
 */
export interface SystemDataUsage {
  /** What all layers of images take, in bytes. Gone from API 1.52. */
  LayersSize?: number;
  /** The images. Gone from API 1.52. */
  Images?: ImageSummary[] | null;
  /** The containers, with their sizes. Gone from API 1.52. */
  Containers?: ContainerSummary[] | null;
  /** The volumes, with `UsageData`. Gone from API 1.52. */
  Volumes?: Volume[] | null;
  /** Records of the build cache. API 1.39+. Gone from API 1.52. */
  BuildCache?: BuildCache[] | null;
  /** What the build cache takes, in bytes. Never documented. Gone from API 1.42. */
  BuilderSize?: number;
  /** What images take. API 1.52+. */
  ImageUsage?: ImagesDiskUsage;
  /** What containers take. API 1.52+. */
  ContainerUsage?: ContainersDiskUsage;
  /** What volumes take. API 1.52+. */
  VolumeUsage?: VolumesDiskUsage;
  /** What the build cache takes. API 1.52+. */
  BuildCacheUsage?: BuildCacheDiskUsage;
}
