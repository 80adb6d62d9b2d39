import type { ContainerRecord } from "./record.js";

const SECOND = 1;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Returns a duration in words, as `docker ps` prints it: `3 minutes`, `About an hour`. */
export function durationText(nanoseconds: bigint): string {
  const seconds = Number(nanoseconds / 1_000_000_000n);
  if (seconds < 1) return "Less than a second";
  if (seconds === 1) return "1 second";
  if (seconds < MINUTE) return `${seconds} seconds`;
  const minutes = Math.floor(seconds / MINUTE);
  if (minutes === 1) return "About a minute";
  if (minutes < 60) return `${minutes} minutes`;
  const hours = Math.round(seconds / HOUR);
  if (hours === 1) return "About an hour";
  if (hours < 48) return `${hours} hours`;
  const days = Math.floor(hours / 24);
  if (days < 14) return `${days} days`;
  if (days < 60) return `${Math.floor(days / 7)} weeks`;
  if (days < 730) return `${Math.floor(days / 30)} months`;
  return `${Math.floor(days / 365)} years`;
}

/**
 * Returns the text of `Status` in a list: `Up 3 minutes (healthy)`, `Exited (0) 2 hours ago`.
 *
 * @param now - the time in nanoseconds since 1970.
 */
export function statusText({ state }: ContainerRecord, now: bigint): string {
  const since = (time: string | undefined): string => durationText(now - BigInt(time ?? now));
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
