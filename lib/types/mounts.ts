/**
 * Type of a mount.
 *
 * @enum
 * @category Containers
 */
export const MountType = {
  /** File or directory on the host. */
  Bind: "bind",
  /** Swarm cluster volume. Added in API 1.42. */
  Cluster: "cluster",
  /** Image file system. Added in API 1.48. */
  Image: "image",
  /** Named pipe on a Windows host. Added in API 1.32. */
  NamedPipe: "npipe",
  /** File system in memory. */
  Tmpfs: "tmpfs",
  /** Volume. */
  Volume: "volume",
} as const;

/** Type of a mount. @category Containers */
export type MountType = (typeof MountType)[keyof typeof MountType];

/**
 * Propagation of mounts that are created below a bind mount. The `r` modes also apply to nested mounts.
 *
 * @enum
 * @category Containers
 */
export const MountPropagation = {
  /** No propagation. */
  Private: "private",
  /** No propagation, including nested mounts. The engine's default. */
  RecursivePrivate: "rprivate",
  /** Propagation in both directions. */
  Shared: "shared",
  /** Propagation in both directions, including nested mounts. */
  RecursiveShared: "rshared",
  /** Propagation from the host to the container. */
  Slave: "slave",
  /** Propagation from the host to the container, including nested mounts. */
  RecursiveSlave: "rslave",
} as const;

/** Propagation of mounts that are created below a bind mount. @category Containers */
export type MountPropagation = (typeof MountPropagation)[keyof typeof MountPropagation];

/**
 * Consistency requirement of a mount. Only Docker Desktop for Mac applies it.
 *
 * @enum
 * @category Containers
 */
export const MountConsistency = {
  /** The engine's default. */
  Default: "default",
  /** Host and container always have the same view. */
  Consistent: "consistent",
  /** The view of the host is authoritative; the view of the container can lag. */
  Cached: "cached",
  /** The view of the container is authoritative; the view of the host can lag. */
  Delegated: "delegated",
} as const;

/** Consistency requirement of a mount. @category Containers */
export type MountConsistency = (typeof MountConsistency)[keyof typeof MountConsistency];

/** Options of bind mounts. @category Containers */
export interface MountBindOptions {
  /** Mount propagation. Defaults to `rprivate`. */
  Propagation?: MountPropagation;
  /** Whether to exclude mounts below the source. Added in API 1.40. */
  NonRecursive?: boolean;
  /** Whether to create the source directory if it does not exist on the host. Added in API 1.42. */
  CreateMountpoint?: boolean;
  /** Whether a read-only mount leaves the mounts below it writable. Added in API 1.44. */
  ReadOnlyNonRecursive?: boolean;
  /** Whether to fail if the mounts below a read-only mount cannot be made read-only. Added in API 1.44. */
  ReadOnlyForceRecursive?: boolean;
}

/** A volume driver and its options. @category Containers */
export interface VolumeDriverConfig {
  /** Name of the driver. Defaults to `local`. */
  Name?: string;
  /** Driver-specific options. */
  Options?: Record<string, string> | null;
}

/** Options of volume mounts. Most apply only if the mount creates the volume. @category Containers */
export interface MountVolumeOptions {
  /** Whether to skip copying the image's files at the target into an empty volume. */
  NoCopy?: boolean;
  /** Labels of the created volume. */
  Labels?: Record<string, string> | null;
  /** Driver of the created volume. */
  DriverConfig?: VolumeDriverConfig | null;
  /** Relative path in the volume to mount, which must exist. Added in API 1.45. */
  Subpath?: string;
}

/** Options of tmpfs mounts. @category Containers */
export interface MountTmpfsOptions {
  /** Size in bytes. Defaults to unlimited. */
  SizeBytes?: number;
  /** Mode of the root directory, as a number. Defaults to `0o1777`. */
  Mode?: number;
  /** Mount options: `["noexec"]` for a flag, `["uid", "1000"]` for a value. Added in API 1.46. */
  Options?: string[][] | null;
}

/** Options of image mounts. Added in API 1.48. @category Containers */
export interface MountImageOptions {
  /** Relative path in the image to mount. */
  Subpath?: string;
}

/** A mount to create in a container. @category Containers */
export interface Mount {
  /** Path in the container. */
  Target: string;
  /**
   * Source of the mount: a host path, volume name, image or pipe. Omitted for tmpfs mounts and anonymous
   * volumes.
   */
  Source?: string;
  /** Type of the mount. */
  Type: MountType | (string & {});
  /** Whether the mount is read-only. */
  ReadOnly?: boolean;
  /** Consistency requirement. Added in API 1.28. */
  Consistency?: MountConsistency | (string & {});
  /** Options of a `bind` mount. Engines reject these options for other types in API 1.42 and later. */
  BindOptions?: MountBindOptions | null;
  /** Options of a `volume` mount. Engines reject these options for other types in API 1.42 and later. */
  VolumeOptions?: MountVolumeOptions | null;
  /** Options of a `tmpfs` mount. Engines reject these options for other types in API 1.42 and later. */
  TmpfsOptions?: MountTmpfsOptions | null;
  /** Options of an `image` mount. Added in API 1.48. */
  ImageOptions?: MountImageOptions | null;
}

/** A mount in a container, however it was created. @category Containers */
export interface MountPoint {
  /** Type of the mount. Added in API 1.25. */
  Type?: MountType | (string & {});
  /** Name of the volume. Absent for other types. */
  Name?: string;
  /** Path on the host. Empty for tmpfs mounts. */
  Source: string;
  /** Path in the container. */
  Destination: string;
  /** Driver of the volume. Absent for other types. */
  Driver?: string;
  /** Mount options as specified at creation, separated by commas. */
  Mode: string;
  /** Whether the mount is writable. */
  RW: boolean;
  /** Mount propagation of a bind mount. Empty for other types. */
  Propagation: MountPropagation | (string & {});
}
