import * as z from "zod";
import type { ContainerStats } from "../../index.js";
import { assertUsable } from "./guests.js";
import { method } from "./method.js";

const id = z.string().min(1, "missing guest with id").describe("ID of the guest.");
const count = z.int().nonnegative();
const counter = count.describe("Since the start of the guest.");

const metrics = z
  .object({
    guest: z.object({ id }).describe("The guest."),
    type: z.string().describe("The asked type: cpu, disk, nic, memory, or empty for all."),
    disk: z
      .array(
        z.object({
          disk: z.string().describe("Major and minor number of the device, such as 8:0."),
          read_ops: counter,
          read_bytes: counter,
          read_time: counter,
          write_ops: counter,
          write_bytes: counter,
          write_time: counter,
          flush_ops: counter,
          flush_time: counter,
        }),
      )
      .optional()
      .describe("Block devices. Engines on control groups v2 report no times: they are 0. Times are in nanoseconds."),
    nic: z
      .array(
        z.object({
          name: z.string().describe("Name of the interface in the guest."),
          rx_bytes: counter,
          rx_packets: counter,
          rx_errors: counter,
          rx_drops: counter,
          tx_bytes: counter,
          tx_packets: counter,
          tx_errors: counter,
          tx_drops: counter,
        }),
      )
      .optional()
      .describe("Network interfaces."),
    cpu: z
      .array(
        z.object({
          cpu_time: count.describe("CPU time of the guest, in nanoseconds."),
          vcpu_time: count.describe("Of it, the time in user mode, in nanoseconds."),
        }),
      )
      .optional()
      .describe("CPUs: one entry for each where the engine reports them, otherwise one for all."),
    memory: z
      .object({ usage: count.describe("Bytes in use."), limit: count.describe("The most bytes.") })
      .optional()
      .describe("Memory."),
  })
  .meta({ id: "GuestMetricsResponse", description: "Measurements of a guest." });

const kinds = ["disk", "nic", "cpu", "memory"] as const;

/** The method that returns measurements in the shapes of mistify. */
export const GetMetrics = method({
  summary: "Returns measurements of a running guest.",
  params: z.strictObject({
    guest: z.looseObject({ id }, "missing guest with id").describe("The guest."),
    type: z
      .enum(["", ...kinds])
      .optional()
      .describe("Which measurements. All by default."),
    args: z.record(z.string(), z.string()).optional().describe("Ignored. Callers of JSON-RPC 1.0 send it."),
  }),
  result: metrics,
  changes: false,
  failures: ["notFound", "policy"],
  async run({ guest, type = "" }, context) {
    await assertUsable(context, guest.id);
    const sample = await context.client.stats({ id: guest.id, stream: false }, { signal: context.signal });
    const all = { disk: disksIn(sample), nic: nicsIn(sample), cpu: cpusIn(sample), memory: memoryIn(sample) };
    return { guest: { id: guest.id }, type, ...(type === "" ? all : { [type]: all[type] }) };
  },
});

type Metrics = z.infer<typeof metrics>;

function disksIn({ blkio_stats: stats }: ContainerStats): Metrics["disk"] {
  const disks = new Map<string, NonNullable<Metrics["disk"]>[number]>();
  const add = (
    entries: readonly { major: number; minor: number; op: string; value: number }[] | null | undefined,
    unit: "ops" | "bytes" | "time",
  ): void => {
    for (const { major, minor, op, value } of entries ?? []) {
      const name = `${major}:${minor}`;
      const empty = { read_ops: 0, read_bytes: 0, read_time: 0, write_ops: 0, write_bytes: 0, write_time: 0 };
      let disk = disks.get(name);
      if (!disk) disks.set(name, (disk = { disk: name, ...empty, flush_ops: 0, flush_time: 0 }));
      const kind = op.toLowerCase();
      if (kind === "read" || kind === "write") disk[`${kind}_${unit}`] += value;
    }
  };
  add(stats?.io_serviced_recursive, "ops");
  add(stats?.io_service_bytes_recursive, "bytes");
  add(stats?.io_service_time_recursive, "time");
  return [...disks.values()];
}

function nicsIn({ networks = {} }: ContainerStats): Metrics["nic"] {
  return Object.entries(networks).map(([name, { rx_dropped, tx_dropped, ...found }]) => ({
    name,
    rx_bytes: found.rx_bytes,
    rx_packets: found.rx_packets,
    rx_errors: found.rx_errors,
    rx_drops: rx_dropped,
    tx_bytes: found.tx_bytes,
    tx_packets: found.tx_packets,
    tx_errors: found.tx_errors,
    tx_drops: tx_dropped,
  }));
}

function cpusIn({ cpu_stats: { cpu_usage: usage } }: ContainerStats): Metrics["cpu"] {
  const { percpu_usage: perCpu, total_usage: total, usage_in_usermode: user } = usage;
  if (!perCpu?.length) return [{ cpu_time: total, vcpu_time: user }];
  // the engine reports the time in user mode only for all CPUs together
  return perCpu.map((time) => ({ cpu_time: time, vcpu_time: total === 0 ? 0 : Math.round((time / total) * user) }));
}

function memoryIn({ memory_stats: { usage = 0, limit = 0 } }: ContainerStats): Metrics["memory"] {
  return { usage, limit: Number.isSafeInteger(limit) ? limit : 0 };
}
