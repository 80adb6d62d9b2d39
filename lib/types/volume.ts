import type { ClusterVolume } from "./cluster-volume.js";

/**
 * Where a volume exists.
 *
 * @enum
 * @category Volumes
 */
export const VolumeScope = {
  /** On this host. */
  Local: "local",
  /** On every host that uses the same driver. */
  Global: "global",
} as const;

/** Where a volume exists. @category Volumes */
export type VolumeScope = (typeof VolumeScope)[keyof typeof VolumeScope];

/** How a volume is used. @category Volumes */
export interface VolumeUsageData {
  /** Disk space that it takes, in bytes. `-1` when that is not known, as with drivers other than `local`. */
  Size: number;
  /** How many containers use it. `-1` when that is not known. */
  RefCount: number;
}

/** A volume. @category Volumes */
export interface Volume {
  /** Name of the volume. */
  Name: string;
  /** Name of its driver. */
  Driver: string;
  /** Path on the host at which it is mounted. */
  Mountpoint: string;
  /** When it was made, in RFC 3339. API 1.31+. */
  CreatedAt?: string;
  /** What the driver tells of it. Absent when the driver tells nothing. */
  Status?: Record<string, unknown>;
  /** Labels of the volume. Null when it was made without any. */
  Labels: Record<string, string> | null;
  /** Where it exists. */
  Scope: VolumeScope;
  /** Options that its driver was given. Null when it was made without any. */
  Options: Record<string, string> | null;
  /** How it is used. Only `/system/df` tells. */
  UsageData?: VolumeUsageData | null;
  /** What a swarm knows of it, when it belongs to one. API 1.42+. */
  ClusterVolume?: ClusterVolume;
}
