import { describe, expect, it } from "vitest";
import { EventHistory } from "../../../lib/api/events/event-history.js";
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
    expect(isRepeated(100 * SECOND - 512)).toBe(false);
    expect(isRepeated(100 * SECOND - 513)).toBe(true);
  });

  it("regards no event of the first connection as repeated", () => {
    const history = new EventHistory(undefined);
    history.begin(date, 0);
    const isRepeated = history.repetitions(undefined, true);
    expect([1, 199 * SECOND, 200 * SECOND].map((time) => isRepeated(eventAt(time)))).toEqual([false, false, false]);
  });

  it("regards events from before the start as repeated on later connections, and known events once", () => {
    const history = new EventHistory("100");
    history.begin(date, 0);
    history.add(eventAt(201 * SECOND), 1, 0);
    const isRepeated = history.repetitions("200", false);
    const times = [99, 100, 201, 201].map((seconds) => seconds * SECOND);
    expect(times.map((time) => isRepeated(eventAt(time)))).toEqual([true, false, true, false]);
  });

  it("regards known events as repeated down to the time of the request, with its rounding", () => {
    for (const [early, expected] of [
      [512, true],
      [513, false],
    ] as const) {
      const history = new EventHistory("100");
      history.add(eventAt(200 * SECOND - early), 1, 0);
      expect(history.repetitions("200", false)(eventAt(200 * SECOND - early))).toBe(expected);
    }
  });

  it.each([
    [[], undefined, "100"],
    [[], "50", "50"],
    [[], "150", "100"],
    [[200.5 * SECOND], undefined, "199.500000000"],
    [[200.5 * SECOND], "199", "199"],
    [[200.5 * SECOND], "200", "199.500000000"],
    [[300 * SECOND, 200 * SECOND], undefined, "199.000000000"],
    [[SECOND / 2], undefined, "0.000000000"],
  ])("after events at %j and a rewind to %s, resumes from %s", (times, rewindTo, expected) => {
    const history = new EventHistory("100");
    for (const time of times) history.add(eventAt(time), 1, 0);
    if (rewindTo !== undefined) history.rewind(rewindTo);
    expect(history.resumeFrom()).toBe(expected);
  });

  it("resumes from the last seen event if no event was new, and from the first response without any event", () => {
    const history = new EventHistory(undefined);
    expect(history.resumeFrom()).toBeUndefined();
    history.begin(undefined, 0);
    expect(history.resumeFrom()).toBeUndefined();
    history.begin(date, 0);
    expect(history.resumeFrom()).toBe("200.000000000");
    history.see(eventAt(150 * SECOND));
    expect(history.resumeFrom()).toBe("149.000000000");
  });

  it("rewinds to the earliest requested time", () => {
    const history = new EventHistory(undefined);
    for (const since of ["60", "50", "70"]) history.rewind(since);
    expect(history.resumeFrom()).toBe("50");
  });

  it("has caught up after a rewind at the first event that is as late as the newest before", () => {
    const history = new EventHistory("100");
    expect(history.add(eventAt(200 * SECOND), 1, 0)).toBe(false);
    history.repetitions("100", false);
    expect(history.add(eventAt(200 * SECOND), 1, 0)).toBe(false);
    history.rewind("50");
    history.repetitions("50", false);
    expect(history.add(eventAt(200 * SECOND - 1), 1, 0)).toBe(false);
    expect(history.resumeFrom()).toBe("50");
    expect(history.add(eventAt(200 * SECOND, "other"), 1, 0)).toBe(true);
    expect(history.resumeFrom()).toBe("199.000000000");
  });

  it("derives the start of the stream from the event with the shortest delay", () => {
    const history = new EventHistory(undefined);
    history.begin(undefined, 1000);
    history.add(eventAt(200 * SECOND), 1, 1500);
    history.add(eventAt(201 * SECOND), 1, 3500);
    history.rewind("50");
    const isRepeated = history.repetitions("50", false);
    expect(isRepeated(eventAt(199.5 * SECOND - 512, "other"))).toBe(false);
    expect(isRepeated(eventAt(199.5 * SECOND - 513, "other"))).toBe(true);
  });
});
