import { describe, expect, it } from "vitest";
import { isSame, RecentEvents } from "../../../lib/api/events/recent-events.js";
import { eventAt } from "../../support/event-engine.js";

const MEBIBYTE = 1024 * 1024;

/** The recent events after one event of `size` bytes at each of these times. */
function memoryOf(times: readonly number[], size = 1): RecentEvents {
  const recent = new RecentEvents();
  for (const time of times) recent.add(eventAt(time), size);
  return recent;
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

describe("RecentEvents", () => {
  it("remembers 1024 events, and then forgets the oldest one with each new event", () => {
    const recent = memoryOf(upTo(1024));
    expect(recent.horizon).toBeUndefined();
    for (const time of [1025, 1026, 1027]) {
      recent.add(eventAt(time), 1);
      expect(recent.horizon).toBe(time - 1023);
    }
    expect(recent.last?.timeNano).toBe(1027);
  });

  it("remembers the latest 1024 of many events", () => {
    const recent = memoryOf(upTo(5000));
    expect(recent.horizon).toBe(3977);
    const isRepeated = recent.repetitions(0);
    expect([3976, 3977, 5000].map((time) => isRepeated(eventAt(time)))).toEqual([false, true, true]);
  });

  it("remembers 16 MiB of events, and the last one regardless of its size", () => {
    const recent = memoryOf(upTo(16), MEBIBYTE);
    expect(recent.horizon).toBeUndefined();
    for (const time of [17, 18, 19]) {
      recent.add(eventAt(time), MEBIBYTE);
      expect(recent.horizon).toBe(time - 15);
    }
    recent.add(eventAt(20), 20 * MEBIBYTE);
    expect(recent.horizon).toBe(20);
  });

  it("remembers exactly 16 MiB of events", () => {
    const recent = memoryOf(upTo(16), MEBIBYTE);
    recent.add(eventAt(17), 1);
    expect(recent.horizon).toBe(2);
    recent.add(eventAt(18), MEBIBYTE - 1);
    expect(recent.horizon).toBe(2);
  });

  it("remembers the same events as a simple list, whatever their sizes", () => {
    const recent = new RecentEvents();
    let list: { time: number; size: number }[] = [];
    let isCut = false;
    for (let time = 1; time <= 6000; time += 1) {
      // small events at first and at last, so that either limit applies
      const size = time < 2500 || time > 5000 ? time % 11 : ((time * 7919) % 61) * 1024;
      recent.add(eventAt(time), size);
      list.push({ time, size });
      let bytes = list.reduce((sum, one) => sum + one.size, 0);
      const before = list.length;
      while (list.length > 1024 || (bytes > 16 * MEBIBYTE && list.length > 1)) bytes -= list.shift()?.size ?? 0;
      isCut ||= list.length < before;
      if (recent.horizon !== (isCut ? list[0]?.time : undefined)) expect.fail(`at ${time}: ${String(recent.horizon)}`);
    }
    const isRepeated = recent.repetitions(0);
    list = [{ time: list[0]!.time - 1, size: 0 }, ...list];
    expect(list.filter(({ time }) => !isRepeated(eventAt(time)))).toHaveLength(1);
  });

  it("recognizes each of several equal events once", () => {
    const isRepeated = memoryOf([1, 2, 2, 2, 3]).repetitions(2);
    expect([1, 2, 2, 2, 2, 3, 3].map((time) => isRepeated(eventAt(time)))).toEqual([false, true, true, true, false, true, false]);
  });
});

describe("isSame", () => {
  it("compares the time and the content", () => {
    expect(isSame(eventAt(5), eventAt(5))).toBe(true);
    expect(isSame(eventAt(5), eventAt(6))).toBe(false);
    expect(isSame(eventAt(5), eventAt(5, "other"))).toBe(false);
  });
});
