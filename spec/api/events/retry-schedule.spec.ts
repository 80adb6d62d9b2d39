import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RetrySchedule } from "../../../lib/api/events/retry-schedule.js";
import { ConnectionError } from "../../../lib/errors/connection-errors.js";

beforeEach(() => vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => vi.useRealTimers());

const nextWaits = (schedule: RetrySchedule, count: number) => Array.from({ length: count }, () => schedule.nextWait());

describe("RetrySchedule", () => {
  it("doubles the delay up to 5 seconds", () => {
    const doubled = [10, 20, 40, 80, 160, 320, 640, 1280, 2560];
    expect(nextWaits(new RetrySchedule(), 12)).toEqual([...doubled, 5000, 5000, 5000]);
  });

  it("resets the delay after a connection of more than a second", () => {
    const schedule = new RetrySchedule();
    expect(nextWaits(schedule, 3)).toEqual([10, 20, 40]);
    schedule.attempt();
    schedule.opened();
    vi.setSystemTime(Date.now() + 1000);
    expect(schedule.nextWait()).toBe(80);
    vi.setSystemTime(Date.now() + 1);
    expect(schedule.nextWait()).toBe(10);
  });

  it("allows five attempts to open, and any number afterwards", () => {
    const schedule = new RetrySchedule();
    const refused = new ConnectionError("refused");
    nextWaits(schedule, 3);
    expect(schedule.allows(refused)).toBe(true);
    schedule.nextWait();
    expect(schedule.allows(refused)).toBe(false);
    schedule.opened();
    expect(schedule.allows(refused)).toBe(true);
  });
});
