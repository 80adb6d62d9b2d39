import { describe, expect, it } from "vitest";
import { EventHistory, ROUNDING } from "../../../lib/api/events/event-history.js";
import { eventAt } from "../../support/event-engine.js";

const SECOND = 1e9;
const date = new Date(200_000).toUTCString();

/** The test for repeated events after a stream that began at `since`, or with the first response, is rewound to second 50. */
function repeatedAfterRewind(since: string | undefined): (time: number) => boolean {
  const history = new EventHistory(since);
  history.begin(date, 0);
  history.rewind("50");
  const isRepeated = history.repetitions("50", false);
  return (time) => isRepeated(eventAt(time));
}

describe("EventHistory", () => {
  it("regards events from before the first response as repeated", () => {
    const isRepeated = repeatedAfterRewind(undefined);
    expect([150, 199, 200, 201].map((time) => isRepeated(time * SECOND))).toEqual([true, true, false, false]);
  });

  it("regards only events from before the requested start as repeated", () => {
    const isRepeated = repeatedAfterRewind("100");
    expect([99, 100, 150, 200].map((time) => isRepeated(time * SECOND))).toEqual([true, false, false, false]);
  });

  it("allows for the rounding of times, and no more", () => {
    const isRepeated = repeatedAfterRewind("100");
    expect(isRepeated(100 * SECOND - ROUNDING)).toBe(false);
    expect(isRepeated(100 * SECOND - ROUNDING - 1)).toBe(true);
  });
});
