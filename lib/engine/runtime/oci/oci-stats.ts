import { readFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import type {
  ContainerBlkioStatEntry,
  ContainerBlkioStats,
  ContainerCPUStats,
  ContainerMemoryStats,
  ContainerNetworkStats,
  ContainerPidsStats,
  ContainerStats,
} from "../../../types/stats.js";
import type { Cgroup } from "./cgroup.js";

/** The nanoseconds of a tick of the kernel's clock. */
const TICK = 10_000_000;

/** What all processors have done, in nanoseconds. */
function systemTime(): number {
  const [, ...fields] = (readFileSync("/proc/stat", "latin1").split("\n", 1)[0] ?? "").split(/\s+/);
  return fields.slice(0, 7).reduce((sum, field) => sum + Number(field), 0) * TICK;
}

function processors(cgroup: Cgroup): ContainerCPUStats {
  const common = { system_cpu_usage: systemTime(), online_cpus: cpus().length };
  const throttling = cgroup.table("cpu", "cpu.stat");
  const periods = { periods: throttling.nr_periods ?? 0, throttled_periods: throttling.nr_throttled ?? 0 };
  if (cgroup.isUnified) {
    const nanoseconds = (name: string): number => (throttling[name] ?? 0) * 1000;
    return {
      cpu_usage: {
        total_usage: nanoseconds("usage_usec"),
        usage_in_kernelmode: nanoseconds("system_usec"),
        usage_in_usermode: nanoseconds("user_usec"),
      },
      ...common,
      throttling_data: { ...periods, throttled_time: nanoseconds("throttled_usec") },
    };
  }
  const modes = cgroup.table("cpuacct", "cpuacct.stat");
  return {
    cpu_usage: {
      total_usage: cgroup.number("cpuacct", "cpuacct.usage") ?? 0,
      percpu_usage: cgroup.read("cpuacct", "cpuacct.usage_percpu").split(" ").map(Number),
      usage_in_kernelmode: (modes.system ?? 0) * TICK,
      usage_in_usermode: (modes.user ?? 0) * TICK,
    },
    ...common,
    throttling_data: { ...periods, throttled_time: throttling.throttled_time ?? 0 },
  };
}

function memory(cgroup: Cgroup): ContainerMemoryStats {
  const stats = cgroup.table("memory", "memory.stat");
  const limited = (limit: number | undefined): number => Math.min(limit ?? Infinity, totalmem());
  if (cgroup.isUnified)
    return {
      usage: cgroup.number("memory", "memory.current") ?? 0,
      stats,
      limit: limited(cgroup.number("memory", "memory.max")),
    };
  return {
    usage: cgroup.number("memory", "memory.usage_in_bytes") ?? 0,
    max_usage: cgroup.number("memory", "memory.max_usage_in_bytes") ?? 0,
    stats,
    failcnt: cgroup.number("memory", "memory.failcnt") ?? 0,
    limit: limited(cgroup.number("memory", "memory.limit_in_bytes")),
  };
}

function pids(cgroup: Cgroup): ContainerPidsStats {
  const limit = cgroup.number("pids", "pids.max");
  return {
    current: cgroup.number("pids", "pids.current") ?? cgroup.processes().length,
    ...(limit === undefined ? {} : { limit }),
  };
}

function blocks(cgroup: Cgroup): ContainerBlkioStats {
  const entries = (name: string): ContainerBlkioStatEntry[] =>
    cgroup
      .read("blkio", name)
      .split("\n")
      .flatMap((line) => {
        const [, major, minor, op = "", value] = /^(\d+):(\d+) (\w+) (\d+)$/.exec(line) ?? [];
        return major === undefined
          ? []
          : [{ major: Number(major), minor: Number(minor), op: op.toLowerCase(), value: Number(value) }];
      });
  const unified = (): ContainerBlkioStatEntry[] =>
    cgroup
      .read("blkio", "io.stat")
      .split("\n")
      .flatMap((line) => {
        const [, major, minor, read, write] = /^(\d+):(\d+) rbytes=(\d+) wbytes=(\d+)/.exec(line) ?? [];
        const place = { major: Number(major), minor: Number(minor) };
        if (major === undefined) return [];
        return [
          { ...place, op: "read", value: Number(read) },
          { ...place, op: "write", value: Number(write) },
        ];
      });
  return {
    io_service_bytes_recursive: cgroup.isUnified ? unified() : entries("blkio.throttle.io_service_bytes_recursive"),
    io_serviced_recursive: cgroup.isUnified ? [] : entries("blkio.throttle.io_serviced_recursive"),
    io_queue_recursive: [],
    io_service_time_recursive: [],
    io_wait_time_recursive: [],
    io_merged_recursive: [],
    io_time_recursive: [],
    sectors_recursive: [],
  };
}

/** Reads the traffic of the interfaces that a process sees. */
function traffic(pid: number): Record<string, ContainerNetworkStats> {
  const lines = readFileSync(`/proc/${pid}/net/dev`, "latin1").split("\n").slice(2);
  return Object.fromEntries(
    lines.flatMap((line): [string, ContainerNetworkStats][] => {
      const [name = "", ...fields] = line.trim().split(/[:\s]+/);
      const at = (index: number): number => Number(fields[index] ?? 0);
      if (name === "" || name === "lo") return [];
      return [
        [
          name,
          {
            rx_bytes: at(0),
            rx_packets: at(1),
            rx_errors: at(2),
            rx_dropped: at(3),
            tx_bytes: at(8),
            tx_packets: at(9),
            tx_errors: at(10),
            tx_dropped: at(11),
          },
        ],
      ];
    }),
  );
}

/**
 * Measures a container.
 *
 * @param pid - a process whose interfaces are its own; undefined if it has none of its own.
 */
export function ociStats(cgroup: Cgroup, pid: number | undefined): Partial<ContainerStats> {
  const networks = pid === undefined ? {} : traffic(pid);
  return {
    cpu_stats: processors(cgroup),
    memory_stats: memory(cgroup),
    pids_stats: pids(cgroup),
    blkio_stats: blocks(cgroup),
    ...(Object.keys(networks).length > 0 ? { networks } : {}),
  };
}
