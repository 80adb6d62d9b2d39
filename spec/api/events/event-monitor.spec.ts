import { EventEmitter } from "eventemitter3";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { AbortError, ClientClosedError } from "../../../lib/errors/connection-errors.js";
import { InvalidOptionError, ListenerAlreadyExistsError } from "../../../lib/errors/usage-errors.js";
import type { EventMessage } from "../../../lib/types/event.js";
import { collector, type EventEngine, eventEngine, of } from "../../support/event-engine.js";

const isListening = (engine: EventEngine, count = 1) => expect.poll(() => engine.listening, { interval: 2 }).toBe(count);

/** Records uncaught exceptions in place of vitest's handlers. */
function uncaughtExceptions(): unknown[] {
  const before = process.listeners("uncaughtException");
  const seen: unknown[] = [];
  process.removeAllListeners("uncaughtException").on("uncaughtException", (error) => seen.push(error));
  onTestFinished(() => {
    process.removeAllListeners("uncaughtException");
    for (const listener of before) process.on("uncaughtException", listener);
  });
  return seen;
}

const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;

describe("Client.addEventListener", () => {
  it("shares one stream among a hundred listeners and delivers all events in order", async () => {
    const { engine, client } = await eventEngine();
    const all = Array.from({ length: 100 }, collector);
    await Promise.all(all.map(({ listener }) => client.addEventListener(listener)));
    expect([engine.requests.length, engine.listening, engine.connections]).toEqual([1, 1, 1]);
    const ids = Array.from({ length: 300 }, (_, n) => String(n));
    for (const id of ids) await engine.publish(of(id));
    await expect.poll(() => all.at(-1)?.ids.length).toBe(300);
    for (const { ids: got } of all) expect(got).toEqual(ids);
    expect(all[0]?.events[7]).toBe(all[99]?.events[7]);
    for (const { listener } of all) client.removeEventListener(listener);
    await isListening(engine, 0);
  });

  it("requests all events and applies the filters of each listener", async () => {
    const { engine, client } = await eventEngine();
    const [all, dead, web] = [collector(), collector(), collector()];
    await client.addEventListener(all.listener);
    await client.addEventListener(dead.listener, { filters: { event: ["die", "kill"] } });
    await client.addEventListener(web.listener, { filters: { container: "web", event: "start" } });
    await engine.publish([of("web"), of("db"), of("web", { Action: "die" }), of("net", { Type: "network", Action: "connect" })]);
    await expect.poll(() => all.ids).toEqual(["web", "db", "web", "net"]);
    expect(dead.ids).toEqual(["web"]);
    expect(web.ids).toEqual(["web"]);
    expect(engine.requests).toMatchObject([{ filters: null, since: undefined, until: undefined }]);
  });

  it("rejects unknown filters and invalid times before sending anything", async () => {
    const { engine, client } = await eventEngine();
    const unknown = { action: "die" } as object;
    await expect(client.addEventListener(() => undefined, { filters: unknown })).rejects.toBeInstanceOf(InvalidOptionError);
    const wrong = { event: { die: true } } as object;
    await expect(client.addEventListener(() => undefined, { filters: wrong })).rejects.toBeInstanceOf(InvalidOptionError);
    await expect(client.addEventListener(() => undefined, { since: "yesterday" })).rejects.toMatchObject({ option: "since" });
    expect(engine.requests).toEqual([]);
  });

  it.each<[unknown[], option: string, message: string]>([
    [[], "listener", "addEventListener: the listener must be a function"],
    [[null], "listener", "addEventListener: the listener must be a function"],
    [[{ filters: {} }, () => undefined], "options", "addEventListener expects an options object, not function"],
    [[{ onError: () => undefined }], "listener", "addEventListener: the listener must be a function"],
    [[() => undefined, null], "options", "addEventListener expects an options object, not null"],
    [[() => undefined, [{}]], "options", "addEventListener expects an options object, not an array"],
    [[() => undefined, { filter: {} }], "filter", 'addEventListener has no option "filter": did you mean "filters"?'],
    [
      [() => undefined, { onerror: () => undefined }],
      "onerror",
      'addEventListener has no option "onerror": did you mean "onError"?',
    ],
    [[() => undefined, { until: 1 }], "until", 'addEventListener has no option "until" (known options: filters, since, onError)'],
    [[() => undefined, { onError: "log" }], "onError", 'addEventListener: option "onError" must be a function'],
    [
      [() => undefined, {}, { timeout: 1 }],
      "call",
      "addEventListener accepts no settings of the call: removeEventListener ends the stream",
    ],
  ])("rejects the arguments %j before sending anything", async (values, option, message) => {
    const { engine, client } = await eventEngine();
    const add = client.addEventListener as (...given: unknown[]) => Promise<void>; // without types, as in JavaScript
    await expect(add.apply(client, values)).rejects.toMatchObject({ name: "InvalidOptionError", option, message });
    expect(engine.requests).toEqual([]);
  });

  it("rejects a duplicate listener and accepts it again after removal", async () => {
    const { engine, client } = await eventEngine();
    const { listener, ids } = collector();
    await client.addEventListener(listener);
    await expect(client.addEventListener(listener)).rejects.toBeInstanceOf(ListenerAlreadyExistsError);
    await engine.publish(of("once"));
    await expect.poll(() => ids).toEqual(["once"]);
    client.removeEventListener(listener);
    client.removeEventListener(listener);
    client.removeEventListener(() => undefined);
    await client.addEventListener(listener);
    await isListening(engine);
    await engine.publish(of("again"));
    await expect.poll(() => ids).toEqual(["once", "again"]);
  });

  it("closes the connection at once after the last listener is removed", async () => {
    const { engine, client } = await eventEngine();
    const listeners = [collector().listener, collector().listener];
    for (const listener of listeners) await client.addEventListener(listener);
    expect(await client.connections()).toBe(1);
    client.removeEventListener(listeners[0]!);
    expect(await client.connections()).toBe(1);
    client.removeEventListener(listeners[1]!);
    await expect.poll(() => engine.connections, { interval: 1 }).toBe(0);
    expect(await client.connections()).toBe(0);
  });

  it("forgets a removed listener that requested a replay", async () => {
    const on = vi.spyOn(EventEmitter.prototype, "on");
    onTestFinished(() => on.mockRestore());
    const { client } = await eventEngine();
    const { listener } = collector();
    await client.addEventListener(() => undefined);
    await client.addEventListener(listener, { since: 0 });
    const emitter = on.mock.contexts[0] as EventEmitter<string>;
    expect([emitter.listenerCount("event"), emitter.listenerCount("repeated")]).toEqual([2, 1]);
    client.removeEventListener(listener);
    expect([emitter.listenerCount("event"), emitter.listenerCount("repeated")]).toEqual([1, 0]);
  });

  it("rejects when the listener is removed before the stream opens", async () => {
    const { engine, client } = await eventEngine();
    const { listener, ids } = collector();
    const adding = client.addEventListener(listener);
    client.removeEventListener(listener);
    const again = client.addEventListener(listener);
    await expect(adding).rejects.toBeInstanceOf(AbortError);
    await again;
    await isListening(engine);
    await engine.publish(of("one"));
    await expect.poll(() => ids).toEqual(["one"]);
  });

  describe("called inside a listener", () => {
    it("does not call a listener that another listener has just removed", async () => {
      const { engine, client } = await eventEngine();
      const second = collector();
      const first = collector();
      await client.addEventListener((event) => {
        first.listener(event);
        client.removeEventListener(second.listener);
      });
      await client.addEventListener(second.listener);
      await engine.publish([of("one"), of("two")]);
      await expect.poll(() => first.ids).toEqual(["one", "two"]);
      expect(second.ids).toEqual([]);
    });

    it("delivers no pending events to a listener that removes or re-adds itself", async () => {
      const { engine, client } = await eventEngine();
      const last = collector();
      const once = (event: EventMessage) => {
        last.listener(event);
        client.removeEventListener(once);
      };
      await client.addEventListener(once);
      await engine.publish([of("one"), of("two")]);
      await isListening(engine, 0);
      expect(last.ids).toEqual(["one"]);

      const back = collector();
      let added: Promise<void> | undefined;
      const leaver = (event: EventMessage) => {
        back.listener(event);
        client.removeEventListener(leaver);
        added = client.addEventListener(leaver);
      };
      await client.addEventListener(leaver);
      await engine.publish([of("three"), of("four")]);
      await expect.poll(() => added !== undefined).toBe(true);
      await added;
      expect(back.ids).toEqual(["three"]);
    });

    it("calls a new listener with the following events", async () => {
      const { engine, client } = await eventEngine();
      const later = collector();
      await client.addEventListener(() => {
        void client.addEventListener(later.listener).catch(() => undefined);
      });
      await engine.publish([of("one"), of("two"), of("three")]);
      await expect.poll(() => later.ids).toEqual(["two", "three"]);
    });

    it("replays events for a new listener, in order and once", async () => {
      const { engine, client } = await eventEngine();
      const [first, later] = [collector(), collector()];
      await engine.publish([of("old"), of("older")]);
      await new Promise((resolve) => setTimeout(resolve, 5));
      let count = 0;
      await client.addEventListener((event) => {
        first.listener(event);
        if ((count += 1) === 2) void client.addEventListener(later.listener, { since: 0 });
      });
      await engine.publish([of("one"), of("two"), of("three")]);
      await expect.poll(() => later.ids).toEqual(["old", "older", "one", "two", "three"]);
      expect(first.ids).toEqual(["one", "two", "three"]);
    });
  });

  describe("with listeners that fail", () => {
    it("passes each error to onError and continues with the other listeners", async () => {
      const { engine, client } = await eventEngine();
      const good = collector();
      const errors: [unknown, string | undefined][] = [];
      const onError = (error: unknown, event: EventMessage | undefined) => errors.push([error, event?.Actor.ID]);
      await client.addEventListener(
        (event) => {
          throw new Error(`thrown at ${event.Actor.ID}`);
        },
        { onError },
      );
      await client.addEventListener((event) => Promise.reject(new Error(`rejected at ${event.Actor.ID}`)), { onError });
      const thenable = { then: (_resolve: unknown, reject: (error: unknown) => void) => reject("thenable") };
      await client.addEventListener(() => thenable, { onError });
      await client.addEventListener(good.listener);
      await engine.publish([of("one"), of("two")]);
      await expect.poll(() => good.ids).toEqual(["one", "two"]);
      await expect.poll(() => errors.length).toBe(6);
      const shown = errors.map(([error, id]) => `${String(error)} (${String(id)})`);
      expect(shown.toSorted()).toEqual([
        "Error: rejected at one (one)",
        "Error: rejected at two (two)",
        "Error: thrown at one (one)",
        "Error: thrown at two (two)",
        "thenable (one)",
        "thenable (two)",
      ]);
    });

    it("continues after turning unhandled errors and errors from onError into uncaught exceptions", async () => {
      const uncaught = uncaughtExceptions();
      const { engine, client } = await eventEngine();
      const good = collector();
      await client.addEventListener(() => {
        throw new Error("one");
      });
      await client.addEventListener(() => Promise.reject(new Error("two")));
      const onError = () => {
        throw new Error("three");
      };
      await client.addEventListener(() => Promise.reject(new Error("four")), { onError });
      await client.addEventListener(good.listener);
      await engine.publish([of("a")]);
      await engine.publish([of("b")]);
      await expect.poll(() => good.ids).toEqual(["a", "b"]);
      await expect.poll(() => uncaught.length).toBe(6);
      expect(new Set(uncaught.map((error) => (error as Error).message))).toEqual(new Set(["one", "two", "three"]));
    });

    it("awaits the promise of a listener before it calls it again, and reports a rejection", async () => {
      const { engine, client } = await eventEngine();
      const calls: { id: string; end: (error?: Error) => void }[] = [];
      const failures: unknown[] = [];
      const other = collector();
      await client.addEventListener(
        ({ Actor: { ID } }) =>
          new Promise<void>((resolve, reject) => calls.push({ id: ID, end: (error) => (error ? reject(error) : resolve()) })),
        { onError: (error, event) => failures.push((error as Error).message, event?.Actor.ID) },
      );
      await client.addEventListener(other.listener);
      await engine.publish([of("one"), of("two"), of("three")]);
      await expect.poll(() => other.ids).toEqual(["one", "two", "three"]);
      expect(calls.map(({ id }) => id)).toEqual(["one"]);
      calls[0]?.end(new Error("broken"));
      await expect.poll(() => calls.map(({ id }) => id)).toEqual(["one", "two"]);
      expect(failures).toEqual(["broken", "one"]);
      calls[1]?.end();
      await expect.poll(() => calls.map(({ id }) => id)).toEqual(["one", "two", "three"]);
      calls[2]?.end();
      await engine.publish([of("four")]);
      await expect.poll(() => calls.map(({ id }) => id)).toEqual(["one", "two", "three", "four"]);
    });

    it("no longer calls a listener that is removed while its promise is pending", async () => {
      const { engine, client } = await eventEngine();
      const ids: string[] = [];
      let end = (): void => undefined;
      const listener = ({ Actor }: EventMessage) => {
        ids.push(Actor.ID);
        return new Promise<void>((resolve) => (end = resolve));
      };
      const other = collector();
      await client.addEventListener(listener);
      await client.addEventListener(other.listener);
      await engine.publish([of("one"), of("two")]);
      await expect.poll(() => other.ids).toEqual(["one", "two"]);
      client.removeEventListener(listener);
      end();
      await engine.publish([of("three")]);
      await expect.poll(() => other.ids).toEqual(["one", "two", "three"]);
      expect(ids).toEqual(["one"]);
    });

    it.each([
      ["events", 10_100, ""],
      ["bytes", 700, "x".repeat(60_000)],
    ])(
      "passes a gap to a listener that falls behind by too many %s",
      async (_what, count, label) => {
        const { engine, client } = await eventEngine();
        const ids: string[] = [];
        let end = (): void => undefined;
        const first = new Promise<void>((resolve) => (end = resolve));
        let others = 0;
        await client.addEventListener(({ Type, Actor }) => {
          ids.push(Type === "gap" ? Type : Actor.ID);
          return ids.length === 1 ? first : undefined;
        });
        await client.addEventListener(() => void (others += 1));
        for (let sent = 0; sent < count; sent += 100) {
          const made = Array.from({ length: 100 }, (_, n) => ({ Actor: { ID: String(sent + n), Attributes: { label } } }));
          await engine.publish(made);
        }
        await expect.poll(() => others, { timeout: 20_000 }).toBe(count);
        end();
        await expect.poll(() => ids.at(-1)).toBe("gap");
        expect(ids.slice(0, -1)).toEqual(Array.from({ length: ids.length - 1 }, (_, n) => String(n)));
        expect(ids.length).toBeLessThan(count);
        await engine.publish([of("later")]);
        await expect.poll(() => ids.at(-1)).toBe("later");
      },
      30_000,
    );

    it("does not wait for a slow listener", async () => {
      const { engine, client } = await eventEngine();
      const { listener, ids } = collector();
      await client.addEventListener(() => new Promise(() => undefined));
      await client.addEventListener(listener);
      await engine.publish([of("one"), of("two")]);
      await expect.poll(() => ids).toEqual(["one", "two"]);
    });
  });

  describe("when the client is closed", () => {
    it("rejects listeners afterwards", async () => {
      const { client } = await eventEngine();
      const { listener } = collector();
      await client.addEventListener(listener);
      await client.close();
      for (const one of [listener, () => undefined]) {
        await expect(client.addEventListener(one)).rejects.toBeInstanceOf(ClientClosedError);
      }
    });

    it.each<[string, (engine: EventEngine) => Promise<void> | void]>([
      ["while it is open", () => undefined],
      ["while it waits for the next attempt", (engine) => engine.stop()],
    ])("ends the stream %s and leaves no timer or connection", async (_when, prepare) => {
      const before = timers();
      const onError = vi.fn();
      const { engine, client } = await eventEngine();
      await client.addEventListener(() => undefined, { onError });
      await prepare(engine);
      // until the delays are long
      if (engine.connections === 0) await new Promise((resolve) => setTimeout(resolve, 200));
      await client.close();
      await expect.poll(() => engine.connections, { interval: 1 }).toBe(0);
      expect(await client.connections()).toBe(0);
      await expect.poll(() => timers()).toBeLessThanOrEqual(before);
      expect(onError).not.toHaveBeenCalled();
    });

    it("rejects calls that wait for the stream to open", async () => {
      const { engine, client } = await eventEngine();
      const direct = expect(client.addEventListener(() => undefined)).rejects.toBeInstanceOf(ClientClosedError);
      await Promise.all([direct, client.close()]);

      const other = await eventEngine();
      other.engine.refusals = [500, 500, 500, 500];
      const refused = expect(other.client.addEventListener(() => undefined)).rejects.toBeInstanceOf(ClientClosedError);
      await expect.poll(() => other.engine.requests.length, { interval: 1 }).toBe(3);
      await other.client.close();
      await refused;
      expect(engine.listening).toBe(0);
    });
  });
});
