import type { ObjectVersion } from "./common.js";

/**
 * Number of nodes that can use a cluster volume at the same time.
 *
 * @enum
 * @category Volumes
 */
export const ClusterVolumeScope = {
  /** One node. */
  Single: "single",
  /** Multiple nodes. */
  Multi: "multi",
} as const;

/** Number of nodes that can use a cluster volume at the same time. @category Volumes */
export type ClusterVolumeScope = (typeof ClusterVolumeScope)[keyof typeof ClusterVolumeScope];

/**
 * Number of tasks that can use a cluster volume at the same time.
 *
 * @enum
 * @category Volumes
 */
export const ClusterVolumeSharing = {
  /** One task. */
  None: "none",
  /** Multiple tasks, all read-only. */
  ReadOnly: "readonly",
  /** Multiple tasks, only one of which can write. */
  OneWriter: "onewriter",
  /** Multiple tasks, all of which can write. */
  All: "all",
} as const;

/** Number of tasks that can use a cluster volume at the same time. @category Volumes */
export type ClusterVolumeSharing = (typeof ClusterVolumeSharing)[keyof typeof ClusterVolumeSharing];

/**
 * Availability of a cluster volume to tasks.
 *
 * @enum
 * @category Volumes
 */
export const ClusterVolumeAvailability = {
  /** Available to tasks. */
  Active: "active",
  /** Closed to new tasks; tasks that already use the volume keep running. */
  Pause: "pause",
  /** Unavailable; tasks that use the volume are rescheduled. */
  Drain: "drain",
} as const;

/** Availability of a cluster volume to tasks. @category Volumes */
export type ClusterVolumeAvailability = (typeof ClusterVolumeAvailability)[keyof typeof ClusterVolumeAvailability];

/**
 * Publish state of a cluster volume on a node.
 *
 * @enum
 * @category Volumes
 */
export const ClusterVolumePublishState = {
  /** Waiting to be published on the node. */
  PendingPublish: "pending-publish",
  /** Published on the node. */
  Published: "published",
  /** Waiting to be unpublished by the node. */
  PendingNodeUnpublish: "pending-node-unpublish",
  /** Unpublished by the node, but not yet by the storage controller. */
  PendingControllerUnpublish: "pending-controller-unpublish",
} as const;

/** Publish state of a cluster volume on a node. @category Volumes */
export type ClusterVolumePublishState = (typeof ClusterVolumePublishState)[keyof typeof ClusterVolumePublishState];

/** A secret that is passed to the storage plugin. @category Volumes */
export interface ClusterVolumeSecret {
  /** Name of the secret in the storage plugin. */
  Key?: string;
  /** Name or ID of the swarm secret. */
  Secret?: string;
}

/** A location in the storage topology, such as a zone or a rack. @category Volumes */
export interface Topology {
  /** Topological domains and their values. */
  Segments?: Record<string, string>;
}

/** Topology requirements of a volume. @category Volumes */
export interface ClusterVolumeAccessibility {
  /** Topologies, at least one of which must be able to access the volume. */
  Requisite?: Topology[];
  /** Preferred topologies, in order of preference. */
  Preferred?: Topology[];
}

/** Size requirements of a volume. @category Volumes */
export interface ClusterVolumeCapacityRange {
  /** Minimum size in bytes. `0` for no minimum. */
  RequiredBytes?: number;
  /** Maximum size in bytes. `0` for no maximum. */
  LimitBytes?: number;
}

/** Mount settings of a volume with a file system. @category Volumes */
export interface ClusterVolumeMount {
  /** File system type. Undocumented. */
  FsType?: string;
  /** Mount flags. Undocumented. */
  MountFlags?: string[];
}

/**
 * How tasks can use a volume. The API reference nests four more fields here, which engines read and send one
 * level up: see {@link ClusterVolumeSpec}.
 *
 * @category Volumes
 */
export interface ClusterVolumeAccessMode {
  /** Number of nodes that can use the volume at the same time. Defaults to `single`. */
  Scope?: ClusterVolumeScope;
  /** Number of tasks that can use the volume at the same time. Defaults to `none`. */
  Sharing?: ClusterVolumeSharing;
  /** Set for volumes with a file system. */
  MountVolume?: ClusterVolumeMount;
  /** Set for block volumes. Undocumented. */
  BlockVolume?: Record<string, never>;
}

/** Settings of a cluster volume, which is provided by a storage plugin. Added in API 1.42. @category Volumes */
export interface ClusterVolumeSpec {
  /** Volume group. Services can mount any volume of a group. */
  Group?: string;
  /** How tasks can use the volume. */
  AccessMode?: ClusterVolumeAccessMode;
  /** Secrets that are passed to the storage plugin. */
  Secrets?: ClusterVolumeSecret[];
  /** Topology requirements. */
  AccessibilityRequirements?: ClusterVolumeAccessibility;
  /** Size requirements. */
  CapacityRange?: ClusterVolumeCapacityRange;
  /** Availability to tasks. Defaults to `active`. */
  Availability?: ClusterVolumeAvailability;
}

/** Details of a volume created by the storage plugin. @category Volumes */
export interface ClusterVolumeInfo {
  /** Size in bytes. Absent if unknown. */
  CapacityBytes?: number;
  /** Context that the storage plugin expects in later requests. */
  VolumeContext?: Record<string, string>;
  /** ID of the volume in the storage plugin. */
  VolumeID?: string;
  /** Topologies from which the volume is accessible. */
  AccessibleTopology?: Topology[];
}

/** Publish status of a volume on one node. @category Volumes */
export interface ClusterVolumePublishStatus {
  /** ID of the node. */
  NodeID?: string;
  /** Publish state of the volume. */
  State?: ClusterVolumePublishState;
  /** Context that the storage plugin returned when it published the volume. */
  PublishContext?: Record<string, string>;
}

/** Swarm details of a cluster volume. Added in API 1.42. @category Volumes */
export interface ClusterVolume {
  /** ID of the volume. */
  ID: string;
  /** Version of the object. */
  Version: ObjectVersion;
  /** Creation time, in RFC 3339 format. */
  CreatedAt: string;
  /** Time of the last update, in RFC 3339 format. */
  UpdatedAt: string;
  /** Settings of the volume. */
  Spec: ClusterVolumeSpec;
  /** Details from the storage plugin. Absent until the volume is created. */
  Info?: ClusterVolumeInfo;
  /** Publish status on each node. Absent if no node uses the volume. */
  PublishStatus?: ClusterVolumePublishStatus[];
}
