import { describe, expect, it } from "vitest";
import { summarizeDiskUsage } from "../../../lib/api/system/disk-usage-summary.js";
import type { SystemDataUsage } from "../../../lib/types/data-usage.js";

/** An engine's answer, reduced to the fields that are read. */
const answer = (usage: object): SystemDataUsage => usage;

describe("summarizeDiskUsage", () => {
  it("sums the objects that engines before API 1.52 report", () => {
    const usage = answer({
      LayersSize: 1000,
      Images: [
        { Size: 500, SharedSize: 100, Containers: 2 },
        { Size: 300, SharedSize: 100, Containers: 0 },
        { Size: 200, SharedSize: -1, Containers: 1 },
        { Size: 50, SharedSize: 0, Containers: -1 },
      ],
      Containers: [
        { SizeRw: 10, State: "running" },
        { SizeRw: 20, State: "exited" },
        { State: "created" },
        { SizeRw: 5, State: "paused" },
      ],
      Volumes: [
        { UsageData: { Size: 7, RefCount: 1 } },
        { UsageData: { Size: 8, RefCount: 0 } },
        { UsageData: { Size: -1, RefCount: -1 } },
        { UsageData: null },
      ],
      BuildCache: [
        { Size: 100, Shared: true, InUse: false },
        { Size: 60, Shared: false, InUse: true },
        { Size: 40, Shared: false, InUse: false },
      ],
    });
    expect(summarizeDiskUsage(usage)).toEqual({
      images: { totalCount: 4, activeCount: 2, totalSize: 1000, reclaimable: 600 },
      containers: { totalCount: 4, activeCount: 2, totalSize: 35, reclaimable: 20 },
      volumes: { totalCount: 4, activeCount: 1, totalSize: 15, reclaimable: 8 },
      buildCache: { totalCount: 3, activeCount: 1, totalSize: 100, reclaimable: 40 },
    });
  });

  it("returns the totals of later engines unchanged", () => {
    const usage = answer({
      ImageUsage: { TotalCount: 3, ActiveCount: 1, TotalSize: 900, Reclaimable: 400 },
      ContainerUsage: { TotalCount: 1, TotalSize: 7 },
      VolumeUsage: {},
      BuildCacheUsage: { TotalCount: 2, Reclaimable: 5, TotalSize: 5, Items: [] },
    });
    expect(summarizeDiskUsage(usage)).toEqual({
      images: { totalCount: 3, activeCount: 1, totalSize: 900, reclaimable: 400 },
      containers: { totalCount: 1, activeCount: 0, totalSize: 7, reclaimable: 0 },
      volumes: { totalCount: 0, activeCount: 0, totalSize: 0, reclaimable: 0 },
      buildCache: { totalCount: 2, activeCount: 0, totalSize: 5, reclaimable: 5 },
    });
  });

  it("omits types that were not requested", () => {
    const none = { images: undefined, containers: undefined, volumes: undefined, buildCache: undefined };
    expect(summarizeDiskUsage({})).toEqual(none);
    expect(summarizeDiskUsage({ LayersSize: 0, Images: null, Containers: null, Volumes: null, BuildCache: null })).toEqual(none);
    expect(summarizeDiskUsage({ LayersSize: 5, Images: [] }).images).toEqual({
      totalCount: 0,
      activeCount: 0,
      totalSize: 5,
      reclaimable: 5,
    });
  });

  it("never returns a negative reclaimable size", () => {
    const usage = answer({ LayersSize: 100, Images: [{ Size: 120, SharedSize: 0, Containers: 1 }] });
    expect(summarizeDiskUsage(usage).images?.reclaimable).toBe(0);
  });
});
