import type { ContainerState } from "../../../types/container.js";
import { HealthStatus } from "../../../types/health.js";
import { durationText } from "../../../wire/duration-text.js";

export { durationText };

const isNever = (time: string): boolean => time === "" || time.startsWith("0001-");

/**
 * Formats the state of an inspected container as `docker ps` does: `Up 5 minutes (healthy)`, `Exited (1) 2 hours ago`,
 * `Created`.
 *
 * @param state - `State` from {@link Client.inspectContainer}.
 * @param now - the current time. Defaults to the local time, which may differ from the engine's.
 * @category Helpers
 */
export function stateText(state: ContainerState, now: Date = new Date()): string {
  const since = (time: string) => durationText(now.getTime() - Date.parse(time));
  if (state.Running) {
    if (state.Ghost) return "Ghost";
    if (state.Paused) return `Up ${since(state.StartedAt)} (Paused)`;
    if (state.Restarting) return `Restarting (${state.ExitCode}) ${since(state.FinishedAt)} ago`;
    const health = state.Health?.Status ?? HealthStatus.None;
    const suffix = health === HealthStatus.Starting ? " (health: starting)" : ` (${health})`;
    return `Up ${since(state.StartedAt)}${health === HealthStatus.None || health === "" ? "" : suffix}`;
  }
  if (state.Status === "removing") return "Removal In Progress";
  if (state.Dead) return "Dead";
  if (isNever(state.StartedAt)) return "Created";
  if (isNever(state.FinishedAt)) return "";
  return `Exited (${state.ExitCode}) ${since(state.FinishedAt)} ago`;
}
