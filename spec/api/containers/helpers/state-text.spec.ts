import { describe, expect, it } from "vitest";
import { stateText } from "../../../../lib/api/containers/helpers/state-text.js";
import type { ContainerState } from "../../../../lib/types/container.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

describe("stateText", () => {
  const now = new Date("2026-01-01T12:00:00Z");
  const never = "0001-01-01T00:00:00Z";
  const state: ContainerState = {
    Status: "exited",
    Running: false,
    Paused: false,
    Restarting: false,
    OOMKilled: false,
    Dead: false,
    Pid: 0,
    ExitCode: 137,
    Error: "",
    StartedAt: "2026-01-01T10:59:59.123456789Z",
    FinishedAt: "2026-01-01T11:55:00Z",
  };
  const up = { ...state, Status: "running", Running: true, FinishedAt: never };
  const health = (Status: string) => ({ ...up, Health: { Status, FailingStreak: 0, Log: [] } });

  it.each([
    [up, "Up About an hour"],
    [{ ...up, Paused: true }, "Up About an hour (Paused)"],
    [health("healthy"), "Up About an hour (healthy)"],
    [health("unhealthy"), "Up About an hour (unhealthy)"],
    [health("starting"), "Up About an hour (health: starting)"],
    [health("none"), "Up About an hour"],
    [health(""), "Up About an hour"],
    [{ ...up, Health: null }, "Up About an hour"],
    [{ ...state, Running: true, Restarting: true }, "Restarting (137) 5 minutes ago"],
    [{ ...up, Ghost: true }, "Ghost"],
    [state, "Exited (137) 5 minutes ago"],
    [{ ...state, Status: "removing" }, "Removal In Progress"],
    [{ ...state, Status: "dead", Dead: true }, "Dead"],
    [{ ...state, StartedAt: never, FinishedAt: never }, "Created"],
    [{ ...state, StartedAt: "" }, "Created"],
    [{ ...state, FinishedAt: never }, ""],
  ])("formats %j as %s", (given, text) => {
    expect(stateText(given, now)).toBe(text);
  });

  it("is relative to the current time by default", () => {
    expect(stateText({ ...up, StartedAt: new Date(Date.now() - 2 * MINUTE).toISOString() })).toBe("Up 2 minutes");
  });
});
