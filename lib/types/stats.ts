/**
 * Process counts of a container. Empty on Windows, on hosts without the pids cgroup controller, and if the
 * container is not running.
 *
 * @category Containers
 */
export interface ContainerPidsStats {
  /** Number of processes and threads. */
  current?: number;
  /** Process limit. If there is no limit, absent or a rounded number above 2^53. */
  limit?: number;
}

/** A block I/O counter. @category Containers */
export interface ContainerBlkioStatEntry {
  /** Major device number. */
  major: number;
  /** Minor device number. */
  minor: number;
  /** Name of the operation, such as `read`, `write` or `total`. Capitalized on some cgroup versions. */
  op: string;
  /** Value of the counter. */
  value: number;
}

/** Block I/O of a container. Linux only. On cgroup v2, only the first list is set. @category Containers */
export interface ContainerBlkioStats {
  /** Bytes read and written. */
  io_service_bytes_recursive: ContainerBlkioStatEntry[];
  /** Number of completed operations. */
  io_serviced_recursive: ContainerBlkioStatEntry[];
  /** Number of queued operations. */
  io_queue_recursive: ContainerBlkioStatEntry[];
  /** Time from the start to the completion of operations, in nanoseconds. */
  io_service_time_recursive: ContainerBlkioStatEntry[];
  /** Time that operations spent in the queue, in nanoseconds. */
  io_wait_time_recursive: ContainerBlkioStatEntry[];
  /** Number of merged operations. */
  io_merged_recursive: ContainerBlkioStatEntry[];
  /** Time that devices were in use, in milliseconds. */
  io_time_recursive: ContainerBlkioStatEntry[];
  /** Sectors read and written. */
  sectors_recursive: ContainerBlkioStatEntry[];
}

/** Disk I/O of a container. Windows only; empty elsewhere. @category Containers */
export interface ContainerStorageStats {
  /** Normalized number of read operations. */
  read_count_normalized?: number;
  /** Bytes read. */
  read_size_bytes?: number;
  /** Normalized number of write operations. */
  write_count_normalized?: number;
  /** Bytes written. */
  write_size_bytes?: number;
}

/**
 * CPU time of a container since its start, in nanoseconds. On Windows, in units of 100 nanoseconds.
 *
 * @category Containers
 */
export interface ContainerCPUUsage {
  /** Total CPU time. Rounded above 2^53, that is, after 104 days. */
  total_usage: number;
  /** CPU time per CPU. Only on Linux with cgroup v1. */
  percpu_usage?: number[];
  /** CPU time in kernel mode. */
  usage_in_kernelmode: number;
  /** CPU time in user mode. */
  usage_in_usermode: number;
}

/** CPU throttling of a container. Linux only. @category Containers */
export interface ContainerThrottlingData {
  /** Number of scheduler periods in which the container was active. */
  periods: number;
  /** Number of scheduler periods in which the container was throttled. */
  throttled_periods: number;
  /** Total throttled time, in nanoseconds. Rounded above 2^53. */
  throttled_time: number;
}

/** CPU statistics of a container and its host. @category Containers */
export interface ContainerCPUStats {
  /** CPU time of the container. */
  cpu_usage: ContainerCPUUsage;
  /**
   * CPU time of the host on all its CPUs, in nanoseconds. Linux only. Rounded above 2^53, that is, after 104 days of CPU time.
   */
  system_cpu_usage?: number;
  /** Number of online CPUs of the host. Linux only. Added in API 1.27. */
  online_cpus?: number;
  /** CPU throttling. */
  throttling_data?: ContainerThrottlingData;
  /** CPU usage in percent, since the container's start. Undocumented; only Podman sends it. */
  cpu?: number;
}

/** Memory statistics of a container, in bytes. Empty if the container is not running. @category Containers */
export interface ContainerMemoryStats {
  /** Memory usage, including the page cache. Linux only. */
  usage?: number;
  /** Maximum memory usage. Only on Linux with cgroup v1. */
  max_usage?: number;
  /** Kernel counters by name, which differ between cgroup v1 and v2. Linux only. */
  stats?: Record<string, number>;
  /** Number of times the limit was hit. Only on Linux with cgroup v1. */
  failcnt?: number;
  /** Memory limit, or the memory of the host if that is smaller. Linux only. Rounded above 2^53. */
  limit?: number;
  /** Committed memory. Windows only. */
  commitbytes?: number;
  /** Peak committed memory. Windows only. */
  commitpeakbytes?: number;
  /** Private working set. Windows only. */
  privateworkingset?: number;
}

/** Traffic on a network interface of a container since its start. @category Containers */
export interface ContainerNetworkStats {
  /** Bytes received. */
  rx_bytes: number;
  /** Packets received. */
  rx_packets: number;
  /** Receive errors. Linux only. */
  rx_errors: number;
  /** Received packets that were dropped. */
  rx_dropped: number;
  /** Bytes sent. */
  tx_bytes: number;
  /** Packets sent. */
  tx_packets: number;
  /** Transmit errors. Linux only. */
  tx_errors: number;
  /** Outgoing packets that were dropped. */
  tx_dropped: number;
  /** ID of the endpoint. Windows only. */
  endpoint_id?: string;
  /** ID of the instance. Windows only. */
  instance_id?: string;
}

/**
 * Resource usage of a container at a point in time. If the container is not running, the times are `0001-01-01T00:00:00Z` and the
 * statistics are empty.
 *
 * 64-bit counters become JavaScript numbers, which are exact up to 2^53. Larger values are rounded: limits that mean "unlimited",
 * and CPU times of more than 104 days.
 *
 * @category Containers
 */
export interface ContainerStats {
  /** Name of the container, with a leading slash. */
  name?: string;
  /** ID of the container. */
  id?: string;
  /** `id` as Podman 4 spells it. Undocumented. */
  Id?: string;
  /** Time of the sample, in RFC 3339 format. */
  read: string;
  /** Time of the sample in `precpu_stats`, in RFC 3339 format. `0001-01-01T00:00:00Z` if there is none. */
  preread: string;
  /** Process counts. */
  pids_stats?: ContainerPidsStats;
  /** Block I/O. */
  blkio_stats?: ContainerBlkioStats;
  /** Number of CPUs of the host. Windows only; `0` elsewhere. */
  num_procs: number;
  /** Disk I/O. Windows only. */
  storage_stats?: ContainerStorageStats;
  /** CPU statistics. */
  cpu_stats: ContainerCPUStats;
  /**
   * CPU statistics of the previous sample, for calculating a CPU percentage. All zero in the first sample of
   * a stream and in one-shot mode.
   */
  precpu_stats: ContainerCPUStats;
  /** Memory statistics. */
  memory_stats: ContainerMemoryStats;
  /**
   * Traffic by interface, such as `eth0`. Absent if the container shares the network of the host or of another container, or has
   * none.
   */
  networks?: Record<string, ContainerNetworkStats>;
  /** Operating system of the host: `linux` or `windows`. Added in API 1.52. */
  os_type?: string | null;
}
