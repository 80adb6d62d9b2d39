import { describe, expect, it } from "vitest";
import { summarizeStats } from "../../../../lib/api/containers/helpers/stats-summary.js";
import type { ContainerStats } from "../../../../lib/types/stats.js";

const cpu = (total_usage: number, system_cpu_usage?: number, online_cpus?: number, percpu_usage?: number[]) => ({
  cpu_usage: { total_usage, percpu_usage, usage_in_kernelmode: 0, usage_in_usermode: 0 },
  system_cpu_usage,
  online_cpus,
});
const counters = { rx_packets: 0, rx_errors: 0, rx_dropped: 0, tx_packets: 0, tx_errors: 0, tx_dropped: 0 };
const entry = (op: string, value: number) => ({ major: 8, minor: 0, op, value });
const blkio = (io_service_bytes_recursive: ReturnType<typeof entry>[]) => ({
  io_service_bytes_recursive,
  io_serviced_recursive: [],
  io_queue_recursive: [],
  io_service_time_recursive: [],
  io_wait_time_recursive: [],
  io_merged_recursive: [],
  io_time_recursive: [],
  sectors_recursive: [],
});

const sample: ContainerStats = {
  read: "2026-01-01T00:00:02Z",
  preread: "2026-01-01T00:00:01Z",
  num_procs: 0,
  pids_stats: { current: 3 },
  cpu_stats: cpu(300, 2000, 4),
  precpu_stats: cpu(100, 1000, 4),
  memory_stats: { usage: 1000, limit: 4000, stats: { total_inactive_file: 200, inactive_file: 100 } },
  networks: { eth0: { ...counters, rx_bytes: 1, tx_bytes: 2 }, eth1: { ...counters, rx_bytes: 10, tx_bytes: 20 } },
  blkio_stats: blkio([
    entry("Read", 5),
    entry("Write", 7),
    entry("read", 50),
    entry("write", 70),
    entry("Total", 132),
    entry("", 1),
  ]),
};

describe("summarizeStats", () => {
  it("sums up the usage of a Linux container", () => {
    expect(summarizeStats(sample)).toEqual({
      cpuPercent: 80,
      memoryUsed: 800,
      memoryLimit: 4000,
      memoryPercent: 20,
      networkReceived: 11,
      networkSent: 22,
      blockRead: 55,
      blockWritten: 77,
      pids: 3,
    });
  });

  it.each([
    ["computed from the per-CPU counters if the number of CPUs is missing", { cpu_stats: cpu(300, 2000, undefined, [1, 1]) }, 40],
    ["0 without a number of CPUs", { cpu_stats: cpu(300, 2000) }, 0],
    ["0 when no time has passed", { cpu_stats: cpu(300, 1000, 4) }, 0],
    ["0 when no CPU time was used", { cpu_stats: cpu(100, 2000, 4) }, 0],
    ["0 when the container was restarted in between", { cpu_stats: cpu(50, 2000, 4) }, 0],
    ["0 when the host's CPU time is missing", { cpu_stats: cpu(300), precpu_stats: cpu(100) }, 0],
    ["undefined without a previous sample", { preread: "0001-01-01T00:00:00Z" }, undefined],
  ])("reports a CPU usage that is %s", (_what, more, cpuPercent) => {
    expect(summarizeStats({ ...sample, ...more }).cpuPercent).toBe(cpuPercent);
  });

  it("compares a one-shot sample with a previous sample", () => {
    const first = { ...sample, preread: "0001-01-01T00:00:00Z" };
    const second = { ...first, read: "2026-01-01T00:00:03Z", cpu_stats: cpu(400, 4000, 4) };
    expect(summarizeStats(second, first).cpuPercent).toBe(20);
  });

  it.each([
    ["cgroup v1", { usage: 1000, stats: { total_inactive_file: 200 } }, 800],
    ["cgroup v2", { usage: 1000, stats: { inactive_file: 100 } }, 900],
    ["no cache", { usage: 1000, stats: { total_inactive_file: 0, inactive_file: 100 } }, 1000],
    ["more cache than memory", { usage: 1000, stats: { inactive_file: 2000 } }, 1000],
    ["no counters", { usage: 1000 }, 1000],
    ["no values", {}, 0],
  ])("computes memory usage with %s", (_what, memory_stats, memoryUsed) => {
    expect(summarizeStats({ ...sample, memory_stats })).toMatchObject({ memoryUsed, memoryLimit: 0, memoryPercent: 0 });
  });

  const windows: ContainerStats = {
    read: "2026-01-01T00:00:02.5Z",
    preread: "2026-01-01T00:00:01.5Z",
    num_procs: 4,
    cpu_stats: cpu(21_000_000),
    precpu_stats: cpu(1_000_000),
    memory_stats: { commitbytes: 900, privateworkingset: 700 },
    storage_stats: { read_size_bytes: 5, write_size_bytes: 6 },
    networks: { a: { ...counters, rx_bytes: 1, tx_bytes: 2 } },
  };

  it("sums up the usage of a Windows container", () => {
    expect(summarizeStats(windows)).toEqual({
      cpuPercent: 50,
      memoryUsed: 700,
      memoryLimit: 0,
      memoryPercent: 0,
      networkReceived: 1,
      networkSent: 2,
      blockRead: 5,
      blockWritten: 6,
      pids: 0,
    });
    expect(summarizeStats({ ...windows, preread: windows.read }).cpuPercent).toBe(0);
    const bare = { ...windows, memory_stats: {}, storage_stats: {} };
    expect(summarizeStats(bare)).toMatchObject({ memoryUsed: 0, blockRead: 0, blockWritten: 0 });
  });

  it("trusts the operating system that the engine reports", () => {
    expect(summarizeStats({ ...windows, os_type: "linux" }).memoryUsed).toBe(0);
    expect(summarizeStats({ ...windows, num_procs: 0, os_type: "windows" }).memoryUsed).toBe(700);
  });

  it("reports no usage for a container that is not running", () => {
    const stopped: ContainerStats = {
      read: "0001-01-01T00:00:00Z",
      preread: "0001-01-01T00:00:00Z",
      num_procs: 0,
      pids_stats: {},
      blkio_stats: blkio([]),
      storage_stats: {},
      cpu_stats: cpu(0),
      precpu_stats: cpu(0),
      memory_stats: {},
    };
    const { cpuPercent, ...others } = summarizeStats(stopped);
    expect(cpuPercent).toBeUndefined();
    expect(Object.values(others).every((value) => value === 0)).toBe(true);
  });
});
