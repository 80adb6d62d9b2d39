import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Client } from "../../../lib/client.js";
import { AbortError, SocketNotFoundError } from "../../../lib/errors/connection-errors.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import { eventEngine, of } from "../../support/event-engine.js";

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
