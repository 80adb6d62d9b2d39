/** A block device and its weight against other containers. @category Containers */
export interface WeightDevice {
  /** Path of the device on the engine's host, such as `/dev/sda`. */
  Path: string;
  /** Weight, from 10 to 1000. */
  Weight: number;
}

/** A block device and the rate at which the container may use it. @category Containers */
export interface ThrottleDevice {
  /** Path of the device on the engine's host, such as `/dev/sda`. */
  Path: string;
  /** Bytes, or operations, per second; which of them depends on the list that holds this. */
  Rate: number;
}

/** A device of the host that the container sees. @category Containers */
export interface DeviceMapping {
  /** Path on the engine's host. On Windows `class/<GUID>` or `<id type>://<id>`. */
  PathOnHost: string;
  /** Path in the container. Linux only. */
  PathInContainer?: string;
  /** What the container may do: any of `r` (read), `w` (write) and `m` (create nodes). Linux only. */
  CgroupPermissions?: string;
}

/** Devices that a driver of the engine is asked for, such as GPUs. API 1.40+. @category Containers */
export interface DeviceRequest {
  /** Name of the driver, such as `nvidia` or `cdi`. Empty: any driver that has all the capabilities. */
  Driver?: string;
  /** How many devices; -1 for all that there are. */
  Count?: number;
  /** Which devices, in the driver's own terms. Stands in place of `Count`. */
  DeviceIDs?: string[] | null;
  /** Alternatives, any of which will do; each is a list of capabilities that are needed together, such as `["gpu"]`. */
  Capabilities?: string[][] | null;
  /** Settings that the driver understands. */
  Options?: Record<string, string> | null;
}

/** A resource limit of the container's processes, as the shell's `ulimit` sets it. @category Containers */
export interface Ulimit {
  /** Name of the limit without `RLIMIT_`, in lower case, such as `nofile`. */
  Name: string;
  /** The limit in force; a process may raise it up to the hard one. -1 for none. */
  Soft: number;
  /** The limit up to which the soft one may be raised. -1 for none. */
  Hard: number;
}

/**
 * Limits and devices of a container. In a request, what is left out is not limited; in an update, it stays as it is.
 *
 * @category Containers
 */
export interface Resources {
  /** Relative weight of the container's CPU time against other containers. `0` is the engine's default, 1024. */
  CpuShares?: number;
  /** Limit of memory, in bytes. `0` for none. */
  Memory?: number;
  /** Limit of CPU time, in billionths of one CPU. `0` for none. API 1.25+; updates take it from API 1.28 on. */
  NanoCpus?: number;
  /** `NanoCpus` as only the documents of API 1.27 spell it; engines send the other. Gone from API 1.28. */
  NanoCPUs?: number;
  /** Control group under which the container's own is made. A relative path starts at the engine's group. */
  CgroupParent?: string;
  /** Relative weight of block I/O against other containers, from 10 to 1000. `0` for the default. */
  BlkioWeight?: number;
  /** Weights that hold for single devices. */
  BlkioWeightDevice?: WeightDevice[] | null;
  /** Limits of reading, in bytes per second. */
  BlkioDeviceReadBps?: ThrottleDevice[] | null;
  /** Limits of writing, in bytes per second. */
  BlkioDeviceWriteBps?: ThrottleDevice[] | null;
  /** Limits of reading, in operations per second. */
  BlkioDeviceReadIOps?: ThrottleDevice[] | null;
  /** Limits of writing, in operations per second. */
  BlkioDeviceWriteIOps?: ThrottleDevice[] | null;
  /** Length of a period of the CPU scheduler, in microseconds. */
  CpuPeriod?: number;
  /** CPU time of the container within one period, in microseconds. */
  CpuQuota?: number;
  /** Length of a period of the real-time scheduler, in microseconds. API 1.25+. */
  CpuRealtimePeriod?: number;
  /** Real-time CPU time within one such period, in microseconds. API 1.25+. */
  CpuRealtimeRuntime?: number;
  /** CPUs on which the container may run, such as `0-3,7`. Empty for all. */
  CpusetCpus?: string;
  /** Memory nodes that the container may use, such as `0,1`. Empty for all. */
  CpusetMems?: string;
  /** Devices of the host that the container sees. */
  Devices?: DeviceMapping[] | null;
  /** Further rules for the use of devices, such as `c 13:* rwm`. API 1.28+. */
  DeviceCgroupRules?: string[] | null;
  /** Devices asked of the engine's device drivers. API 1.40+. */
  DeviceRequests?: DeviceRequest[] | null;
  /** Limit of disk space, in bytes; heeded by no engine. Gone from API 1.40. */
  DiskQuota?: number;
  /** Limit of the kernel's memory, in bytes. Gone from API 1.42. */
  KernelMemory?: number;
  /** Limit of the kernel's TCP buffers, in bytes. API 1.40+. Gone from API 1.52. */
  KernelMemoryTCP?: number;
  /** Memory that the container is pushed back to when the host runs short, in bytes. */
  MemoryReservation?: number;
  /** Limit of memory and swap together, in bytes. -1 for unlimited swap, `0` for twice the memory. */
  MemorySwap?: number;
  /** Readiness of the kernel to swap the container's pages out, from 0 to 100. `null` for the host's own. */
  MemorySwappiness?: number | null;
  /** Whether the kernel spares the container's processes when memory runs out. `null` where the host has no such setting. */
  OomKillDisable?: boolean | null;
  /**
   * Limit of the number of processes. `0` or -1 for none; `null` leaves it as it is, and is what engines send when there is
   * none. Updates take it from API 1.40 on.
   */
  PidsLimit?: number | null;
  /** Resource limits of the container's processes. */
  Ulimits?: Ulimit[] | null;
  /**
   * Whether the engine's own small init runs as the first process, passing signals on and reaping zombies. API 1.25+.
   * Updates ignore it.
   */
  Init?: boolean | null;
  /** Number of CPUs. Windows only. API 1.25+. */
  CpuCount?: number;
  /** Share of all CPUs, in percent. Windows only. */
  CpuPercent?: number;
  /** Limit of the system drive, in operations per second. Windows only. */
  IOMaximumIOps?: number;
  /** Limit of the system drive, in bytes per second. Windows only. */
  IOMaximumBandwidth?: number;
}
