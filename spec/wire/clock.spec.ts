import { once } from "node:events";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { clearTimeout, monotonicTime, setImmediate, setTimeout, sleep, soon } from "../../lib/wire/clock.js";

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setImmediate", "queueMicrotask", "performance"] }));
afterEach(() => vi.useRealTimers());

it("the clock runs while the global clock stands still", async () => {
  const before = monotonicTime();
  await new Promise<void>((resolve) => setTimeout(resolve, 2));
  await new Promise<void>((resolve) => setImmediate(resolve));
  await sleep(1);
  expect(monotonicTime()).toBeGreaterThan(before);
});

it("the clock clears timers", async () => {
  const task = vi.fn();
  clearTimeout(setTimeout(task, 1));
  await sleep(5);
  expect(task).not.toHaveBeenCalled();
});

it("soon calls tasks in their order with their arguments", async () => {
  const calls: string[] = [];
  soon((name: string) => calls.push(name), "first");
  soon(() => calls.push("second"));
  expect(calls).toEqual([]);
  await Promise.resolve();
  expect(calls).toEqual(["first", "second"]);
});

it("soon raises an uncaught exception when a task throws", async () => {
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  const raised = once(process, "uncaughtException");
  soon(() => {
    throw new Error("unheard");
  });
  await expect(raised).resolves.toMatchObject([{ message: "unheard" }, "uncaughtException"]);
  for (const listener of listeners) process.on("uncaughtException", listener);
});
