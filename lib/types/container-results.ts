/**
 * What became of a path in a container's file system.
 *
 * @enum
 * @category Containers
 */
export const ChangeType = {
  /** It is not as it is in the image. For a directory, also when only something in it changed. */
  Modify: 0,
  /** It is not in the image. */
  Add: 1,
  /** It is in the image only. */
  Delete: 2,
} as const;

/** What became of a path in a container's file system. @category Containers */
export type ChangeType = (typeof ChangeType)[keyof typeof ChangeType];

/** A difference between a container's file system and its image. @category Containers */
export interface FilesystemChange {
  /** Absolute path in the container. */
  Path: string;
  /** What became of it. */
  Kind: ChangeType;
}

/** A container that was created. @category Containers */
export interface ContainerCreateResponse {
  /** ID. */
  Id: string;
  /** What the engine changed or left out of what was asked for. Older engines send `null` for none. */
  Warnings: string[] | null;
}

/** What came of an update. @category Containers */
export interface ContainerUpdateResponse {
  /** What the engine changed or left out of what was asked for. */
  Warnings: string[] | null;
}

/** The processes of a container, as the host's `ps` tells them. @category Containers */
export interface ContainerTopResponse {
  /** Titles of the columns. They depend on the arguments that `ps` was given. */
  Titles: string[];
  /** One row per process, one text per column. */
  Processes: string[][];
}

/**
 * What a wait waits for. API 1.30+.
 *
 * @enum
 * @category Containers
 */
export const WaitCondition = {
  /** That the container does not run, as may be the case already. The default. */
  NotRunning: "not-running",
  /** That it ends once more, even when it does not run yet. */
  NextExit: "next-exit",
  /** That it is removed. */
  Removed: "removed",
} as const;

/** What a wait waits for. @category Containers */
export type WaitCondition = (typeof WaitCondition)[keyof typeof WaitCondition];

/** Why a wait for the removal of a container failed. @category Containers */
export interface ContainerWaitExitError {
  /** The engine's words. */
  Message?: string;
}

/** What a wait brought. @category Containers */
export interface ContainerWaitResponse {
  /** Exit code of the container. */
  StatusCode: number;
  /** What went wrong, when the wait was for the removal and it failed. API 1.34+. */
  Error?: ContainerWaitExitError | null;
}

/** What a prune removed. API 1.25+. @category Containers */
export interface ContainersPruneResponse {
  /** IDs of the containers that are gone. */
  ContainersDeleted: string[] | null;
  /** Bytes of disk space that are free again. */
  SpaceReclaimed: number;
}

/** A checkpoint of a container. API 1.25+. @category Containers */
export interface CheckpointSummary {
  /** Its name. */
  Name: string;
}

/**
 * The bits of a file mode as Go numbers them, which is not how Unix does: what a file is sits in the upper half.
 * Test them with `!== 0`, for JavaScript's bitwise operators make {@link GoFileMode.Directory} negative.
 *
 * @enum
 * @category Containers
 */
export const GoFileMode = {
  /** It is a directory. */
  Directory: 0x8000_0000,
  /** It can only be appended to. */
  Append: 0x4000_0000,
  /** Only one may open it at a time. */
  Exclusive: 0x2000_0000,
  /** It is temporary. */
  Temporary: 0x1000_0000,
  /** It is a symbolic link. */
  Symlink: 0x0800_0000,
  /** It is a device. */
  Device: 0x0400_0000,
  /** It is a named pipe. */
  NamedPipe: 0x0200_0000,
  /** It is a socket. */
  Socket: 0x0100_0000,
  /** It runs as its owner. */
  SetUID: 0x0080_0000,
  /** It runs as its group. */
  SetGID: 0x0040_0000,
  /** It is a device that is read by characters; set together with {@link GoFileMode.Device}. */
  CharDevice: 0x0020_0000,
  /** Only owners remove files from the directory. */
  Sticky: 0x0010_0000,
  /** It is something else that is no plain file. */
  Irregular: 0x0008_0000,
  /** All permission bits, as Unix numbers them. */
  Permissions: 0o777,
} as const;

/** A bit of a file mode as Go numbers them. @category Containers */
export type GoFileMode = (typeof GoFileMode)[keyof typeof GoFileMode];

/** What a path in a container is. @category Containers */
export interface ContainerPathStat {
  /** Last part of the path. */
  name: string;
  /** Size, in bytes; of a link, the length of its target. */
  size: number;
  /** Kind and permissions, in the bits of {@link GoFileMode}. */
  mode: number;
  /** When it was last changed, in RFC 3339. */
  mtime: string;
  /** Where a symbolic link leads, as an absolute path in the container. Empty for anything else. */
  linkTarget: string;
}
