import { setTimeout } from "../wire/clock.js";
import { LONGEST_TIMEOUT } from "../wire/limits.js";

/** Starts a timer, unless its time is longer than that of timers, which would end at once. Longer times are treated as none. */
export function startTimer(task: () => void, milliseconds: number): NodeJS.Timeout | undefined {
  return milliseconds > LONGEST_TIMEOUT ? undefined : setTimeout(task, milliseconds);
}
