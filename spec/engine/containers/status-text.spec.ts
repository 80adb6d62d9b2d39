import { expect, test } from "vitest";
import type { ContainerRecord, StateRecord } from "../../../lib/engine/containers/record.js";
import { statusText } from "../../../lib/engine/containers/status-text.js";

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
