import type { BuildCache } from "./build.js";
import type { ContainerSummary, ContainerSummaryNetworkSettings } from "./container.js";
import type { ImageSummary } from "./image.js";
import type { Volume } from "./volume.js";

/** Disk usage of one type of object. Fields without a value are omitted. Added in API 1.52. @category System */
export interface DiskUsage<Item> {
  /** Number of objects in use. */
  ActiveCount?: number;
  /** Total number of objects. */
  TotalCount?: number;
  /** Disk space that can be reclaimed by removing unused objects, in bytes. */
  Reclaimable?: number;
  /** Total disk space, in bytes. */
  TotalSize?: number;
  /** The objects, if requested. */
  Items?: Item[];
}

/** Disk usage of images. Added in API 1.52. @category System */
export type ImagesDiskUsage = DiskUsage<ImageSummary>;

/** Disk usage of containers. Added in API 1.52. @category System */
export type ContainersDiskUsage = DiskUsage<ContainerSummary>;

/** Disk usage of volumes. Added in API 1.52. @category System */
export type VolumesDiskUsage = DiskUsage<Volume>;

/** Disk usage of the build cache. Added in API 1.52. @category System */
export type BuildCacheDiskUsage = DiskUsage<BuildCache>;

/** Summary of a container with its sizes. @category System */
export interface ContainerUsageSummary extends Omit<ContainerSummary, "NetworkSettings"> {
  /** Networks that the container is attached to. Podman sends null. */
  NetworkSettings: ContainerSummaryNetworkSettings | null;
}

/**
 * Disk usage of the engine: lists of objects before API 1.52, totals per object type in API 1.52 and later.
 * Types that were not requested are null or absent.
 *
 * @category System
 */
export interface SystemDataUsage {
  /** Disk space used by all image layers, in bytes. Removed in API 1.52. */
  LayersSize?: number;
  /** Images. Removed in API 1.52. */
  Images?: ImageSummary[] | null;
  /** Containers, with their sizes. Removed in API 1.52. */
  Containers?: ContainerUsageSummary[] | null;
  /** Volumes, with `UsageData`. Removed in API 1.52. */
  Volumes?: Volume[] | null;
  /** Build cache records. Added in API 1.39. Removed in API 1.52. */
  BuildCache?: BuildCache[] | null;
  /** Disk space used by the build cache, in bytes. Undocumented. Removed in API 1.42. */
  BuilderSize?: number;
  /** Disk usage of images. Added in API 1.52. */
  ImageUsage?: ImagesDiskUsage;
  /** Disk usage of containers. Added in API 1.52. */
  ContainerUsage?: ContainersDiskUsage;
  /** Disk usage of volumes. Added in API 1.52. */
  VolumeUsage?: VolumesDiskUsage;
  /** Disk usage of the build cache. Added in API 1.52. */
  BuildCacheUsage?: BuildCacheDiskUsage;
}
