import { expect, test, vi } from "vitest";
import { ManualClock } from "../../../lib/engine/testing/manual-clock.js";
import { started, startEngine } from "../../support/embedded-engine.js";

test("sleepers wake in order, each at its time, with those that start meanwhile", async () => {
  const clock = new ManualClock(new Date(1_000_000));
  const woken: string[] = [];
  const sleep = async (name: string, milliseconds: number): Promise<void> => {
    await clock.sleep(milliseconds);
    woken.push(`${name} ${clock.date.getTime() - 1_000_000}`);
  };
  void sleep("late", 500);
  void sleep("early", 100).then(() => sleep("next", 50));
  void sleep("never", Infinity);
  await sleep("now", 0);
  expect(clock.sleeping).toEqual([100, 500, Infinity]);
  await clock.advance(99);
  expect(woken).toEqual(["now 0"]);
  await clock.advance(300);
  expect(woken).toEqual(["now 0", "early 100", "next 150"]);
  expect(clock.date.getTime()).toBe(1_000_399);
  await clock.advance(101);
  expect(woken.at(-1)).toBe("late 500");
  await expect(clock.advance(-1)).rejects.toThrow(TypeError);
});

test("a signal ends a sleep", async () => {
  const clock = new ManualClock();
  const abort = new AbortController();
  const sleep = clock.sleep(1000, abort.signal);
  abort.abort(new Error("enough"));
  await expect(sleep).rejects.toThrow("enough");
  expect(clock.sleeping).toEqual([]);
  await expect(clock.sleep(1, abort.signal)).rejects.toThrow("enough");
});

test("sleep and timestamps of containers follow the clock", async () => {
  const clock = new ManualClock(new Date("2030-01-01T00:00:00Z"));
  const { client } = await startEngine({ clock });
  const id = await started(client, ["sleep", "3600"]);
  await clock.untilSleeping(3_600_000);
  await clock.advance(3_600_000);
  expect(await client.waitContainer({ id })).toMatchObject({ statusCode: 0 });
  const { State } = await client.inspectContainer({ id });
  expect(State).toMatchObject({ StartedAt: "2030-01-01T00:00:00Z", FinishedAt: "2030-01-01T01:00:00Z" });
});

test("the grace period of stop follows the clock", async () => {
  const clock = new ManualClock();
  const { client } = await startEngine({ clock });
  // nothing handles SIGTERM in the first process
  const id = await started(client, ["sleep", "1000000"]);
  const stop = client.stopContainer({ id, timeout: 30 });
  await clock.untilSleeping(30_000);
  expect((await client.inspectContainer({ id })).State.Running).toBe(true);
  await clock.advance(30_000);
  await stop;
  expect((await client.inspectContainer({ id })).State).toMatchObject({ Status: "exited", ExitCode: 137 });
});

test("health checks follow the clock", async () => {
  const clock = new ManualClock();
  const { client } = await startEngine({ clock });
  const Healthcheck = { Test: ["CMD", "ls", "/data/ready"], Interval: 10_000_000_000, Retries: 2 };
  const id = await started(client, ["sleep", "1000000"], {}, { Healthcheck });
  const status = async (): Promise<string | undefined> => (await client.inspectContainer({ id })).State.Health?.Status;
  const check = async (): Promise<void> => {
    await clock.untilSleeping(10_000);
    await clock.advance(10_000);
  };
  expect(await status()).toBe("starting");
  await check();
  await check();
  await vi.waitFor(async () => expect(await status()).toBe("unhealthy"));
  await client.copyToContainer({ container: id, path: "/data/ready", content: "" });
  await check();
  await vi.waitFor(async () => expect(await status()).toBe("healthy"));
});

test("the delays of restart policies follow the clock", async () => {
  const clock = new ManualClock();
  const { client } = await startEngine({ clock });
  const id = await started(client, ["false"], { RestartPolicy: { Name: "on-failure", MaximumRetryCount: 3 } });
  for (const delay of [100, 200, 400]) {
    await clock.untilSleeping(delay);
    expect((await client.inspectContainer({ id })).State.Restarting).toBe(true);
    await clock.advance(delay);
  }
  await vi.waitFor(async () => {
    const { State, RestartCount } = await client.inspectContainer({ id });
    expect({ ...State, RestartCount }).toMatchObject({ Status: "exited", ExitCode: 1, RestartCount: 3 });
  });
});

test("time passes until a promise is settled", async () => {
  const clock = new ManualClock(new Date(0));
  const { client } = await startEngine({ clock });
  const id = await started(client, ["sh", "-c", "for i in 1 2 3; do sleep 100; done; exit 5"]);
  expect(await clock.advanceUntil(client.waitContainer({ id }))).toMatchObject({ statusCode: 5 });
  expect(clock.date.getTime()).toBeGreaterThanOrEqual(300_000);
  await expect(clock.advanceUntil(Promise.reject(new Error("failed")))).rejects.toThrow("failed");
});
