import type { ClusterVolume, ClusterVolumeSpec } from "./cluster-volume.js";

/**
 * Scope of a volume.
 *
 * @enum
 * @category Volumes
 */
export const VolumeScope = {
  /** Local to the host. */
  Local: "local",
  /** All hosts that use the same driver. */
  Global: "global",
} as const;

/** Scope of a volume. @category Volumes */
export type VolumeScope = (typeof VolumeScope)[keyof typeof VolumeScope];

/** Usage data of a volume. @category Volumes */
export interface VolumeUsageData {
  /** Disk space used, in bytes. `-1` if unknown, as for drivers other than `local`. */
  Size: number;
  /** Number of containers that use the volume. `-1` if unknown. */
  RefCount: number;
}

/** A volume. @category Volumes */
export interface Volume {
  /** Name of the volume. */
  Name: string;
  /** Name of the driver. */
  Driver: string;
  /** Mount path of the volume on the host. */
  Mountpoint: string;
  /** Creation time, in RFC 3339 format, or in Go's default format for cluster volumes. Added in API 1.31. */
  CreatedAt?: string;
  /** Driver-specific status. Absent if the driver reports none. */
  Status?: Record<string, unknown>;
  /** Labels of the volume. Empty if not set. */
  Labels: Record<string, string>;
  /** Scope of the volume. */
  Scope: VolumeScope;
  /** Driver-specific options. Empty if not set. */
  Options: Record<string, string>;
  /** Usage data. Only in disk usage results. */
  UsageData?: VolumeUsageData | null;
  /** Swarm details, if the volume is a cluster volume. Added in API 1.42. */
  ClusterVolume?: ClusterVolume;
}

/** Request body for creating a volume. @category Volumes */
export interface VolumeCreateRequest {
  /** Name of the volume. If omitted, the engine generates a name and treats the volume as anonymous. */
  Name?: string;
  /** Name of the driver. Defaults to `local`. */
  Driver?: string;
  /** Driver-specific options. */
  DriverOpts?: Record<string, string>;
  /** Labels of the volume. */
  Labels?: Record<string, string>;
  /** Settings of a cluster volume. Added in API 1.42. */
  ClusterVolumeSpec?: ClusterVolumeSpec;
}

/** Request body for updating a cluster volume. Added in API 1.42. @category Volumes */
export interface VolumeUpdateRequest {
  /** Complete settings of the volume. Only `Availability` can be changed. */
  Spec?: ClusterVolumeSpec;
}

/** Response to listing volumes. @category Volumes */
export interface VolumeListResponse {
  /** The volumes. */
  Volumes: Volume[];
  /** Warnings about drivers that did not respond. Empty if there are none. */
  Warnings: string[];
}

/** Result of pruning volumes. @category Volumes */
export interface VolumesPruneResponse {
  /** Names of the deleted volumes. Empty if nothing was deleted. */
  VolumesDeleted: string[];
  /** Disk space reclaimed, in bytes. */
  SpaceReclaimed: number;
}
