/** I/O weight of a block device. @category Containers */
export interface WeightDevice {
  /** Path of the device on the host, such as `/dev/sda`. */
  Path: string;
  /** Weight, from 10 to 1000. */
  Weight: number;
}

/** I/O rate limit of a block device. @category Containers */
export interface ThrottleDevice {
  /** Path of the device on the host, such as `/dev/sda`. */
  Path: string;
  /** Rate per second: bytes or operations, depending on the list. */
  Rate: number;
}

/** A host device exposed to a container. @category Containers */
export interface DeviceMapping {
  /** Path on the host. On Windows, `class/<GUID>` or `<id type>://<id>`. */
  PathOnHost: string;
  /** Path in the container. Linux only. */
  PathInContainer?: string;
  /** Cgroup permissions: any of `r` (read), `w` (write) and `m` (mknod). Linux only. */
  CgroupPermissions?: string;
}

/** Request for devices from a device driver, such as GPUs. Added in API 1.40. @category Containers */
export interface DeviceRequest {
  /** Name of the driver, such as `nvidia` or `cdi`. Empty for any driver with the required capabilities. */
  Driver?: string;
  /** Number of devices; -1 for all. */
  Count?: number;
  /** Driver-specific device IDs. Replaces `Count`. */
  DeviceIDs?: string[] | null;
  /**
   * Alternative lists of required capabilities, such as `["gpu"]`. At least one list must be satisfied
   * completely.
   */
  Capabilities?: string[][] | null;
  /** Driver-specific options. */
  Options?: Record<string, string> | null;
}

/** A resource limit (ulimit) of a container's processes. @category Containers */
export interface Ulimit {
  /** Name of the limit in lower case, without `RLIMIT_`, such as `nofile`. */
  Name: string;
  /** Soft limit, which processes can raise up to the hard limit. -1 for unlimited. Values above 2^53 are rounded. */
  Soft: number;
  /** Hard limit. -1 for unlimited. Values above 2^53 are rounded. */
  Hard: number;
}

/**
 * Resource limits and devices of a container. Omitted settings mean no limit at creation, and no change in
 * updates.
 *
 * @category Containers
 */
export interface Resources {
  /** Relative CPU weight. `0` for the engine's default, 1024. */
  CpuShares?: number;
  /** Memory limit, in bytes. `0` for no limit. */
  Memory?: number;
  /**
   * CPU limit, in billionths of a CPU. `0` for no limit. Added in API 1.25; updates support it in API 1.28
   * and later.
   */
  NanoCpus?: number;
  /**
   * Spelling of `NanoCpus` in the API 1.27 reference; engines send `NanoCpus`.
   * Removed in API 1.28.
   */
  NanoCPUs?: number;
  /** Parent cgroup of the container. Relative paths are relative to the cgroup of the engine. */
  CgroupParent?: string;
  /** Relative block I/O weight, from 10 to 1000. `0` for the default. */
  BlkioWeight?: number;
  /** Block I/O weights by device. */
  BlkioWeightDevice?: WeightDevice[] | null;
  /** Read limits by device, in bytes per second. */
  BlkioDeviceReadBps?: ThrottleDevice[] | null;
  /** Write limits by device, in bytes per second. */
  BlkioDeviceWriteBps?: ThrottleDevice[] | null;
  /** Read limits by device, in operations per second. */
  BlkioDeviceReadIOps?: ThrottleDevice[] | null;
  /** Write limits by device, in operations per second. */
  BlkioDeviceWriteIOps?: ThrottleDevice[] | null;
  /** CPU scheduler period, in microseconds. */
  CpuPeriod?: number;
  /** CPU time per scheduler period, in microseconds. */
  CpuQuota?: number;
  /** Real-time scheduler period, in microseconds. Added in API 1.25. */
  CpuRealtimePeriod?: number;
  /** Real-time CPU time per period, in microseconds. Added in API 1.25. */
  CpuRealtimeRuntime?: number;
  /** CPUs that the container can use, such as `0-3,7`. Empty for all. */
  CpusetCpus?: string;
  /** Memory nodes (NUMA) that the container can use, such as `0,1`. Empty for all. */
  CpusetMems?: string;
  /** Host devices exposed to the container. */
  Devices?: DeviceMapping[] | null;
  /** Additional device cgroup rules, such as `c 13:* rwm`. Added in API 1.28. */
  DeviceCgroupRules?: string[] | null;
  /** Device requests for device drivers. Added in API 1.40. */
  DeviceRequests?: DeviceRequest[] | null;
  /** Disk space limit, in bytes; ignored by all engines. Removed in API 1.40. */
  DiskQuota?: number;
  /** Kernel memory limit, in bytes. Removed in API 1.42. */
  KernelMemory?: number;
  /** Kernel TCP buffer memory limit, in bytes. Added in API 1.40. Removed in API 1.52. */
  KernelMemoryTCP?: number;
  /** Soft memory limit, in bytes, which applies when the host runs low on memory. */
  MemoryReservation?: number;
  /** Total limit for memory and swap, in bytes. -1 for unlimited swap, 0 for twice the memory limit. */
  MemorySwap?: number;
  /** Swappiness, from 0 to 100. Null for the host's setting. */
  MemorySwappiness?: number | null;
  /** Whether the OOM killer is disabled for the container. Null on hosts that do not support it. */
  OomKillDisable?: boolean | null;
  /**
   * Process limit; 0 or -1 for no limit. Null means no change in updates, and no limit in responses.
   * Updates support it in API 1.40 and later.
   */
  PidsLimit?: number | null;
  /** Resource limits (ulimits) of the container's processes. */
  Ulimits?: Ulimit[] | null;
  /**
   * Whether an init process runs as PID 1, forwarding signals and reaping zombies. Added in API 1.25. Ignored
   * by updates.
   */
  Init?: boolean | null;
  /** Number of CPUs. Windows only. Added in API 1.25. */
  CpuCount?: number;
  /** CPU limit, as a percentage of all CPUs. Windows only. */
  CpuPercent?: number;
  /** I/O limit of the system drive, in operations per second. Windows only. */
  IOMaximumIOps?: number;
  /** I/O limit of the system drive, in bytes per second. Windows only. */
  IOMaximumBandwidth?: number;
}
