import type { EventMessage } from "../../types/event.js";

/** Type and action of the notice that events have been missed. */
const GAP = "gap";

/**
 * Makes the notice that events may have been missed.
 *
 * @param since - time of the last event before, in nanoseconds since 1970; undefined when there was none.
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
 * Tells whether an event is the notice that events before it may have been missed, because the engine was restarted or
 * could not be reached for longer than it keeps them. Its attributes say between which times: `since` (absent when nothing
 * had been seen before) and `until`, in nanoseconds since 1970.
 *
 * Whoever keeps a picture of the engine's state should make it anew when such a notice comes.
 *
 * @category Events
 */
export function isGap(event: EventMessage): boolean {
  return event.Type === GAP;
}
