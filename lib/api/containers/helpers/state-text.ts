import type { ContainerState } from "../../../types/container.js";
import { HealthStatus } from "../../../types/health.js";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * Formats a duration in words, as the Docker CLI does: `5 minutes`, `About an hour`, `3 weeks`.
 *
 * @param milliseconds - the duration; a negative duration counts as 0.
 * @category Helpers
 */
export function durationText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < 1) return "Less than a second";
  if (seconds === 1) return "1 second";
  if (seconds < MINUTE) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / MINUTE);
  if (minutes === 1) return "About a minute";
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.round(milliseconds / 1000 / HOUR);
  if (hours === 1) return "About an hour";
  if (hours < 48) return `${hours} hours`;
  const days = Math.floor(hours / 24);
  if (days < 14) return `${days} days`;
  if (days < 60) return `${Math.floor(days / 7)} weeks`;
  if (days < 730) return `${Math.floor(days / 30)} months`;
  return `${Math.floor(days / 365)} years`;
}

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
