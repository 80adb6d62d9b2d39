import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RetrySchedule } from "../../../lib/api/events/retry-schedule.js";
import { ApiError } from "../../../lib/errors/api-error.js";
import { ClientClosedError, ConnectionError, ProtocolError, TimeoutError } from "../../../lib/errors/connection-errors.js";

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

  it("does not count the time of a failed attempt as a connection", () => {
    const schedule = new RetrySchedule();
    schedule.attempt();
    schedule.opened();
    vi.setSystemTime(Date.now() + 1001);
    expect(nextWaits(schedule, 2)).toEqual([10, 10]);
    schedule.attempt();
    vi.setSystemTime(Date.now() + 1001);
    expect(nextWaits(schedule, 2)).toEqual([20, 40]);
  });

  const answer = (status: number) => new ApiError({ status, method: "GET", path: "/events", message: "no", operation: "spec" });
  it.each([
    ["a ConnectionError", new ConnectionError("refused"), true],
    ["a ProtocolError", new ProtocolError("cut off"), true],
    ["a TimeoutError", new TimeoutError("headers", 5, { operation: "spec", endpoint: "unix:///x" }), true],
    ["a ClientClosedError", new ClientClosedError("closed"), false],
    ["status 500", answer(500), true],
    ["status 499", answer(499), false],
    ["another error", new Error("broken"), false],
  ])("decides on another attempt after %s", (_what, error, expected) => {
    const schedule = new RetrySchedule();
    expect(schedule.allows(error)).toBe(expected);
    schedule.opened();
    expect(schedule.allows(error)).toBe(expected);
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
