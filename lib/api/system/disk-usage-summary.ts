import { ContainerStatus } from "../../types/container.js";
import type { DiskUsage, SystemDataUsage } from "../../types/data-usage.js";

/** Disk space that things of one kind take. @category System */
export interface DiskUsageTotals {
  /** How many there are. */
  totalCount: number;
  /** How many of them are in use. */
  activeCount: number;
  /** What all of them take, in bytes. */
  totalSize: number;
  /** What removing those that are not in use would free, in bytes. */
  reclaimable: number;
}

/** Disk space that the engine's things take, by kind. What was not asked for is undefined. @category System */
export interface DiskUsageSummary {
  /** Images. Layers that several of them have count once; below API 1.52 they count as reclaimable, whoever uses them. */
  images: DiskUsageTotals | undefined;
  /** What containers have written beyond their images. */
  containers: DiskUsageTotals | undefined;
  /** Volumes of the driver `local`. */
  volumes: DiskUsageTotals | undefined;
  /** The build cache. */
  buildCache: DiskUsageTotals | undefined;
}

/** What one thing adds to the totals of its kind. */
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

/** A size, where the engine has measured it. */
const measured = (size = 0): number => Math.max(size, 0);

function imagesOf({ Images, LayersSize = 0 }: SystemDataUsage): DiskUsageTotals | undefined {
  const totals = sumOf(Images, ({ Containers, Size, SharedSize }) => ({
    size: SharedSize < 0 ? 0 : measured(Size) - SharedSize,
    active: Containers > 0,
  }));
  if (!totals) return undefined;
  // layers that images share are in none of their shares
  const needed = totals.totalSize - totals.reclaimable;
  return { ...totals, totalSize: LayersSize, reclaimable: measured(LayersSize - needed) };
}

const running: readonly string[] = [ContainerStatus.Running, ContainerStatus.Paused, ContainerStatus.Restarting];

/**
 * Adds up what {@link Client.diskUsage} gives, as the docker command does. Engines before API 1.52 tell of each thing, later ones tell
 * the totals; here both come to the same.
 *
 * @category System
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
