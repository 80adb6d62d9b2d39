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
  await expect(client.topContainer({ id, psArgs: "-o nice" })).rejects.toThrow('does not know the column "nice"');
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
