import type { ContainerBlkioStats, ContainerCPUStats, ContainerStats } from "../../types/stats.js";
import type { Container } from "./container.js";
import { rfc3339 } from "./record.js";

/** The use of a processor that is not measured: clients read these members without looking whether they are there. */
const noUse: ContainerCPUStats = {
  cpu_usage: { total_usage: 0, usage_in_kernelmode: 0, usage_in_usermode: 0 },
  throttling_data: { periods: 0, throttled_periods: 0, throttled_time: 0 },
};

/** The transfers of block devices: none, or null for a container that does not run, as on Docker. */
function noTransfers(isRunning: boolean): ContainerBlkioStats {
  const none = isRunning ? [] : (null as unknown as []);
  return {
    io_service_bytes_recursive: none,
    io_serviced_recursive: none,
    io_queue_recursive: none,
    io_service_time_recursive: none,
    io_wait_time_recursive: none,
    io_merged_recursive: none,
    io_time_recursive: none,
    sectors_recursive: none,
  };
}

/**
 * Measures the resources that a container uses. What the executor does not measure is zero, as it is for a container that does not
 * run.
 *
 * @param now - the time in nanoseconds since 1970.
 * @param previous - the measurement before this one.
 */
export async function measure(container: Container, now: bigint, previous?: ContainerStats): Promise<ContainerStats> {
  const measured = await container.sandbox?.stats();
  return {
    id: container.id,
    name: `/${container.record.name}`,
    read: measured ? rfc3339(now) : rfc3339(undefined),
    preread: previous?.read ?? rfc3339(undefined),
    pids_stats: {},
    blkio_stats: noTransfers(measured !== undefined),
    num_procs: 0,
    storage_stats: {},
    cpu_stats: noUse,
    memory_stats: {},
    ...measured,
    ...container.imposedStats,
    precpu_stats: previous?.cpu_stats ?? noUse,
  };
}
