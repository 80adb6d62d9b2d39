import { describe, expect, it } from "vitest";
import { EventSubscription } from "../../../lib/api/events/event-subscription.js";
import { isGap } from "../../../lib/api/events/gap.js";
import type { EventMessage } from "../../../lib/types/event.js";
import { eventAt } from "../../support/event-engine.js";
import { settle } from "../../support/streams.js";

const SECOND = 1e9;

/** A subscription with a replay from second 100, and the events that its listener has received. */
function replaying(): { subscription: EventSubscription; events: EventMessage[] } {
  const events: EventMessage[] = [];
  return { subscription: new EventSubscription((event) => void events.push(event), { since: "100" }), events };
}

describe("the replay of an EventSubscription", () => {
  it("begins at the requested time, with its rounding", () => {
    const { subscription, events } = replaying();
    const [early, first] = [eventAt(100 * SECOND - 513), eventAt(100 * SECOND - 512)];
    subscription.receiveRepeated(early, 1);
    subscription.receiveRepeated(first, 1);
    expect(events).toEqual([first]);
  });

  it("continues a second before the last event, and repeats none, when the stream is reopened", () => {
    const { subscription, events } = replaying();
    const [last, early, missed] = [eventAt(200 * SECOND), eventAt(199 * SECOND - 1), eventAt(199 * SECOND, "missed")];
    subscription.reopened();
    subscription.receiveRepeated(last, 1);
    subscription.reopened();
    for (const event of [early, missed, last]) subscription.receiveRepeated(event, 1);
    expect(events).toEqual([last, missed]);
  });

  it("does not begin earlier when the stream is reopened soon after the start", () => {
    const { subscription, events } = replaying();
    const first = eventAt(100 * SECOND);
    subscription.receiveRepeated(first, 1);
    subscription.reopened();
    subscription.receiveRepeated(eventAt(100 * SECOND - 513), 1);
    expect(events).toEqual([first]);
  });

  it("ends when the stream has caught up", () => {
    const { subscription, events } = replaying();
    subscription.caughtUp();
    subscription.reopened();
    subscription.receiveRepeated(eventAt(200 * SECOND), 1);
    expect(events).toEqual([]);
    subscription.receive(eventAt(201 * SECOND), 1);
    expect(events).toHaveLength(1);
  });
});

describe("an EventSubscription whose listener is pending", () => {
  it("replaces the events that exceed the buffer by one gap, from the last event that it kept", async () => {
    const events: EventMessage[] = [];
    let end: () => void = () => undefined;
    const subscription = new EventSubscription((event) => {
      events.push(event);
      return events.length === 1 ? new Promise<void>((resolve) => (end = resolve)) : undefined;
    }, {});
    for (let time = 1; time <= 10_010; time += 1) subscription.receive(eventAt(time), 1);
    expect(events).toHaveLength(1);
    end();
    await settle();
    expect(events.slice(0, -1).map(({ timeNano }) => timeNano)).toEqual(Array.from({ length: 10_001 }, (_, n) => n + 1));
    const gap = events.at(-1);
    expect(gap && isGap(gap) && gap.Actor.Attributes.since).toBe("10001");
    const next = eventAt(20_000);
    subscription.receive(next, 1);
    expect(events.at(-1)).toBe(next);
  });

  it("reports a gap after the only event if the first buffered event is too large", async () => {
    const events: EventMessage[] = [];
    let end: () => void = () => undefined;
    const subscription = new EventSubscription((event) => {
      events.push(event);
      return new Promise<void>((resolve) => (end = resolve));
    }, {});
    subscription.receive(eventAt(1), 1);
    for (const time of [2, 3]) subscription.receive(eventAt(time), 32 * 1024 * 1024);
    for (let count = 1; count < 3; count += 1) {
      end();
      await settle();
    }
    expect(events.map((event) => (isGap(event) ? event.Actor.Attributes.since : event.timeNano))).toEqual([1, 2, "2"]);
  });
});
