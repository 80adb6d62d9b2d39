import { Readable, Writable } from "node:stream";
import { expect, test, vi } from "vitest";
import type { Clock } from "../../../lib/engine/clock.js";
import { HealthMonitor } from "../../../lib/engine/containers/health.js";
import type { ContainerRecord } from "../../../lib/engine/containers/record.js";
import type { ContainerProcess, ProcessSpec, Sandbox } from "../../../lib/engine/runtime/executor.js";
import type { HealthConfig } from "../../../lib/types/health.js";

/** A clock that only moves when a test says so. */
class ManualClock implements Clock {
  #now = 0n;
  #sleepers: { end: bigint; wake: () => void }[] = [];

  now(): bigint {
    return this.#now;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#sleepers.push({ end: this.#now + BigInt(milliseconds) * 1_000_000n, wake: resolve });
      signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
    });
  }

  /** Lets time pass, once somebody sleeps. */
  async pass(milliseconds: number): Promise<void> {
    await vi.waitFor(() => expect(this.#sleepers.length).toBeGreaterThan(0));
    this.#now += BigInt(milliseconds) * 1_000_000n;
    const due = this.#sleepers.filter(({ end }) => end <= this.#now);
    this.#sleepers = this.#sleepers.filter(({ end }) => end > this.#now);
    for (const { wake } of due) wake();
  }
}

/** Starts a monitor. Checks exit with `codes`, one after the other. */
function monitored(config: HealthConfig, codes: number[]) {
  const clock = new ManualClock();
  const events: string[] = [];
  const commands: (readonly string[])[] = [];
  const record = {
    config: { Healthcheck: config },
    state: { status: "running" },
    hostConfig: {},
  } as Partial<ContainerRecord> as ContainerRecord;
  let saves = 0;
  const execute = ({ argv }: ProcessSpec): Promise<Partial<ContainerProcess>> => {
    commands.push(argv);
    return Promise.resolve({
      stdin: new Writable({ write: (_, __, done) => done() }),
      stdout: Readable.from([Buffer.from("output")]),
      exited: Promise.resolve({ code: codes.shift() ?? 0 }),
    });
  };
  const sandbox = { execute } as Partial<Record<keyof Sandbox, unknown>> as Sandbox;
  const monitor = HealthMonitor.start(
    {
      record,
      linkedEnvironment: [],
      emit: (action) => events.push(action),
      running: () => sandbox,
      saveState: () => {
        saves += 1;
        return Promise.resolve();
      },
    },
    clock,
  );
  const check = async (milliseconds: number): Promise<void> => {
    const before = saves;
    await clock.pass(milliseconds);
    await vi.waitFor(() => expect(saves).toBe(before + 1));
  };
  return { clock, monitor, record, events, commands, check };
}

const SECOND = 1_000_000_000;

test.each([[undefined], [{}], [{ Test: [] }], [{ Test: ["NONE"] }]])("there are no checks with the settings %j", (config) => {
  expect(monitored(config as HealthConfig, []).monitor).toBeUndefined();
});

test("a container becomes healthy, and unhealthy after as many failures as retries", async () => {
  const { monitor, record, events, commands, check } = monitored(
    { Test: ["CMD", "check", "it"], Interval: SECOND, Retries: 2 },
    [0, 1, 1, 0],
  );
  expect(record.state.health).toEqual({ status: "starting", failingStreak: 0, log: [] });
  await check(1000);
  expect(record.state.health).toMatchObject({ status: "healthy", log: [{ ExitCode: 0, Output: "output" }] });
  await check(1000);
  expect(record.state.health).toMatchObject({ status: "healthy", failingStreak: 1 });
  await check(1000);
  expect(record.state.health).toMatchObject({ status: "unhealthy", failingStreak: 2 });
  await check(1000);
  expect(record.state.health).toMatchObject({ status: "healthy", failingStreak: 0 });
  expect(commands[0]).toEqual(["check", "it"]);
  expect(events.filter((event) => event.startsWith("health_status"))).toEqual([
    "health_status: healthy",
    "health_status: unhealthy",
    "health_status: healthy",
  ]);
  monitor?.stop();
});

test("failures do not count in the start period, whose checks have their own interval", async () => {
  const { monitor, record, commands, check } = monitored(
    { Test: ["CMD-SHELL", "check it"], Interval: 10 * SECOND, StartPeriod: 3 * SECOND, StartInterval: SECOND, Retries: 1 },
    [1, 1, 1],
  );
  await check(1000);
  await check(1000);
  expect(record.state.health).toMatchObject({ status: "starting", failingStreak: 0 });
  expect(commands[0]).toEqual(["/bin/sh", "-c", "check it"]);
  await check(1000);
  expect(record.state.health).toMatchObject({ status: "unhealthy", failingStreak: 1 });
  monitor?.stop();
});

test("the last five results are kept", async () => {
  const { monitor, record, check } = monitored({ Test: ["CMD", "check"], Interval: SECOND }, [0, 1, 2, 3, 4, 5]);
  for (let count = 0; count < 6; count += 1) await check(1000);
  expect(record.state.health?.log.map(({ ExitCode }) => ExitCode)).toEqual([1, 2, 3, 4, 5]);
  monitor?.stop();
});
