import { ContainerStatus } from "../../types/container.js";
import type { DiskUsage, SystemDataUsage } from "../../types/data-usage.js";

/** Disk usage of one type of object. @category System */
export interface DiskUsageTotals {
  /** The number of objects. */
  totalCount: number;
  /** The number of objects in use. */
  activeCount: number;
  /** The total size of the objects, in bytes. */
  totalSize: number;
  /** The disk space that removing unused objects would free, in bytes. */
  reclaimable: number;
}

/** Disk usage of the engine by type of object. Types that were not requested are undefined. @category System */
export interface DiskUsageSummary {
  /** Images. Shared layers are counted once. Before API 1.52, they are always counted as reclaimable. */
  images: DiskUsageTotals | undefined;
  /** The writable layers of containers. */
  containers: DiskUsageTotals | undefined;
  /** Volumes with the driver `local`. */
  volumes: DiskUsageTotals | undefined;
  /** The build cache. */
  buildCache: DiskUsageTotals | undefined;
}

/** The contribution of an object to the totals of its type. */
interface Share {
  readonly size: number;
  readonly active: boolean;
}

function totalsOf(usage: DiskUsage<unknown> | undefined): DiskUsageTotals | undefined {
  if (!usage) return undefined;
  const { TotalCount = 0, ActiveCount = 0, TotalSize = 0, Reclaimable = 0 } = usage;
  return { totalCount: TotalCount, activeCount: ActiveCount, totalSize: TotalSize, reclaimable: Reclaimable };
}

function sumOf<T>(items: readonly T[] | null | undefined, shareOf: (item: T) => Share): DiskUsageTotals | undefined {
  if (!items) return undefined;
  const totals: DiskUsageTotals = { totalCount: items.length, activeCount: 0, totalSize: 0, reclaimable: 0 };
  for (const { size, active } of items.map(shareOf)) {
    totals.totalSize += size;
    if (active) totals.activeCount += 1;
    else totals.reclaimable += size;
  }
  return totals;
}

/** Returns the size, or 0 if the engine has not measured it. */
const measured = (size = 0): number => Math.max(size, 0);

function imagesOf({ Images, LayersSize = 0 }: SystemDataUsage): DiskUsageTotals | undefined {
  const totals = sumOf(Images, ({ Containers, Size, SharedSize }) => ({
    size: SharedSize < 0 ? 0 : measured(Size) - SharedSize,
    active: Containers > 0,
  }));
  if (!totals) return undefined;
  // the sizes above exclude shared layers, which `LayersSize` includes
  const needed = totals.totalSize - totals.reclaimable;
  return { ...totals, totalSize: LayersSize, reclaimable: measured(LayersSize - needed) };
}

const running: readonly string[] = [ContainerStatus.Running, ContainerStatus.Paused, ContainerStatus.Restarting];

/**
 * Summarizes the result of {@link Client.diskUsage} as `docker system df` does. Engines return all objects before API 1.52, and
 * totals since then; the summary is the same for both.
 *
 * @category Helpers
 */
export function summarizeDiskUsage(usage: SystemDataUsage): DiskUsageSummary {
  const { ImageUsage, ContainerUsage, VolumeUsage, BuildCacheUsage } = usage;
  return {
    images: totalsOf(ImageUsage) ?? imagesOf(usage),
    containers:
      totalsOf(ContainerUsage) ??
      sumOf(usage.Containers, ({ SizeRw, State }) => ({ size: measured(SizeRw), active: running.includes(State) })),
    volumes:
      totalsOf(VolumeUsage) ??
      sumOf(usage.Volumes, ({ UsageData }) => ({ size: measured(UsageData?.Size), active: (UsageData?.RefCount ?? 0) > 0 })),
    buildCache:
      totalsOf(BuildCacheUsage) ??
      sumOf(usage.BuildCache, ({ Size, Shared, InUse }) => ({ size: Shared ? 0 : Size, active: InUse })),
  };
}
