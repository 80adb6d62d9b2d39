import { expect, test } from "vitest";
import type { Clock } from "../../../lib/engine/clock.js";
import { encodeEvent } from "../../../lib/engine/events/encode-event.js";
import { matchesEvent } from "../../../lib/engine/events/event-filters.js";
import { type EngineEvent, EventLog } from "../../../lib/engine/events/event-log.js";

const still = (time: bigint): Clock => ({ now: () => time, sleep: () => Promise.resolve() });

const event: EngineEvent = {
  type: "container",
  action: "exec_create: sh",
  id: "abcdef",
  attributes: { image: "box:1.0", name: "web", tier: "front" },
  scope: "local",
  time: 1_700_000_000_123_456_789n,
};

test("the log keeps the last 256 events, and no two have the same time", () => {
  const log = new EventLog(still(1000n));
  for (let count = 0; count < 300; count += 1) log.emit("volume", "create", String(count));
  const kept = log.between(0n, undefined);
  expect(kept).toHaveLength(256);
  expect(kept[0]?.id).toBe("44");
  expect(new Set(kept.map(({ time }) => time)).size).toBe(256);
  expect(log.between(1298n, 1299n).map(({ id }) => id)).toEqual(["298", "299"]);
  expect(log.between(1300n, undefined)).toEqual([]);
});

test("listeners get new events until they stop", () => {
  const log = new EventLog(still(1n));
  const seen: string[] = [];
  log.emit("volume", "create", "before");
  const stop = log.listen(({ id }) => seen.push(id));
  expect(log.listenerCount).toBe(1);
  log.emit("volume", "create", "one");
  stop();
  log.emit("volume", "create", "after");
  expect(seen).toEqual(["one"]);
  expect(log.listenerCount).toBe(0);
});

test("the time in nanoseconds keeps all its digits", () => {
  expect(encodeEvent(event, "1.51")).toMatch(/"time":1700000000,"timeNano":1700000000123456789\}$/);
  expect(JSON.parse(encodeEvent(event, "1.51"))).toMatchObject({
    Type: "container",
    Action: "exec_create: sh",
    Actor: { ID: "abcdef", Attributes: event.attributes },
    scope: "local",
  });
});

test("events of containers and images have the old members below API 1.52", () => {
  const parsed = (changed: Partial<EngineEvent>, version: string): unknown =>
    JSON.parse(encodeEvent({ ...event, ...changed }, version));
  expect(parsed({}, "1.51")).toMatchObject({ status: "exec_create: sh", id: "abcdef", from: "box:1.0" });
  expect(parsed({}, "1.52")).not.toHaveProperty("status");
  expect(parsed({ type: "network" }, "1.51")).not.toHaveProperty("id");
  expect(parsed({ type: "image", attributes: { name: "box" } }, "1.51")).not.toHaveProperty("from");
});

test.each([
  [{}, true],
  [{ type: ["container"] }, true],
  [{ type: ["image", "container"] }, true],
  [{ type: ["image"] }, false],
  [{ event: ["exec_create"] }, true],
  [{ event: ["exec"] }, false],
  [{ container: ["web"] }, true],
  [{ container: ["abc"] }, true],
  [{ container: ["other"] }, false],
  [{ volume: ["web"] }, false],
  [{ image: ["box"] }, true],
  [{ image: ["box:1.0"] }, true],
  [{ image: ["box:2.0"] }, false],
  [{ label: ["tier"] }, true],
  [{ label: ["tier=front", "tier"] }, true],
  [{ label: ["tier=front", "missing"] }, false],
  [{ scope: ["swarm"] }, false],
  [{ type: [] }, true],
])("the filters %j decide %j", (filters, isWanted) => {
  expect(matchesEvent(event, new Map(Object.entries(filters)))).toBe(isWanted);
});
