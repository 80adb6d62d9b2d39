import { describe, expect, it, type TestContext, vi } from "vitest";
import { summarizeStats } from "../../../../lib/api/containers/helpers/stats-summary.js";
import { NotImplementedError, ServerError } from "../../../../lib/errors/api-error.js";
import { ContainerNotRunningError } from "../../../../lib/errors/container-errors.js";
import type { ContainerStats } from "../../../../lib/types/stats.js";
import { client, container, needsApi, runningContainer, useEngine } from "../../../support/engine.js";
import { notOnPodman } from "../../../support/images.js";

useEngine();

/** Skips a test if the engine's host has no ps, and reports the reason. */
async function needsPs(context: TestContext, id: string): Promise<void> {
  const answer = await client.topContainer({ id }).catch((error: unknown) => error);
  context.skip(
    answer instanceof ServerError && answer.reason.includes("not found in $PATH"),
    "the engine's host has no ps, which topContainer needs",
  );
}

describe("topContainer", () => {
  it("lists processes", async (context) => {
    const id = await runningContainer(["sleep", "611"]);
    await needsPs(context, id);
    const { titles, processes, entries } = await client.topContainer({ id });
    // Podman may return whole lines, and runs ps in the container
    expect(titles.join(" ")).toContain("PID");
    expect(processes.length).toBe(entries.length);
    const sleep = entries.find(({ command }) => command === "sleep 611");
    expect(sleep?.pid).toBeGreaterThan(0);
    expect(sleep?.user).toMatch(/^(root|0)$/);
    expect((await client.containerTop({ id })).titles).toEqual(titles);
  });

  it("accepts arguments for ps and column names", async (context) => {
    notOnPodman(context, "runs the image's ps, and busybox's ps has few columns");
    const id = await runningContainer(["sh", "-c", "sleep 611 & wait"]);
    await needsPs(context, id);
    await vi.waitFor(async () => expect((await client.topContainer({ id, psArgs: "aux" })).entries).toHaveLength(2));
    const [first] = (await client.topContainer({ id })).entries;
    expect(first?.pid).toBe((await client.inspectContainer({ id })).State.Pid);
    const { entries } = await client.topContainer({ id, columns: ["pid", "ppid", "user", "cgroup", "args"] });
    const [shell, sleep] = ["sh -c sleep 611 & wait", "sleep 611"].map((command) =>
      entries.find((entry) => entry.command === command),
    );
    expect(sleep?.ppid).toBe(shell?.pid);
    expect(sleep?.cgroup).toMatch(/\//);
    expect(sleep?.fields).toEqual({});
  });

  it("rejects a stopped container and invalid arguments for ps", async (context) => {
    notOnPodman(context, "returns nothing when topContainer fails", 5);
    await expect(client.topContainer({ id: await container({}) })).rejects.toThrow(ContainerNotRunningError);
    const id = await runningContainer(["sleep", "600"]);
    await expect(client.topContainer({ id, psArgs: "--no-such-argument" })).rejects.toThrow(ServerError);
  });
});

describe("stats", () => {
  const busy = () => runningContainer(["sh", "-c", "while :; do :; done"]);

  it("returns samples until the loop ends", async () => {
    const id = await busy();
    const samples: ContainerStats[] = [];
    for await (const sample of await client.stats({ id })) {
      samples.push(sample);
      if (samples.length === 3) break;
    }
    expect(new Set(samples.map(({ read }) => read)).size).toBe(3);
    const { cpuPercent, memoryUsed, memoryLimit, pids } = summarizeStats(samples[2]!, samples[1]);
    expect(cpuPercent).toBeGreaterThan(5);
    expect(memoryUsed).toBeGreaterThan(0);
    expect(memoryLimit).toBeGreaterThan(memoryUsed);
    expect(pids).toBe(1);
    await vi.waitFor(async () => expect(await client.connections()).toBeLessThanOrEqual(1));
  });

  it("returns one sample that includes the previous sample", async (context) => {
    notOnPodman(context, "sends no earlier sample with a single stats sample");
    const sample = await client.stats({ id: await busy(), stream: false });
    expect(summarizeStats(sample).cpuPercent).toBeGreaterThan(5);
    expect(Object.keys(sample.networks ?? {})).toHaveLength(1);
  });

  it("returns one sample immediately with oneShot", async (context) => {
    needsApi(context, "1.41", "oneShot of stats");
    const sample = await client.stats({ id: await busy(), oneShot: true });
    expect(summarizeStats(sample)).toMatchObject({ cpuPercent: undefined, pids: 1 });
  });

  it("reports no usage for a container that is not running", async (context) => {
    notOnPodman(context, "has no stats sample for a container that is not running");
    const sample = await client.stats({ id: await container({}), stream: false });
    expect(summarizeStats(sample)).toMatchObject({ cpuPercent: undefined, memoryUsed: 0, pids: 0 });
  });
});

describe("resizeContainerTty", () => {
  it("sets the size of a terminal", async () => {
    const command = 'trap "stty size; exit" WINCH; echo ready; while :; do sleep 0.1; done';
    const id = await runningContainer(["sh", "-c", command], { config: { Tty: true } });
    for await (const frame of await client.logs({ id, follow: true })) {
      expect(frame.data.toString()).toBe("ready\r\n");
      break;
    }
    await client.resizeContainerTty({ id, height: 37, width: 91 });
    await client.waitContainer({ id });
    const { stdout } = await (await client.logs({ id })).collect();
    expect(stdout.toString()).toBe("ready\r\n37 91\r\n");
  });

  it("rejects a container that is not running", async () => {
    const id = await container({ Tty: true });
    await expect(client.resizeContainerTty({ id, height: 1, width: 1 })).rejects.toThrow(ContainerNotRunningError);
  });
});

describe("checkpoints", () => {
  it("are created and removed, or rejected by engines without experimental features", async () => {
    const id = await runningContainer(["sleep", "600"]);
    const refused = await client.listCheckpoints({ id }).catch((e: unknown) => e);
    if (refused instanceof NotImplementedError) {
      await expect(client.createCheckpoint({ id, checkpoint: "one" })).rejects.toThrow(NotImplementedError);
      await expect(client.removeCheckpoint({ id, checkpoint: "one" })).rejects.toThrow(NotImplementedError);
      return;
    }
    expect(refused).toEqual([]);
    await client.createCheckpoint({ id, checkpoint: "one", exit: true });
    expect(await client.listCheckpoints({ id })).toEqual([{ Name: "one" }]);
    await client.startContainer({ id, checkpoint: "one" });
    await client.removeCheckpoint({ id, checkpoint: "one" });
    expect(await client.listCheckpoints({ id })).toEqual([]);
  });
});
