import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EventChannel } from "../../../lib/api/events/event-channel.js";
import { Client } from "../../../lib/client.js";
import { AbortError, SocketNotFoundError } from "../../../lib/errors/connection-errors.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import { eventAt, eventEngine, of } from "../../support/event-engine.js";
import { settle } from "../../support/streams.js";

beforeEach(() => vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => vi.useRealTimers());

describe("Client.eventChannel", () => {
  it("misses no events after it is returned", async () => {
    const { engine, client } = await eventEngine();
    const channel = await client.eventChannel({ filters: { type: "container" } });
    expect(engine.listening).toBe(1);
    await engine.publish([of("one"), of("two")]);
    expect((await channel.next()).value).toMatchObject({ Actor: { ID: "one" } });
    expect((await channel.next()).value).toMatchObject({ Actor: { ID: "two" } });
    await channel.close();
    await expect.poll(() => client.connections()).toBe(0);
  });

  it("closes at once, even while a read is pending", async () => {
    const { engine, client } = await eventEngine();
    const channel = await client.eventChannel();
    const waiting = channel.next();
    await channel.close();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await channel.next()).toEqual({ done: true, value: undefined });
    await expect.poll(() => engine.listening, { interval: 2 }).toBe(0);
  });

  it("closes when its loop exits and at the end of an await using block", async () => {
    const { engine, client } = await eventEngine();
    const channel = await client.eventChannel();
    await engine.publish(of("one"));
    for await (const event of channel) {
      expect(event.Actor.ID).toBe("one");
      break;
    }
    await expect.poll(() => engine.listening, { interval: 2 }).toBe(0);
    {
      await using another = await client.eventChannel();
      expect(engine.listening).toBe(1);
      expect(another[Symbol.asyncIterator]()).toBe(another);
    }
    await expect.poll(() => engine.listening, { interval: 2 }).toBe(0);
  });

  it("rejects when the call is aborted but not when the channel is closed", async () => {
    const { client } = await eventEngine();
    const giveUp = new AbortController();
    const channel = await client.eventChannel({}, { signal: giveUp.signal });
    const waiting = channel.next();
    giveUp.abort();
    await expect(waiting).rejects.toThrow(AbortError);
  });

  it("rejects if the engine is unreachable or an option is invalid", async () => {
    vi.useRealTimers();
    await using client = new Client({ endpoint: "unix:///nowhere/docker.sock", apiVersion: "1.41" });
    await expect(client.eventChannel()).rejects.toThrow(SocketNotFoundError);
    await expect(client.eventChannel({ since: "yesterday" })).rejects.toThrow(InvalidOptionError);
  });
});

describe("EventChannel", () => {
  it.each([
    ["have ended", false],
    ["have failed", true],
  ])("is closed once its events %s, even if some are unread", async (_how, fails) => {
    let hasEnded = false;
    async function* events() {
      try {
        yield eventAt(1);
        yield eventAt(2);
      } finally {
        await settle();
        hasEnded = true;
        if (fails) await Promise.reject(new Error("late"));
      }
    }
    const [closing, failed] = [new AbortController(), vi.fn()];
    const channel = new EventChannel(events(), closing, failed);
    expect((await channel.next()).value).toMatchObject({ timeNano: 1 });
    await channel.close();
    expect([hasEnded, closing.signal.aborted, failed.mock.calls]).toEqual([true, true, []]);
    expect(await channel.next()).toEqual({ done: true, value: undefined });
  });
});
