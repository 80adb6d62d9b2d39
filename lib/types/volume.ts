import type { ClusterVolume, ClusterVolumeSpec } from "./cluster-volume.js";

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
  /** When it was made, in RFC 3339; of a volume of a swarm as Go prints a time. API 1.31+. */
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

/** What a volume is created from. @category Volumes */
export interface VolumeCreateRequest {
  /** Name of the volume. By default the engine makes one up, and the volume counts as anonymous. */
  Name?: string;
  /** Name of its driver. By default `local`. */
  Driver?: string;
  /** Settings that the driver understands. */
  DriverOpts?: Record<string, string>;
  /** Labels of the volume. */
  Labels?: Record<string, string>;
  /** Settings of a volume of a swarm. API 1.42+. */
  ClusterVolumeSpec?: ClusterVolumeSpec;
}

/** What a volume of a swarm is changed to. API 1.42+. @category Volumes */
export interface VolumeUpdateRequest {
  /** All of its settings. Engines change nothing but `Availability`. */
  Spec?: ClusterVolumeSpec;
}

/** Volumes, as a list tells them. @category Volumes */
export interface VolumeListResponse {
  /** The volumes. */
  Volumes: Volume[] | null;
  /** What the engine has to say about drivers that gave none. Null when that is nothing. */
  Warnings: string[] | null;
}

/** What pruning volumes has freed. @category Volumes */
export interface VolumesPruneResponse {
  /** Names of the volumes that went. Null when there were none. */
  VolumesDeleted: string[] | null;
  /** Disk space that is free now, in bytes. */
  SpaceReclaimed: number;
}
