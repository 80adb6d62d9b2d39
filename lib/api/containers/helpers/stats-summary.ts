import type { ContainerBlkioStats, ContainerCPUStats, ContainerMemoryStats, ContainerStats } from "../../../types/stats.js";

/** Resource usage of a container, with the same figures as `docker stats`. @category Containers */
export interface StatsSummary {
  /**
   * CPU time since the previous sample, as a percentage of one CPU: 200 means two fully used CPUs. On Windows, as a percentage
   * of all CPUs. Undefined if there is no previous sample.
   */
  cpuPercent: number | undefined;
  /** Memory in use, in bytes, excluding cached files that the kernel can drop. On Windows, the private working set. */
  memoryUsed: number;
  /** Memory limit, in bytes; 0 if unknown. */
  memoryLimit: number;
  /** Memory in use, as a percentage of the limit; 0 if the limit is unknown. */
  memoryPercent: number;
  /** Bytes received on all interfaces. */
  networkReceived: number;
  /** Bytes sent on all interfaces. */
  networkSent: number;
  /** Bytes read from block devices. */
  blockRead: number;
  /** Bytes written to block devices. */
  blockWritten: number;
  /** Number of processes and threads; 0 if the host does not count them. */
  pids: number;
}

/** The CPU time in a sample, and the time of the sample. */
type CpuSample = Pick<ContainerStats, "read" | "cpu_stats">;

/** CPU time on Windows is in units of 100 nanoseconds. */
const INTERVALS_PER_MILLISECOND = 10_000;

const isTaken = (time: string): boolean => time !== "" && !time.startsWith("0001-");

function isWindows({ os_type, num_procs }: ContainerStats): boolean {
  return os_type ? os_type === "windows" : num_procs > 0;
}

function cpuPercentOfLinux(now: ContainerCPUStats, before: ContainerCPUStats): number {
  const used = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
  const passed = (now.system_cpu_usage ?? 0) - (before.system_cpu_usage ?? 0);
  // engines before API 1.27 do not report the number of online CPUs
  const cpus = now.online_cpus || now.cpu_usage.percpu_usage?.length || 0;
  return used > 0 && passed > 0 ? (used / passed) * cpus * 100 : 0;
}

function cpuPercentOfWindows(sample: ContainerStats, before: CpuSample): number {
  const passed = (Date.parse(sample.read) - Date.parse(before.read)) * INTERVALS_PER_MILLISECOND * sample.num_procs;
  const used = sample.cpu_stats.cpu_usage.total_usage - before.cpu_stats.cpu_usage.total_usage;
  return passed > 0 ? (used / passed) * 100 : 0;
}

/** Returns the memory in use, excluding inactive cached files. */
function workingSet({ usage = 0, stats = {} }: ContainerMemoryStats): number {
  // only cgroup v1 has the first counter
  const inactive = stats.total_inactive_file ?? stats.inactive_file ?? 0;
  return inactive < usage ? usage - inactive : usage;
}

function blockBytes({ io_service_bytes_recursive: entries }: Partial<ContainerBlkioStats>, operation: "r" | "w"): number {
  return (entries ?? []).filter(({ op }) => op[0]?.toLowerCase() === operation).reduce((sum, { value }) => sum + value, 0);
}

/**
 * Converts a sample to the figures that `docker stats` shows.
 *
 * @param sample - a sample from {@link Client.stats}.
 * @param before - an earlier sample of the same container. Defaults to the previous sample that the engine includes, except in
 * the first sample of a stream and in a one-shot sample.
 * @category Helpers
 */
export function summarizeStats(
  sample: ContainerStats,
  before: CpuSample = { read: sample.preread, cpu_stats: sample.precpu_stats },
): StatsSummary {
  const windows = isWindows(sample);
  const { memory_stats: memory, storage_stats: storage = {}, blkio_stats: blkio = {} } = sample;
  const interfaces = Object.values(sample.networks ?? {});
  const cpuPercent = windows ? cpuPercentOfWindows(sample, before) : cpuPercentOfLinux(sample.cpu_stats, before.cpu_stats);
  const memoryUsed = windows ? (memory.privateworkingset ?? 0) : workingSet(memory);
  const memoryLimit = memory.limit ?? 0;
  return {
    cpuPercent: isTaken(before.read) ? cpuPercent : undefined,
    memoryUsed,
    memoryLimit,
    memoryPercent: memoryLimit > 0 ? (memoryUsed / memoryLimit) * 100 : 0,
    networkReceived: interfaces.reduce((sum, { rx_bytes }) => sum + rx_bytes, 0),
    networkSent: interfaces.reduce((sum, { tx_bytes }) => sum + tx_bytes, 0),
    blockRead: windows ? (storage.read_size_bytes ?? 0) : blockBytes(blkio, "r"),
    blockWritten: windows ? (storage.write_size_bytes ?? 0) : blockBytes(blkio, "w"),
    pids: sample.pids_stats?.current ?? 0,
  };
}
