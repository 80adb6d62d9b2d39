import { expect, test } from "vitest";
import type { ContainerRecord, StateRecord } from "../../../lib/engine/containers/record.js";
import { durationText, statusText } from "../../../lib/engine/containers/status-text.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [0, "Less than a second"],
  [1, "1 second"],
  [59, "59 seconds"],
  [60, "About a minute"],
  [2 * MINUTE - 1, "About a minute"],
  [2 * MINUTE, "2 minutes"],
  [HOUR - 1, "59 minutes"],
  [HOUR, "About an hour"],
  [1.5 * HOUR, "2 hours"],
  [47.4 * HOUR, "47 hours"],
  [47.6 * HOUR, "2 days"],
  [14 * DAY - HOUR, "13 days"],
  [14 * DAY, "2 weeks"],
  [59 * DAY, "8 weeks"],
  [60 * DAY, "2 months"],
  [729 * DAY, "24 months"],
  [730 * DAY, "2 years"],
])("%d seconds are %j", (seconds, text) => {
  expect(durationText(BigInt(seconds) * 1_000_000_000n)).toBe(text);
});

test.each([
  [{ status: "created" }, "Created"],
  [{ status: "running" }, "Up 5 seconds"],
  [{ status: "running", health: { status: "starting", failingStreak: 0, log: [] } }, "Up 5 seconds (health: starting)"],
  [{ status: "running", health: { status: "healthy", failingStreak: 0, log: [] } }, "Up 5 seconds (healthy)"],
  [{ status: "paused" }, "Up 5 seconds (Paused)"],
  [{ status: "restarting", exitCode: 2 }, "Restarting (2) 3 seconds ago"],
  [{ status: "removing" }, "Removal In Progress"],
  [{ status: "dead" }, "Dead"],
  [{ status: "exited", exitCode: 137 }, "Exited (137) 3 seconds ago"],
] satisfies [Partial<StateRecord>, string][])("the state %j is %j", (state, text) => {
  const times = { startedAt: "5000000000", finishedAt: "7000000000" };
  const record = { state: { ...times, exitCode: 0, ...state } } as Partial<ContainerRecord> as ContainerRecord;
  expect(statusText(record, 10_000_000_000n)).toBe(text);
});
