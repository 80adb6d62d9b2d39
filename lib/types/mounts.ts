/**
 * What is mounted into a container.
 *
 * @enum
 * @category Containers
 */
export const MountType = {
  /** A file or directory of the engine's host. */
  Bind: "bind",
  /** A volume of the Swarm cluster. API 1.42+. */
  Cluster: "cluster",
  /** The files of an image. API 1.48+. */
  Image: "image",
  /** A named pipe of a Windows host. API 1.32+. */
  NamedPipe: "npipe",
  /** A file system in memory. */
  Tmpfs: "tmpfs",
  /** A volume of the engine. */
  Volume: "volume",
} as const;

/** What is mounted into a container. @category Containers */
export type MountType = (typeof MountType)[keyof typeof MountType];

/**
 * Whether mounts that are made later below a bind mount show on its other side. The `r` forms hold for mounts below too.
 *
 * @enum
 * @category Containers
 */
export const MountPropagation = {
  /** In neither direction. */
  Private: "private",
  /** In neither direction, nor for mounts below. The engine's default. */
  RecursivePrivate: "rprivate",
  /** In both directions. */
  Shared: "shared",
  /** In both directions, also for mounts below. */
  RecursiveShared: "rshared",
  /** From the host into the container only. */
  Slave: "slave",
  /** From the host into the container only, also for mounts below. */
  RecursiveSlave: "rslave",
} as const;

/** Whether mounts that are made later below a bind mount show on its other side. @category Containers */
export type MountPropagation = (typeof MountPropagation)[keyof typeof MountPropagation];

/**
 * How closely host and container must agree on a mount's content at every moment; heeded by Docker Desktop for Mac only.
 *
 * @enum
 * @category Containers
 */
export const MountConsistency = {
  /** Whatever the engine prefers. */
  Default: "default",
  /** At every moment. */
  Consistent: "consistent",
  /** The host's view counts; the container's may lag. */
  Cached: "cached",
  /** The container's view counts; the host's may lag. */
  Delegated: "delegated",
} as const;

/** How closely host and container must agree on a mount's content at every moment. @category Containers */
export type MountConsistency = (typeof MountConsistency)[keyof typeof MountConsistency];

/** What only bind mounts have. @category Containers */
export interface MountBindOptions {
  /** Whether later mounts show on the other side. `rprivate` by default. */
  Propagation?: MountPropagation;
  /** Leaves out what is mounted below the source. API 1.40+. */
  NonRecursive?: boolean;
  /** Makes the source, as a directory, when the host has none. API 1.42+. */
  CreateMountpoint?: boolean;
  /** Makes a read-only mount read-only only itself, not the mounts below it. API 1.44+. */
  ReadOnlyNonRecursive?: boolean;
  /** Fails when the mounts below a read-only mount cannot be made read-only. API 1.44+. */
  ReadOnlyForceRecursive?: boolean;
}

/** A volume driver and its settings. @category Containers */
export interface VolumeDriverConfig {
  /** Name of the driver. `local` by default. */
  Name?: string;
  /** Settings that the driver understands. */
  Options?: Record<string, string> | null;
}

/** What only volumes have. They matter where the mount makes the volume. @category Containers */
export interface MountVolumeOptions {
  /** Does not fill an empty volume with the files that the image has at the target. */
  NoCopy?: boolean;
  /** Labels of a new volume. */
  Labels?: Record<string, string> | null;
  /** Driver of a new volume. */
  DriverConfig?: VolumeDriverConfig | null;
  /** Mounts only this relative path of the volume, which must exist. API 1.45+. */
  Subpath?: string;
}

/** What only file systems in memory have. @category Containers */
export interface MountTmpfsOptions {
  /** Size, in bytes. Unlimited by default. */
  SizeBytes?: number;
  /** Permission bits of its root, as a number: `0o1777` by default. */
  Mode?: number;
  /** Options of the file system: `["noexec"]` for a flag, `["uid", "1000"]` for a value. API 1.46+. */
  Options?: string[][] | null;
}

/** What only images have. API 1.48+. @category Containers */
export interface MountImageOptions {
  /** Mounts only this relative path of the image. */
  Subpath?: string;
}

/** A mount that is asked for. @category Containers */
export interface Mount {
  /** Path in the container. */
  Target: string;
  /** What is mounted: path on the host, volume name, image, pipe. Left out for tmpfs and for a volume without a name. */
  Source?: string;
  /** Kind of the mount. */
  Type: MountType | (string & {});
  /** Whether the container may only read. */
  ReadOnly?: boolean;
  /** How closely host and container must agree. API 1.28+. */
  Consistency?: MountConsistency | (string & {});
  /** For `bind` only; from API 1.42 on, engines refuse it for other types. */
  BindOptions?: MountBindOptions | null;
  /** For `volume` only; from API 1.42 on, engines refuse it for other types. */
  VolumeOptions?: MountVolumeOptions | null;
  /** For `tmpfs` only; from API 1.42 on, engines refuse it for other types. */
  TmpfsOptions?: MountTmpfsOptions | null;
  /** For `image` only. API 1.48+. */
  ImageOptions?: MountImageOptions | null;
}

/** A mount that a container has, however it was asked for. @category Containers */
export interface MountPoint {
  /** Kind of the mount. API 1.25+. */
  Type?: MountType | (string & {});
  /** Name of the volume; left out for other kinds. */
  Name?: string;
  /** Path on the engine's host. Empty for tmpfs. */
  Source: string;
  /** Path in the container. */
  Destination: string;
  /** Driver of the volume; left out for other kinds. */
  Driver?: string;
  /** Options of the mount as they were given, separated by commas. */
  Mode: string;
  /** Whether the container may write. */
  RW: boolean;
  /** Propagation of a bind mount. Empty for other kinds. */
  Propagation: MountPropagation | (string & {});
}
