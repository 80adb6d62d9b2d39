import { durationText } from "../../wire/duration-text.js";
import type { ContainerRecord } from "./record.js";

/**
 * Returns the text of `Status` in a list: `Up 3 minutes (healthy)`, `Exited (0) 2 hours ago`.
 *
 * @param now - the time in nanoseconds since 1970.
 */
export function statusText({ state }: ContainerRecord, now: bigint): string {
  const since = (time: string | undefined): string => durationText(Number(now - BigInt(time ?? now)) / 1_000_000);
  switch (state.status) {
    case "created":
      return "Created";
    case "running":
      return `Up ${since(state.startedAt)}${healthText(state.health?.status)}`;
    case "paused":
      return `Up ${since(state.startedAt)} (Paused)`;
    case "restarting":
      return `Restarting (${state.exitCode}) ${since(state.finishedAt)} ago`;
    case "removing":
      return "Removal In Progress";
    case "dead":
      return "Dead";
    case "exited":
      return `Exited (${state.exitCode}) ${since(state.finishedAt)} ago`;
  }
}

function healthText(status: string | undefined): string {
  if (status === undefined || status === "none") return "";
  return status === "starting" ? " (health: starting)" : ` (${status})`;
}
