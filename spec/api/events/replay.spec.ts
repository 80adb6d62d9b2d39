import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { collector, type EventEngine, eventEngine, of } from "../../support/event-engine.js";

beforeEach(() => vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => vi.useRealTimers());
const putForward = (milliseconds = 2000) => vi.setSystemTime(Date.now() + milliseconds);
const isListening = (engine: EventEngine) => expect.poll(() => engine.listening, { interval: 2 }).toBe(1);

async function publish(engine: EventEngine, ...ids: string[]): Promise<void> {
  await engine.publish(ids.map((id) => of(id)));
}

describe("a listener with a start in the past", () => {
  it("receives stored events, then new ones", async () => {
    const { engine, client } = await eventEngine();
    await publish(engine, "old");
    putForward();
    const since = engine.now();
    await publish(engine, "one", "two");
    const { listener, ids } = collector();
    await client.addEventListener(listener, { since });
    await expect.poll(() => ids).toEqual(["one", "two"]);
    await publish(engine, "three");
    await expect.poll(() => ids).toEqual(["one", "two", "three"]);
    expect(engine.requests).toMatchObject([{ since, until: undefined }]);
  });

  it("receives stored events without repeating them to existing listeners", async () => {
    const { engine, client } = await eventEngine();
    await publish(engine, "before");
    putForward();
    const [first, second] = [collector(), collector()];
    await client.addEventListener(first.listener);
    await publish(engine, "one", "two");
    await expect.poll(() => first.ids).toEqual(["one", "two"]);
    await client.addEventListener(second.listener, { since: 0, filters: { container: ["before", "two", "three"] } });
    await expect.poll(() => second.ids).toEqual(["before", "two"]);
    await publish(engine, "three");
    await expect.poll(() => first.ids).toEqual(["one", "two", "three"]);
    expect(second.ids).toEqual(["before", "two", "three"]);
  });

  it("replays nothing for other listeners added at the same time", async () => {
    const { engine, client } = await eventEngine();
    await publish(engine, "before");
    putForward();
    const [first, second, third] = [collector(), collector(), collector()];
    await Promise.all([
      client.addEventListener(first.listener, { since: 0 }),
      client.addEventListener(second.listener),
      client.addEventListener(third.listener, { since: Date.now() / 1000 }),
    ]);
    await expect.poll(() => first.ids).toEqual(["before"]);
    await publish(engine, "one");
    await expect.poll(() => first.ids).toEqual(["before", "one"]);
    expect([second.ids, third.ids]).toEqual([["one"], ["one"]]);
  });

  it("receives no events before its start, although the stream resumes earlier", async () => {
    const { engine, client } = await eventEngine();
    const [first, second] = [collector(), collector()];
    await client.addEventListener(first.listener);
    await publish(engine, "too early");
    putForward(100);
    const since = engine.now();
    await publish(engine, "one");
    await expect.poll(() => first.ids.length).toBe(2);
    await client.addEventListener(second.listener, { since });
    await expect.poll(() => second.ids).toEqual(["one"]);
    await publish(engine, "two");
    await expect.poll(() => second.ids).toEqual(["one", "two"]);
  });

  it("receives stored events while other listeners request replays", async () => {
    const { engine, client } = await eventEngine();
    const all = Array.from({ length: 6 }, collector);
    await client.addEventListener(all[0]!.listener);
    const sinces: bigint[] = [];
    const ids: string[] = [];
    for (let i = 0; i < 5; i += 1) {
      putForward();
      sinces.push(engine.now());
      ids.push(`${i}a`, `${i}b`);
      await publish(engine, `${i}a`, `${i}b`);
    }
    await expect.poll(() => all[0]?.ids.length).toBe(10);
    // some request an earlier time than the listener before them
    for (const i of [2, 4, 0, 1, 3]) void client.addEventListener(all[i + 1]!.listener, { since: sinces[i] });
    for (let i = 0; i < 5; i += 1) await expect.poll(() => all[i + 1]?.ids).toEqual(ids.slice(2 * i));
    await isListening(engine);
    await publish(engine, "end");
    await expect.poll(() => all[0]?.ids).toEqual([...ids, "end"]);
    for (let i = 0; i < 5; i += 1) expect(all[i + 1]?.ids).toEqual([...ids.slice(2 * i), "end"]);
  });

  it("receives no event twice when the stream breaks before a new event", async () => {
    const { engine, client } = await eventEngine();
    const [first, second] = [collector(), collector()];
    await client.addEventListener(first.listener);
    await publish(engine, "one", "two");
    await expect.poll(() => first.ids.length).toBe(2);
    await client.addEventListener(second.listener, { since: 0 });
    await expect.poll(() => second.ids).toEqual(["one", "two"]);
    for (const id of ["three", "four"]) {
      putForward();
      engine.cut();
      await isListening(engine);
      await publish(engine, id);
      await expect.poll(() => first.ids.at(-1)).toBe(id);
    }
    expect([first.ids, second.ids]).toEqual([
      ["one", "two", "three", "four"],
      ["one", "two", "three", "four"],
    ]);
  });

  it("receives the rest when the stream breaks during the replay", async () => {
    const { engine, client } = await eventEngine();
    const [first, second] = [collector(), collector()];
    await client.addEventListener(first.listener);
    const ids: string[] = [];
    for (let i = 0; i < 8; i += 1) {
      ids.push(String(i));
      await publish(engine, String(i));
      putForward(700);
    }
    await expect.poll(() => first.ids.length).toBe(8);
    const adding = client.addEventListener(
      (event) => {
        second.listener(event);
        // break the connection at each of the first few events
        if (second.ids.length < 4) engine.cut();
        putForward();
      },
      { since: 0 },
    );
    await adding;
    await expect.poll(() => second.ids.length, { timeout: 5000 }).toBe(8);
    await isListening(engine);
    await publish(engine, "end");
    await expect.poll(() => first.ids.at(-1)).toBe("end");
    expect(second.ids).toEqual([...ids, "end"]);
    expect(first.ids).toEqual([...ids, "end"]);
  });

  it("receives stored events and gaps when added while the engine is unreachable", async () => {
    for (const forgets of [false, true]) {
      const { engine, client } = await eventEngine();
      const [first, second] = [collector(), collector()];
      await client.addEventListener(first.listener);
      await publish(engine, "one");
      await expect.poll(() => first.ids).toEqual(["one"]);
      putForward();
      await engine.stop();
      if (forgets) engine.forget();
      await publish(engine, "meanwhile");
      // the stream has been open before, so adding does not wait
      await client.addEventListener(second.listener, { since: 0 });
      await engine.start();
      await expect.poll(() => first.ids).toEqual(forgets ? ["one", "gap", "meanwhile"] : ["one", "meanwhile"]);
      expect(second.ids).toEqual(forgets ? ["gap", "meanwhile"] : ["one", "meanwhile"]);
    }
  });

  it("receives stored events although the first attempts fail", async () => {
    const { engine, client } = await eventEngine();
    await publish(engine, "before");
    putForward();
    engine.refusals = [500, 500];
    const { listener, ids } = collector();
    await client.addEventListener(listener, { since: 0 });
    await expect.poll(() => ids).toEqual(["before"]);
    engine.refusals = [500, 500, 500];
    const second = collector();
    await client.addEventListener(second.listener, { since: 0 });
    await expect.poll(() => second.ids).toEqual(["before"]);
    await isListening(engine);
    await publish(engine, "end");
    await expect.poll(() => ids).toEqual(["before", "end"]);
    expect(second.ids).toEqual(["before", "end"]);
  });

  it("does not affect the delays between attempts", async () => {
    const { engine, client } = await eventEngine();
    engine.refusals = [500, 500, 500, 500];
    const adding = client.addEventListener(() => undefined);
    await expect.poll(() => engine.requests.length, { interval: 1 }).toBe(4);
    const { listener, ids } = collector();
    const second = client.addEventListener(listener, { since: 0 });
    await adding;
    await second;
    await publish(engine, "one");
    await expect.poll(() => ids).toEqual(["one"]);
  });
});
