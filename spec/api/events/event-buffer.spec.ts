import { describe, expect, it } from "vitest";
import { EventBuffer } from "../../../lib/api/events/event-buffer.js";
import { eventAt } from "../../support/event-engine.js";

const MEBIBYTE = 1024 * 1024;

/** A buffer that contains `count` events of `size` bytes each. */
function bufferOf(count: number, size: number): EventBuffer {
  const buffer = new EventBuffer();
  for (let time = 0; time < count; time += 1) buffer.push(eventAt(time), size);
  return buffer;
}

describe("EventBuffer", () => {
  it.each([
    ["10,000 events", 10_000, 1],
    ["32 MiB", 32, MEBIBYTE],
  ])("is full at %s, and has room again at half of that", (_, count, size) => {
    const buffer = bufferOf(count - 1, size);
    expect(buffer.isFull).toBe(false);
    buffer.push(eventAt(count), size);
    expect(buffer.isFull).toBe(true);
    for (let left = count; left > count / 2; left -= 1) {
      expect(buffer.hasRoom).toBe(false);
      buffer.shift();
    }
    expect(buffer.hasRoom).toBe(true);
  });

  it("returns the events in order, including events added between reads", () => {
    const buffer = bufferOf(2, 1);
    const times = [buffer.shift()?.timeNano];
    buffer.push(eventAt(2), 1);
    expect(buffer.length).toBe(2);
    for (let next = buffer.shift(); next; next = buffer.shift()) times.push(next.timeNano);
    expect(times).toEqual([0, 1, 2]);
    expect(buffer.length).toBe(0);
  });

  it("is empty after it is cleared", () => {
    const buffer = bufferOf(40, MEBIBYTE);
    buffer.shift();
    buffer.push(eventAt(40), 1);
    buffer.clear();
    expect([buffer.length, buffer.isFull, buffer.hasRoom, buffer.shift()]).toEqual([0, false, true, undefined]);
  });
});
