import { expect, test } from "vitest";
import { BOX, started, startEngine } from "../../support/embedded-engine.js";

test("lists the processes of a container with the columns that ps is asked for", async () => {
  const { client } = await startEngine();
  const id = await started(client, ["sh", "-c", "sleep 1000; true"]);
  const full = await client.topContainer({ id });
  expect(full.titles).toEqual(["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"]);
  expect(full.processes.map((row) => row.at(-1))).toEqual(["sh -c sleep 1000; true", "sleep 1000"]);
  const chosen = await client.topContainer({ id, psArgs: "-o pid,comm,args=WHAT" });
  expect(chosen.titles).toEqual(["PID", "COMMAND", "WHAT"]);
  expect(chosen.processes[0]?.slice(1)).toEqual(["sh", "sh -c sleep 1000; true"]);
  const { State } = await client.inspectContainer({ id });
  expect(chosen.processes[0]?.[0]).toBe(String(State.Pid));
  expect((await client.topContainer({ id, psArgs: "aux" })).titles).toContain("USER");
  expect((await client.topContainer({ id, psArgs: "-o pid,cgroup:2" })).processes[0]?.[1]).toBe("0:");
  await expect(client.topContainer({ id, psArgs: "-o pid,nosuch" })).rejects.toMatchObject({
    status: 500,
    reason: 'ps: error: unknown user-defined format specifier "nosuch"',
  });
  await expect(client.topContainer({ id, psArgs: "-o args" })).rejects.toThrow("Couldn't find PID field in ps output");
  await expect(client.topContainer({ id, psArgs: "--nosuch" })).rejects.toThrow("ps: error: unknown gnu long option");
  await expect(client.topContainer({ id, psArgs: "-L" })).rejects.toMatchObject({ status: 501 });
  await client.killContainer({ id });
  await expect(client.topContainer({ id })).rejects.toThrow("is not running");
});

test("measures a container once, twice and in a stream, which ends when it is removed", async () => {
  const { client } = await startEngine();
  const id = await started(client, ["sleep", "1000"]);
  const once = await client.stats({ id, stream: false, oneShot: true });
  expect(once).toMatchObject({ id, pids_stats: { current: 1 }, preread: "0001-01-01T00:00:00Z" });
  const twice = await client.stats({ id, stream: false });
  expect(twice.preread).not.toBe("0001-01-01T00:00:00Z");
  const samples: number[] = [];
  for await (const { pids_stats } of await client.stats({ id, stream: true })) {
    samples.push(pids_stats?.current ?? 0);
    if (samples.length === 1) await client.removeContainer({ id, force: true });
  }
  expect(samples[0]).toBe(1);
});

test("divides what the engine uses of processor and memory among the programs", async () => {
  const { client } = await startEngine();
  const busy = await started(client, ["sh", "-c", "while :; do :; done"], { Memory: 2 ** 32, PidsLimit: 7 });
  const idle = await started(client, ["sleep", "1000"]);
  await expect
    .poll(async () => (await client.stats({ id: busy, oneShot: true })).cpu_stats.cpu_usage.total_usage)
    .toBeGreaterThan(1_000_000);
  const sample = await client.stats({ id: busy, stream: false });
  expect(sample).toMatchObject({ pids_stats: { current: 1, limit: 7 }, memory_stats: { limit: 2 ** 32 } });
  expect(sample.memory_stats.usage).toBeGreaterThan(0);
  expect(Object.keys(sample.networks ?? {})).toEqual(["eth0"]);
  expect(sample.cpu_stats.system_cpu_usage).toBeGreaterThan(sample.precpu_stats.cpu_usage.total_usage);
  const other = await client.stats({ id: idle, oneShot: true });
  expect(other.cpu_stats.cpu_usage.total_usage).toBeLessThan(sample.cpu_stats.cpu_usage.total_usage);
  await client.killContainer({ id: busy });
  expect(await client.stats({ id: busy, stream: false })).toMatchObject({ pids_stats: {}, memory_stats: {} });
});

test("reports limits that have no effect", async () => {
  const { client } = await startEngine();
  const limited = { Memory: 100_000_000, CpuShares: 512 };
  const { Warnings } = await client.createContainer({ config: { Image: BOX }, hostConfig: limited });
  expect(Warnings).toEqual([
    "The executor program does not limit memory and processors. Memory is discarded.",
    "The executor program does not limit memory and processors. CpuShares is discarded.",
  ]);
  expect((await client.createContainer({ config: { Image: BOX } })).Warnings).toEqual([]);
});
