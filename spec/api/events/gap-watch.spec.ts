import { afterEach, describe, expect, it, vi } from "vitest";
import { GapWatch } from "../../../lib/api/events/gap-watch.js";
import { clearTimeout, setTimeout } from "../../../lib/wire/clock.js";
import { eventAt } from "../../support/event-engine.js";

vi.mock(import("../../../lib/wire/clock.js"), async (original) => {
  const clock = await original();
  return { ...clock, setTimeout: vi.fn(clock.setTimeout), clearTimeout: vi.fn(clock.clearTimeout) };
});

const watches: GapWatch[] = [];
afterEach(() => {
  for (const watch of watches.splice(0)) watch.close();
});

/** A watch that expects an event at time 5. */
function watching() {
  const onGap = vi.fn<() => void>();
  const connection = new AbortController();
  const watch = new GapWatch(eventAt(5, "last"), connection.signal, onGap);
  watches.push(watch);
  return { watch, onGap, connection };
}

describe("GapWatch", () => {
  it("reports one gap when a new event at or after the expected time arrives first", () => {
    for (const time of [5, 6]) {
      const { watch, onGap } = watching();
      watch.see(eventAt(time, "new"), false);
      expect(onGap).toHaveBeenCalledOnce();
      watch.see(eventAt(time + 1, "new"), false);
      expect(onGap).toHaveBeenCalledOnce();
      expect(watch.isWaiting).toBe(false);
    }
  });

  it("continues waiting after an earlier event or a repeated one", () => {
    const { watch, onGap } = watching();
    watch.see(eventAt(4, "late"), false);
    watch.see(eventAt(5, "again"), true);
    watch.see(eventAt(6, "again"), true);
    expect(watch.isWaiting).toBe(true);
    expect(onGap).not.toHaveBeenCalled();
  });

  it("reports no gap after the expected event has arrived", () => {
    const { watch, onGap } = watching();
    watch.see(eventAt(5, "last"), true);
    watch.see(eventAt(6, "new"), false);
    watch.giveUp();
    expect(watch.isWaiting).toBe(false);
    expect(onGap).not.toHaveBeenCalled();
  });

  it("gives up after half a second, unless it is closed", () => {
    vi.mocked(setTimeout).mockClear();
    const { watch, onGap } = watching();
    const [giveUp, time] = vi.mocked(setTimeout).mock.lastCall as unknown as [() => void, number];
    expect(time).toBe(500);
    giveUp();
    expect(onGap).toHaveBeenCalledOnce();
    watch.close();
    expect(clearTimeout).toHaveBeenLastCalledWith(vi.mocked(setTimeout).mock.results.at(-1)?.value);
  });

  it("waits for nothing without a last event", () => {
    vi.mocked(setTimeout).mockClear();
    const onGap = vi.fn<() => void>();
    const watch = new GapWatch(undefined, new AbortController().signal, onGap);
    watch.see(eventAt(5), false);
    watch.giveUp();
    expect(watch.isWaiting).toBe(false);
    expect(onGap).not.toHaveBeenCalled();
    expect(setTimeout).not.toHaveBeenCalled();
  });

  it("reports no gap after the end of the connection", () => {
    const { watch, onGap, connection } = watching();
    connection.abort();
    watch.giveUp();
    expect(onGap).not.toHaveBeenCalled();
  });
});
