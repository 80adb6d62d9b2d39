import { expect, test } from "vitest";
import type { Client } from "../../../lib/client.js";
import { call2, startAgent } from "../support/agent-bed.js";

/** The measurements of an engine that gives these statistics. */
async function measure(stats: object): Promise<Record<string, unknown>> {
  const ping = () => Promise.resolve({ ApiVersion: "1.51" });
  const whole = {
    blkio_stats: {},
    cpu_stats: { cpu_usage: { total_usage: 0, usage_in_usermode: 0 } },
    memory_stats: {},
    ...stats,
  };
  const client = { endpoint: "unix:///nowhere.sock", ping, stats: () => Promise.resolve(whole) } as unknown as Client;
  return call2(await startAgent({ client }), "GetMetrics", { guest: { id: "web" } });
}

test("disks are named by their numbers, with what control groups v1 or v2 report of them", async () => {
  const entry = (minor: number, op: string, value: number): object => ({ major: 8, minor, op, value });
  const { disk } = await measure({
    blkio_stats: {
      io_serviced_recursive: [entry(0, "Read", 3), entry(0, "Write", 4), entry(0, "Total", 7), entry(16, "read", 1)],
      io_service_bytes_recursive: [entry(0, "read", 4_096), entry(0, "write", 8_192)],
      io_service_time_recursive: [entry(0, "Read", 50), entry(0, "Write", 60), entry(0, "Sync", 110)],
    },
  });
  const none = {
    read_ops: 0,
    read_bytes: 0,
    read_time: 0,
    write_ops: 0,
    write_bytes: 0,
    write_time: 0,
    flush_ops: 0,
    flush_time: 0,
  };
  expect(disk).toEqual([
    { ...none, disk: "8:0", read_ops: 3, read_bytes: 4_096, read_time: 50, write_ops: 4, write_bytes: 8_192, write_time: 60 },
    { ...none, disk: "8:16", read_ops: 1 },
  ]);
});

test.each([[{ io_serviced_recursive: null, io_service_bytes_recursive: null }], [{}]])(
  "there are no disks, interfaces or CPUs where the engine reports none: %j",
  async (blkio) => {
    expect(await measure({ blkio_stats: blkio })).toEqual({
      guest: { id: "web" },
      type: "",
      disk: [],
      nic: [],
      cpu: [{ cpu_time: 0, vcpu_time: 0 }],
      memory: { usage: 0, limit: 0 },
    });
  },
);

test("the time in user mode is shared between the CPUs as the whole time is", async () => {
  const usage = { total_usage: 400, usage_in_usermode: 100, percpu_usage: [300, 100] };
  expect((await measure({ cpu_stats: { cpu_usage: usage } })).cpu).toEqual([
    { cpu_time: 300, vcpu_time: 75 },
    { cpu_time: 100, vcpu_time: 25 },
  ]);
  const idle = { total_usage: 0, usage_in_usermode: 0, percpu_usage: [0] };
  expect((await measure({ cpu_stats: { cpu_usage: idle } })).cpu).toEqual([{ cpu_time: 0, vcpu_time: 0 }]);
});

test("a limit of memory that is none, which control groups v1 write as a huge number, is 0", async () => {
  const memory = (limit: number) => measure({ memory_stats: { usage: 5, limit } });
  expect((await memory(2 ** 63)).memory).toEqual({ usage: 5, limit: 0 });
  expect((await memory(1_024)).memory).toEqual({ usage: 5, limit: 1_024 });
});
