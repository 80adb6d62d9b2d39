/**
 * Processes of a container. Empty on Windows, on hosts that do not count them, and while the container does not run.
 *
 * @category Containers
 */
export interface ContainerPidsStats {
  /** How many there are, threads included. */
  current?: number;
  /** How many there may be. For no limit it is left out, or larger than 2^53. */
  limit?: number;
}

/** A counter of block I/O. @category Containers */
export interface ContainerBlkioStatEntry {
  /** Major number of the device. */
  major: number;
  /** Minor number of the device. */
  minor: number;
  /** What is counted: `read`, `write`, `total`… in lower case or with a capital, by version of the control groups. */
  op: string;
  /** The count. */
  value: number;
}

/** Block I/O of a container. Linux only. With control groups of version 2 there is only the first list. @category Containers */
export interface ContainerBlkioStats {
  /** Bytes read and written. */
  io_service_bytes_recursive: ContainerBlkioStatEntry[] | null;
  /** Operations done. */
  io_serviced_recursive: ContainerBlkioStatEntry[] | null;
  /** Operations that wait. */
  io_queue_recursive: ContainerBlkioStatEntry[] | null;
  /** Time from the start of operations to their end, in nanoseconds. */
  io_service_time_recursive: ContainerBlkioStatEntry[] | null;
  /** Time that operations waited, in nanoseconds. */
  io_wait_time_recursive: ContainerBlkioStatEntry[] | null;
  /** Operations that were merged with others. */
  io_merged_recursive: ContainerBlkioStatEntry[] | null;
  /** Time for which devices were taken, in milliseconds. */
  io_time_recursive: ContainerBlkioStatEntry[] | null;
  /** Sectors read and written. */
  sectors_recursive: ContainerBlkioStatEntry[] | null;
}

/** Disk I/O of a container. Windows only; empty elsewhere. @category Containers */
export interface ContainerStorageStats {
  /** Operations of reading, in units of the same size. */
  read_count_normalized?: number;
  /** Bytes read. */
  read_size_bytes?: number;
  /** Operations of writing, in units of the same size. */
  write_count_normalized?: number;
  /** Bytes written. */
  write_size_bytes?: number;
}

/** CPU time of a container since it started. In nanoseconds; on Windows, in hundreds of nanoseconds. @category Containers */
export interface ContainerCPUUsage {
  /** All of it. */
  total_usage: number;
  /** The same by CPU. Linux with control groups of version 1 only. */
  percpu_usage?: number[] | null;
  /** What the kernel spent for it. */
  usage_in_kernelmode: number;
  /** What its programs spent. */
  usage_in_usermode: number;
}

/** How often a container was held back by its limit of CPU time. Linux only. @category Containers */
export interface ContainerThrottlingData {
  /** Periods of the scheduler in which it had something to do. */
  periods: number;
  /** Those in which it was held back. */
  throttled_periods: number;
  /** For how long, in nanoseconds. */
  throttled_time: number;
}

/** CPU time of a container and its host at one moment. @category Containers */
export interface ContainerCPUStats {
  /** CPU time of the container. */
  cpu_usage: ContainerCPUUsage;
  /** CPU time of the whole host, in nanoseconds. Linux only. */
  system_cpu_usage?: number;
  /** Number of the host's CPUs. Linux only. API 1.27+. */
  online_cpus?: number;
  /** How often it was held back. */
  throttling_data?: ContainerThrottlingData;
}

/** Memory of a container, in bytes. Empty while it does not run. @category Containers */
export interface ContainerMemoryStats {
  /** What it uses, cached files included. Linux only. */
  usage?: number;
  /** The most that it has used. Linux with control groups of version 1 only. */
  max_usage?: number;
  /** The kernel's own counters, by name, which differ between the versions of the control groups. Linux only. */
  stats?: Record<string, number>;
  /** How often it met its limit. Linux with control groups of version 1 only. */
  failcnt?: number;
  /** Its limit, or the host's memory where that is less. Linux only. */
  limit?: number;
  /** What it has asked for. Windows only. */
  commitbytes?: number;
  /** The most that it has asked for. Windows only. */
  commitpeakbytes?: number;
  /** What it uses alone. Windows only. */
  privateworkingset?: number;
}

/** Traffic of a container through one of its interfaces, since it started. @category Containers */
export interface ContainerNetworkStats {
  /** Bytes received. */
  rx_bytes: number;
  /** Packets received. */
  rx_packets: number;
  /** Errors at receiving. Linux only. */
  rx_errors: number;
  /** Packets dropped at receiving. */
  rx_dropped: number;
  /** Bytes sent. */
  tx_bytes: number;
  /** Packets sent. */
  tx_packets: number;
  /** Errors at sending. Linux only. */
  tx_errors: number;
  /** Packets dropped at sending. */
  tx_dropped: number;
  /** ID of the endpoint. Windows only. */
  endpoint_id?: string;
  /** ID of the instance. Windows only. */
  instance_id?: string;
}

/**
 * What a container uses at one moment. For a container that does not run, the times are `0001-01-01T00:00:00Z` and there is
 * nothing to see.
 *
 * Counters of 64 bits become JavaScript numbers, which are exact up to 2^53. Nanoseconds of CPU time pass that after 104 days of
 * one CPU, and so do limits that mean "none"; the last few digits are then not to be trusted.
 *
 * @category Containers
 */
export interface ContainerStats {
  /** Name of the container, with a slash before it. */
  name?: string;
  /** ID of the container. */
  id?: string;
  /** When this was taken, in RFC 3339. */
  read: string;
  /** When the sample in `precpu_stats` was taken, in RFC 3339. `0001-01-01T00:00:00Z` when there is none. */
  preread: string;
  /** Processes. */
  pids_stats?: ContainerPidsStats;
  /** Block I/O. */
  blkio_stats?: ContainerBlkioStats;
  /** Number of CPUs of the host. Windows only; elsewhere `0`. */
  num_procs: number;
  /** Disk I/O. Windows only. */
  storage_stats?: ContainerStorageStats;
  /** CPU time. */
  cpu_stats: ContainerCPUStats;
  /** CPU time at the sample before, which a use in percent needs. All zero in a stream's first sample and in a one-shot. */
  precpu_stats: ContainerCPUStats;
  /** Memory. */
  memory_stats: ContainerMemoryStats;
  /** Traffic by interface, such as `eth0`. Left out for a container without a network of its own. */
  networks?: Record<string, ContainerNetworkStats>;
  /** Operating system of the engine's host: `linux` or `windows`. API 1.52+. */
  os_type?: string | null;
}
