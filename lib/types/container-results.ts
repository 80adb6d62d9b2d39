/**
 * Type of a change in a container's file system.
 *
 * @enum
 * @category Containers
 */
export const ChangeType = {
  /** Modified. Directories are also reported when only their content changed. */
  Modify: 0,
  /** Added. */
  Add: 1,
  /** Deleted. */
  Delete: 2,
} as const;

/** Type of a change in a container's file system. @category Containers */
export type ChangeType = (typeof ChangeType)[keyof typeof ChangeType];

/** A change in a container's file system since its creation. @category Containers */
export interface FilesystemChange {
  /** Absolute path in the container. */
  Path: string;
  /** Type of the change. */
  Kind: ChangeType;
}

/** Response to creating a container. @category Containers */
export interface ContainerCreateResponse {
  /** ID of the container. */
  Id: string;
  /** Warnings about settings that the engine changed or ignored. */
  Warnings: string[];
}

/** Response to updating a container. @category Containers */
export interface ContainerUpdateResponse {
  /** Warnings about settings that the engine changed or ignored. */
  Warnings: string[];
}

/** Processes of a container, as reported by `ps` on the host. @category Containers */
export interface ContainerTopResponse {
  /** Column titles. They depend on the `ps` arguments. */
  Titles: string[];
  /** Processes, one row each, with one string per column. */
  Processes: string[][];
}

/**
 * Condition to wait for. Added in API 1.30.
 *
 * @enum
 * @category Containers
 */
export const WaitCondition = {
  /** The container is not running, which may already be the case. The default. */
  NotRunning: "not-running",
  /** The container exits after the call, even if it is not running at the time of the call. */
  NextExit: "next-exit",
  /** The container is removed. */
  Removed: "removed",
} as const;

/** Condition to wait for. @category Containers */
export type WaitCondition = (typeof WaitCondition)[keyof typeof WaitCondition];

/** Error that occurred while waiting for the removal of a container. @category Containers */
export interface ContainerWaitExitError {
  /** Error message from the engine. */
  Message?: string;
}

/** Response to waiting for a container. @category Containers */
export interface ContainerWaitResponse {
  /** Exit code of the container. */
  StatusCode: number;
  /** Error, if the removal of the container failed. Added in API 1.34. */
  Error?: ContainerWaitExitError | null;
}

/** Result of pruning containers. Added in API 1.25. @category Containers */
export interface ContainersPruneResponse {
  /** IDs of the deleted containers. */
  ContainersDeleted: string[];
  /** Disk space reclaimed, in bytes. */
  SpaceReclaimed: number;
}

/** A checkpoint of a container. Added in API 1.25. @category Containers */
export interface CheckpointSummary {
  /** Name of the checkpoint. */
  Name: string;
}

/**
 * Bits of a file mode in Go's numbering, which differs from Unix: the file type is in the upper bits. Compare
 * with `!== 0`, because {@link GoFileMode.Directory} is negative after a bitwise operation in JavaScript.
 *
 * @enum
 * @category Containers
 */
export const GoFileMode = {
  /** Directory. */
  Directory: 0x8000_0000,
  /** Append-only. */
  Append: 0x4000_0000,
  /** For exclusive use. */
  Exclusive: 0x2000_0000,
  /** Temporary file. */
  Temporary: 0x1000_0000,
  /** Symbolic link. */
  Symlink: 0x0800_0000,
  /** Device file. */
  Device: 0x0400_0000,
  /** Named pipe. */
  NamedPipe: 0x0200_0000,
  /** Socket. */
  Socket: 0x0100_0000,
  /** Setuid: runs as the owner of the file. */
  SetUID: 0x0080_0000,
  /** Setgid: runs as the group of the file. */
  SetGID: 0x0040_0000,
  /** Character device; set together with {@link GoFileMode.Device}. */
  CharDevice: 0x0020_0000,
  /** Sticky: only owners can remove files from the directory. */
  Sticky: 0x0010_0000,
  /** Another type of non-regular file. */
  Irregular: 0x0008_0000,
  /** All permission bits, in Unix numbering. */
  Permissions: 0o777,
} as const;

/** A bit of a file mode in Go's numbering. @category Containers */
export type GoFileMode = (typeof GoFileMode)[keyof typeof GoFileMode];

/** File information about a path in a container. @category Containers */
export interface ContainerPathStat {
  /** Base name of the path. */
  name: string;
  /** Size in bytes; for a symbolic link, the length of its target. */
  size: number;
  /** File type and permissions, as bits of {@link GoFileMode}. */
  mode: number;
  /** Time of the last modification, in RFC 3339 format. */
  mtime: string;
  /** Target of a symbolic link, as an absolute path in the container. Empty for other files. */
  linkTarget: string;
  /** Whether it is a directory. Undocumented; only Podman sends it. */
  isDir?: boolean;
}
