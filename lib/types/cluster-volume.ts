import type { ObjectVersion } from "./common.js";

/**
 * How many nodes may use a volume of a swarm at a time.
 *
 * @enum
 * @category Volumes
 */
export const ClusterVolumeScope = {
  /** One. */
  Single: "single",
  /** Several. */
  Multi: "multi",
} as const;

/** How many nodes may use a volume of a swarm at a time. @category Volumes */
export type ClusterVolumeScope = (typeof ClusterVolumeScope)[keyof typeof ClusterVolumeScope];

/**
 * How many tasks may use a volume of a swarm at a time.
 *
 * @enum
 * @category Volumes
 */
export const ClusterVolumeSharing = {
  /** One. */
  None: "none",
  /** Several, and all of them only read. */
  ReadOnly: "readonly",
  /** Several, and one of them writes. */
  OneWriter: "onewriter",
  /** Several, and all of them write. */
  All: "all",
} as const;

/** How many tasks may use a volume of a swarm at a time. @category Volumes */
export type ClusterVolumeSharing = (typeof ClusterVolumeSharing)[keyof typeof ClusterVolumeSharing];

/**
 * Whether tasks may use a volume of a swarm.
 *
 * @enum
 * @category Volumes
 */
export const ClusterVolumeAvailability = {
  /** They may. */
  Active: "active",
  /** Those that use it may go on; new ones may not. */
  Pause: "pause",
  /** They may not; those that use it are moved away. */
  Drain: "drain",
} as const;

/** Whether tasks may use a volume of a swarm. @category Volumes */
export type ClusterVolumeAvailability = (typeof ClusterVolumeAvailability)[keyof typeof ClusterVolumeAvailability];

/**
 * How far a volume is with a node.
 *
 * @enum
 * @category Volumes
 */
export const ClusterVolumePublishState = {
  /** It is to be published there, and is not yet. */
  PendingPublish: "pending-publish",
  /** It is published there. */
  Published: "published",
  /** The node is to let go of it. */
  PendingNodeUnpublish: "pending-node-unpublish",
  /** The node has let go of it; the storage is to follow. */
  PendingControllerUnpublish: "pending-controller-unpublish",
} as const;

/** How far a volume is with a node. @category Volumes */
export type ClusterVolumePublishState = (typeof ClusterVolumePublishState)[keyof typeof ClusterVolumePublishState];

/** A secret that the storage plugin is handed. @category Volumes */
export interface ClusterVolumeSecret {
  /** The name under which the plugin knows it. */
  Key?: string;
  /** Name or ID of the swarm's secret. */
  Secret?: string;
}

/** A place, as the storage sees it: its zone, rack and so on, by domain. @category Volumes */
export interface Topology {
  /** Names of the places, by domain. */
  Segments?: Record<string, string>;
}

/** Where a volume must be within reach. @category Volumes */
export interface ClusterVolumeAccessibility {
  /** Places of which at least one must reach it. */
  Requisite?: Topology[];
  /** Places that should, the best one first. */
  Preferred?: Topology[];
}

/** How large a volume must be. @category Volumes */
export interface ClusterVolumeCapacityRange {
  /** Smallest size in bytes. `0`: any. */
  RequiredBytes?: number;
  /** Largest size in bytes. `0`: any. */
  LimitBytes?: number;
}

/** How a volume is mounted as a file system. @category Volumes */
export interface ClusterVolumeMount {
  /** Type of the file system. Never documented. */
  FsType?: string;
  /** Flags of the mount. Never documented. */
  MountFlags?: string[];
}

/**
 * How tasks use a volume. The API's documents put four more fields in here, which engines read and send one level up: see
 * {@link ClusterVolumeSpec}.
 *
 * @category Volumes
 */
export interface ClusterVolumeAccessMode {
  /** How many nodes may use it at a time. By default `single`. */
  Scope?: ClusterVolumeScope;
  /** How many tasks may use it at a time. By default `none`. */
  Sharing?: ClusterVolumeSharing;
  /** Set for a volume with a file system. */
  MountVolume?: ClusterVolumeMount;
  /** Set for a volume that is a block device. Never documented. */
  BlockVolume?: Record<string, never>;
}

/** Settings of a volume of a swarm, which a storage plugin provides. API 1.42+. @category Volumes */
export interface ClusterVolumeSpec {
  /** Name of a group: services may ask for any volume of it. */
  Group?: string;
  /** How tasks use it. */
  AccessMode?: ClusterVolumeAccessMode;
  /** Secrets that the storage plugin is handed. */
  Secrets?: ClusterVolumeSecret[];
  /** Where it must be within reach. */
  AccessibilityRequirements?: ClusterVolumeAccessibility;
  /** How large it must be. */
  CapacityRange?: ClusterVolumeCapacityRange;
  /** Whether tasks may use it. By default `active`. */
  Availability?: ClusterVolumeAvailability;
}

/** A volume as the storage has made it. @category Volumes */
export interface ClusterVolumeInfo {
  /** Its size in bytes. Absent when that is not known. */
  CapacityBytes?: number;
  /** What the storage plugin wants to be told again. */
  VolumeContext?: Record<string, string>;
  /** ID by which the storage plugin knows it. */
  VolumeID?: string;
  /** Places that reach it. */
  AccessibleTopology?: Topology[];
}

/** How far a volume is with one node. @category Volumes */
export interface ClusterVolumePublishStatus {
  /** ID of the node. */
  NodeID?: string;
  /** How far it is. */
  State?: ClusterVolumePublishState;
  /** What the storage plugin told when the volume was published. */
  PublishContext?: Record<string, string>;
}

/** What a swarm knows of a volume. API 1.42+. @category Volumes */
export interface ClusterVolume {
  /** ID of the volume. */
  ID: string;
  /** Version of this object. */
  Version: ObjectVersion;
  /** When it was made, in RFC 3339. */
  CreatedAt: string;
  /** When it was last changed, in RFC 3339. */
  UpdatedAt: string;
  /** Its settings. */
  Spec: ClusterVolumeSpec;
  /** The volume as the storage has made it. Absent until it has. */
  Info?: ClusterVolumeInfo;
  /** How far it is with each node. Absent while no node has it. */
  PublishStatus?: ClusterVolumePublishStatus[];
}
