import type { EventMessage } from "../../types/event.js";

/** Type and action of a gap. */
const GAP = "gap";

/**
 * Creates the event that reports a gap, in which events may have been missed.
 *
 * @param since - time of the last event before the gap, in nanoseconds since 1970; undefined if there was none.
 */
export function gapEvent(since: number | undefined): EventMessage {
  const now = Date.now();
  const Attributes: Record<string, string> = { until: String(now * 1e6) };
  if (since !== undefined) Attributes.since = String(since);
  return {
    Type: GAP,
    Action: GAP,
    Actor: { ID: "", Attributes },
    scope: "local",
    time: Math.floor(now / 1000),
    timeNano: now * 1e6,
  };
}

/**
 * Returns whether an event reports a gap: earlier events may have been missed because the engine was restarted, the engine was
 * unreachable for longer than it stores events, or a listener was too slow. The attributes `since` (absent if there was no
 * earlier event) and `until` contain the start and end of the gap, in nanoseconds since 1970.
 *
 * A caller that tracks the engine's state should reload it after a gap.
 *
 * @category Events
 */
export function isGap(event: EventMessage): boolean {
  return event.Type === GAP;
}
