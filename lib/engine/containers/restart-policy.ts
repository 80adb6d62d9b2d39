import type { RestartPolicy } from "../../types/host-config.js";
import type { StateRecord } from "./record.js";

/** The first delay before a restart, in milliseconds. It doubles with each restart. */
const FIRST_DELAY = 100;

/** The longest delay, in milliseconds. */
const LONGEST_DELAY = 60_000;

/** A run of at least this length, in nanoseconds, resets the delay. */
const LONG_RUN = 10_000_000_000n;

/** Returns whether the policy restarts a container whose process has ended. */
export function restarts(policy: RestartPolicy | undefined, state: StateRecord, restartCount: number): boolean {
  if (state.isStoppedByHand) return false;
  switch (policy?.Name) {
    case "always":
    case "unless-stopped":
      return true;
    case "on-failure": {
      const most = policy.MaximumRetryCount ?? 0;
      return state.exitCode !== 0 && (most === 0 || restartCount < most);
    }
    default:
      return false;
  }
}

/** Returns whether the policy starts a container when its engine starts. */
export function startsWithEngine(policy: RestartPolicy | undefined, state: StateRecord): boolean {
  if (policy?.Name === "always") return true;
  return policy?.Name === "unless-stopped" && state.startedAt !== undefined && !state.isStoppedByHand;
}

/** The delays between restarts of one container. */
export class RestartDelay {
  #next = FIRST_DELAY;

  /**
   * Returns the delay before the next restart in milliseconds.
   *
   * @param run - how long the last run was, in nanoseconds.
   */
  next(run: bigint): number {
    if (run >= LONG_RUN) this.#next = FIRST_DELAY;
    const delay = this.#next;
    this.#next = Math.min(delay * 2, LONGEST_DELAY);
    return delay;
  }
}
