import { afterEach, describe, expect, it, vi } from "vitest";
import { GapWatch } from "../../../lib/api/events/gap-watch.js";
import { eventAt } from "../../support/event-engine.js";

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

  it("reports no gap after the end of the connection", () => {
    const { watch, onGap, connection } = watching();
    connection.abort();
    watch.giveUp();
    expect(onGap).not.toHaveBeenCalled();
  });
});
