import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { AbortError, ClientClosedError } from "../../../lib/errors/connection-errors.js";
import { InvalidOptionError } from "../../../lib/errors/usage-errors.js";
import type { EventMessage } from "../../../lib/types/event.js";
import { type EventEngine, eventEngine, of } from "../../support/event-engine.js";

beforeEach(() => vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => vi.useRealTimers());
const putForward = () => vi.setSystemTime(Date.now() + 2000);
const isListening = (engine: EventEngine, count = 1) => expect.poll(() => engine.listening, { interval: 2 }).toBe(count);

const idOf = (event: EventMessage) => (event.Type === "gap" ? "gap" : event.Actor.ID);

/** Reads events until one with this ID. */
async function readUntil(events: AsyncIterable<EventMessage>, last: string, seen: string[] = []): Promise<string[]> {
  for await (const event of events) {
    seen.push(idOf(event));
    if (idOf(event) === last) break;
  }
  return seen;
}

describe("Client.streamEvents", () => {
  it("yields events filtered by the engine and closes the connection when the loop exits", async () => {
    const { engine, client } = await eventEngine();
    const reading = readUntil(client.streamEvents({ filters: { type: "container", label: ["a", "b=c"] } }), "two");
    await isListening(engine);
    await engine.publish([of("one"), of("two"), of("three")]);
    expect(await reading).toEqual(["one", "two"]);
    await isListening(engine, 0);
    expect(await client.connections()).toBe(0);
    expect(engine.requests.map(({ filters }) => JSON.parse(filters ?? "") as unknown)).toEqual([
      { type: ["container"], label: ["a", "b=c"] },
    ]);
  });

  it("sends no request before the first read", async () => {
    const { engine, client } = await eventEngine();
    const events = client.streamEvents();
    await events.return();
    expect(engine.requests).toEqual([]);
  });

  it("yields the events between two times, then ends", async () => {
    const { engine, client } = await eventEngine();
    await engine.publish(of("before"));
    putForward();
    const since = engine.now();
    await engine.publish(of("one"));
    const until = engine.now();
    await engine.publish(of("after"));
    const ids: string[] = [];
    for await (const event of client.streamEvents({ since, until })) ids.push(idOf(event));
    expect(ids).toEqual(["one"]);
    expect(engine.requests).toMatchObject([{ since, until }]);
  });

  it("ends at a future time, even if the stream was resumed", async () => {
    vi.useRealTimers();
    const { engine, client } = await eventEngine();
    const ids: string[] = [];
    const reading = (async () => {
      for await (const event of client.streamEvents({ until: new Date(Date.now() + 400) })) ids.push(idOf(event));
    })();
    await isListening(engine);
    await engine.publish(of("one"));
    await expect.poll(() => ids).toEqual(["one"]);
    engine.cut();
    await isListening(engine);
    await engine.publish(of("two"));
    await reading;
    expect(ids).toEqual(["one", "two"]);
  });

  it("reports a gap when the end passes before the stream is resumed", async () => {
    const { engine, client } = await eventEngine();
    const ids: string[] = [];
    const until = new Date(Date.now() + 2000);
    const reading = (async () => {
      for await (const event of client.streamEvents({ until })) ids.push(idOf(event));
    })();
    await isListening(engine);
    await engine.publish(of("one"));
    await expect.poll(() => ids).toEqual(["one"]);
    putForward();
    engine.forget();
    engine.cut();
    await reading;
    expect(ids).toEqual(["one", "gap"]);
  });

  it("resumes without loss or repetition and reports gaps promptly", async () => {
    const { engine, client } = await eventEngine();
    const ids: string[] = [];
    const reading = readUntil(client.streamEvents(), "end", ids);
    await isListening(engine);
    await engine.publish([of("one"), of("two")]);
    await expect.poll(() => ids.length).toBe(2);
    for (const id of ["three", "four"]) {
      putForward();
      await engine.publish(of(id), 50);
      await expect.poll(() => ids.at(-1)).toBe(id);
      await isListening(engine);
    }
    putForward();
    engine.forget();
    engine.cut();
    // there were no events since
    await expect.poll(() => ids.at(-1)).toBe("gap");
    await isListening(engine);
    await engine.publish(of("end"));
    expect(await reading).toEqual(["one", "two", "three", "four", "gap", "end"]);
  });

  it("rejects when aborted before it begins, while it waits, and with events queued", async () => {
    const { engine, client } = await eventEngine();
    const aborted = readUntil(client.streamEvents({}, { signal: AbortSignal.abort("early") }), "never");
    await expect(aborted).rejects.toMatchObject({ name: "AbortError", cause: "early" });
    expect(engine.requests).toEqual([]);

    const waiting = new AbortController();
    const reading = readUntil(client.streamEvents({}, { signal: waiting.signal }), "never");
    await isListening(engine);
    waiting.abort();
    await expect(reading).rejects.toBeInstanceOf(AbortError);
    await isListening(engine, 0);

    const late = new AbortController();
    const ids: string[] = [];
    const read = (async () => {
      for await (const event of client.streamEvents({}, { signal: late.signal })) {
        ids.push(idOf(event));
        late.abort();
      }
    })();
    await isListening(engine);
    await engine.publish([of("one"), of("two")]);
    await expect(read).rejects.toBeInstanceOf(AbortError);
    expect(ids).toEqual(["one"]);
    await isListening(engine, 0);
    expect(await client.connections()).toBe(0);
  });

  it("leaves no listener on the caller's signal", async () => {
    const { engine, client } = await eventEngine();
    const { signal } = new AbortController();
    const reading = readUntil(client.streamEvents({}, { signal }), "one");
    await isListening(engine);
    expect(getEventListeners(signal, "abort")).not.toEqual([]);
    await engine.publish(of("one"));
    await reading;
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("ends every open stream with an error when the client is closed, and leaves no connection", async () => {
    const { engine, client } = await eventEngine();
    const warnings = vi.fn();
    process.on("warning", warnings);
    onTestFinished(() => void process.off("warning", warnings));
    const { signal } = new AbortController();
    const many = Array.from({ length: 20 }, () =>
      expect(readUntil(client.streamEvents({}, { signal }), "never")).rejects.toBeInstanceOf(ClientClosedError),
    );
    await isListening(engine, 20);
    await client.close();
    await Promise.all(many);
    await expect.poll(() => engine.connections).toBe(0);
    await expect(readUntil(client.streamEvents(), "never")).rejects.toBeInstanceOf(ClientClosedError);
    expect(warnings).not.toHaveBeenCalled();
  });

  it("rejects with the engine's error, or after five failed attempts", async () => {
    const { engine, client } = await eventEngine();
    engine.refusals = [400];
    await expect(readUntil(client.streamEvents(), "never")).rejects.toMatchObject({ name: "BadRequestError" });
    await engine.stop();
    await expect(readUntil(client.streamEvents(), "never")).rejects.toMatchObject({ name: "SocketNotFoundError" });
  });

  it("rejects invalid times before sending anything", async () => {
    const { engine, client } = await eventEngine();
    await expect(client.streamEvents({ since: "soon" }).next()).rejects.toBeInstanceOf(InvalidOptionError);
    await expect(client.streamEvents({ until: NaN }).next()).rejects.toMatchObject({ option: "until" });
    expect(engine.requests).toEqual([]);
  });

  it("queues 10,000 events for a slow reader, then applies backpressure, without loss", async () => {
    const { engine, client } = await eventEngine();
    const events = client.streamEvents();
    onTestFinished(async () => {
      engine.cut();
      await events.return();
    });
    const first = events.next();
    await isListening(engine);
    // records large enough that the kernel buffers only a few
    const padding = { name: "x".repeat(2000) };
    const publish = async (from: number, count: number) => {
      const made = Array.from({ length: count }, (_, n) => ({ Actor: { ID: String(from + n), Attributes: padding } }));
      await engine.publish(made);
    };
    await publish(0, 100);
    expect((await first).value?.Actor.ID).toBe("0");
    let sent = 100;
    const sending = (async () => {
      for (; sent < 20_000; sent += 100) await publish(sent, 100);
    })();
    // until no more events are sent
    let before = -1;
    await expect
      .poll(
        () => {
          const rests = sent === before;
          before = sent;
          return rests;
        },
        { interval: 200, timeout: 20_000 },
      )
      .toBe(true);
    expect(sent).toBeGreaterThanOrEqual(10_000);
    expect(sent).toBeLessThan(11_000);
    const ids: string[] = ["0"];
    for await (const { Actor } of events) {
      ids.push(Actor.ID);
      if (Actor.ID === "19999") break;
    }
    await sending;
    expect(ids).toEqual(Array.from({ length: 20_000 }, (_, n) => String(n)));
  }, 60_000);
});
