import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { collector, type EventEngine, eventEngine, type Format, of, RING } from "../../support/event-engine.js";

// the backoff resets after a connection of more than a second: advance the clock to simulate one
beforeEach(() => vi.useFakeTimers({ toFake: ["Date"] }));
afterEach(() => vi.useRealTimers());
const putForward = () => vi.setSystemTime(Date.now() + 2000);

const isListening = (engine: EventEngine) => expect.poll(() => engine.listening, { interval: 2, timeout: 10_000 }).toBe(1);

async function publish(engine: EventEngine, ids: readonly string[]): Promise<void> {
  for (const id of ids) await engine.publish(of(id));
}

const names = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);

describe("an event stream after its connection breaks", () => {
  it.each<Format>(["json", "jsonl", "json-seq"])(
    "neither loses nor repeats an event when it breaks at any byte: %s",
    async (format) => {
      const { engine, client } = await eventEngine();
      engine.format = format;
      const { listener, ids } = collector();
      await client.addEventListener(listener);
      await publish(engine, ["first"]);
      const expected = ["first"];
      // positions throughout a record, and its end
      for (let sent = 1; sent < 180; sent += 7) {
        putForward();
        await isListening(engine);
        const id = `cut-${sent}`;
        await engine.publish(of(id), sent);
        expected.push(id);
        await expect.poll(() => ids.at(-1), { interval: 2 }).toBe(id);
      }
      expect(ids).toEqual(expected);
    },
  );

  it("reports a gap exactly when the engine no longer has the last event", async () => {
    type Step = { breaks: "cut" | "drop" | "offline" | "restart" | "500"; before: number; during: number; after: number };
    const step: fc.Arbitrary<Step> = fc.record({
      breaks: fc.constantFrom("cut", "drop", "offline", "restart", "500"),
      before: fc.nat({ max: 4 }),
      during: fc.oneof(
        { weight: 4, arbitrary: fc.nat({ max: 5 }) },
        { weight: 1, arbitrary: fc.integer({ min: RING - 3, max: RING + 3 }) },
      ),
      after: fc.nat({ max: 2 }),
    });
    const { engine, client } = await eventEngine();
    let round = 0;
    const property = fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 10 }), async (steps) => {
      round += 1;
      engine.forget();
      const { listener, ids } = collector();
      await client.addEventListener(listener);
      const first = `${round}-first`;
      await engine.publish(of(first));
      const expected = [first];
      const ring = [first];
      let count = 0;
      const happen = async (times: number, sent?: number) => {
        const made = names(`${round}-${(count += 1)}-`, times);
        for (const id of made) await engine.publish(of(id), sent, BigInt(1 + (times % 700)));
        ring.push(...made);
        ring.splice(0, ring.length - RING);
        return made;
      };
      const isComplete = () => expect.poll(() => ids, { interval: 2, timeout: 10_000 }).toEqual(expected);
      await isComplete();
      for (const { breaks, before, during, after } of steps) {
        await isListening(engine);
        expected.push(...(await happen(before)));
        await isComplete();
        putForward();
        const last = expected.findLast((id) => id !== "gap") ?? "";
        let missed: string[];
        if (breaks === "cut") {
          missed = await happen(1, 20 + during);
        } else if (breaks === "500") {
          engine.refusals = [500, 503];
          engine.cut();
          missed = await happen(during);
        } else if (breaks === "drop") {
          engine.cut();
          missed = await happen(during);
        } else {
          await engine.stop();
          if (breaks === "restart") {
            engine.forget();
            ring.length = 0;
          }
          missed = await happen(during);
          await engine.start();
        }
        const isGone = !ring.includes(last);
        if (isGone) expected.push("gap");
        expected.push(...missed.filter((id) => ring.includes(id)));
        await isComplete();
        await isListening(engine);
        expected.push(...(await happen(after)));
        await isComplete();
        // the engine must have the last event before the next break
        if (isGone && missed.length + after === 0) {
          expected.push(...(await happen(1)));
          await isComplete();
        }
      }
      client.removeEventListener(listener);
      await expect.poll(() => engine.listening, { interval: 2 }).toBe(0);
    });
    await fc.assert(property, { numRuns: 5, endOnFailure: true });
  }, 120_000);

  it("distinguishes events that differ only in the order of their members", async () => {
    const { engine, client } = await eventEngine();
    const { listener, ids } = collector();
    await client.addEventListener(listener);
    // identical events, closer together than the precision of their times
    for (let i = 0; i < 5; i += 1) await engine.publish(of("same"), Infinity, 1n);
    await expect.poll(() => ids.length).toBe(5);
    putForward();
    engine.cut();
    for (let i = 0; i < 3; i += 1) await engine.publish(of("same"), Infinity, 1n);
    await expect.poll(() => ids.length, { interval: 2 }).toBe(8);
    await isListening(engine);
    await engine.publish(of("end"));
    await expect.poll(() => ids.at(-1)).toBe("end");
    expect(ids).toEqual([...Array.from({ length: 8 }, () => "same"), "end"]);
  });

  it("does not deliver events from shortly before its start", async () => {
    const { engine, client } = await eventEngine();
    await publish(engine, ["before"]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    vi.setSystemTime(Date.now() + 50);
    const { listener, ids } = collector();
    await client.addEventListener(listener);
    await publish(engine, ["one"]);
    await expect.poll(() => ids).toEqual(["one"]);
    putForward();
    engine.cut();
    await isListening(engine);
    await publish(engine, ["two"]);
    await expect.poll(() => ids).toEqual(["one", "two"]);
  });

  it("does not mistake a stored event for a new one when the engine delivers late", async () => {
    const { engine, client } = await eventEngine();
    const second = 1_700_000_000_000;
    vi.setSystemTime(second + 500);
    await publish(engine, ["before"]);
    vi.setSystemTime(second + 600);
    const [first, replayed] = [collector(), collector()];
    await client.addEventListener(first.listener);
    engine.isLate = true;
    await publish(engine, ["one"]);
    const sent = performance.now();
    await expect.poll(() => performance.now() - sent, { interval: 5 }).toBeGreaterThan(150);
    engine.isLate = false;
    vi.setSystemTime(second + 600 + (performance.now() - sent));
    await publish(engine, ["two"]);
    await expect.poll(() => first.ids).toEqual(["one", "two"]);
    await client.addEventListener(replayed.listener, { since: second / 1000 });
    await expect.poll(() => replayed.ids).toEqual(["before", "one", "two"]);
    expect(first.ids).toEqual(["one", "two"]);
  });

  it("reports no gap for a stored event that seems new because it is older than the last one", async () => {
    const { engine, client } = await eventEngine();
    const second = 1_700_000_000_000;
    vi.setSystemTime(second + 500);
    await publish(engine, ["before"]);
    vi.setSystemTime(second + 600);
    const { listener, ids } = collector();
    await client.addEventListener(listener);
    engine.isLate = true;
    await publish(engine, ["one"]);
    const sent = performance.now();
    await expect.poll(() => performance.now() - sent, { interval: 5 }).toBeGreaterThan(150);
    engine.isLate = false;
    await publish(engine, ["two"]);
    await expect.poll(() => ids).toEqual(["one", "two"]);
    engine.cut();
    await publish(engine, ["three"]);
    await expect.poll(() => ids.at(-1)).toBe("three");
    expect(ids).not.toContain("gap");
  });

  it("reports a gap and delivers stored events when there was no earlier event", async () => {
    const { engine, client } = await eventEngine();
    const { listener, ids, events } = collector();
    await client.addEventListener(listener);
    putForward();
    engine.cut();
    await publish(engine, ["meanwhile"]);
    await expect.poll(() => ids).toEqual(["gap", "meanwhile"]);
    expect(events[0]?.Actor.Attributes).not.toHaveProperty("since");
  });

  it("reports a gap promptly without further events", async () => {
    const { engine, client } = await eventEngine();
    const { listener, ids, events } = collector();
    await client.addEventListener(listener);
    await publish(engine, ["one"]);
    await expect.poll(() => ids).toEqual(["one"]);
    putForward();
    engine.forget();
    engine.cut();
    await expect.poll(() => ids).toEqual(["one", "gap"]);
    expect(Number(events[1]?.Actor.Attributes.since)).toBe(events[0]?.timeNano);
  });

  it("reports no gap when a resumed connection breaks before the last event arrives", async () => {
    const { engine, client } = await eventEngine();
    const { listener, ids } = collector();
    await client.addEventListener(listener);
    await publish(engine, ["one"]);
    await expect.poll(() => ids).toEqual(["one"]);
    putForward();
    engine.withholds = true;
    const before = engine.requests.length;
    engine.cut();
    await expect.poll(() => engine.requests.length, { interval: 2 }).toBe(before + 1);
    await isListening(engine);
    await engine.stop();
    // longer than a connection waits for the last event
    await new Promise((resolve) => setTimeout(resolve, 600));
    engine.withholds = false;
    await engine.start();
    await isListening(engine);
    await publish(engine, ["two"]);
    await expect.poll(() => ids.at(-1)).toBe("two");
    expect(ids).toEqual(["one", "two"]);
  });

  it("uses the engine's clock when the local clock differs", async () => {
    for (const skew of [-3_600_000, 3_600_000]) {
      const { engine, client } = await eventEngine();
      const clock = engine.now.bind(engine);
      engine.now = (step) => clock(step) + BigInt(skew) * 1_000_000n;
      await publish(engine, ["before"]);
      vi.setSystemTime(Date.now() + 1500);
      const { listener, ids } = collector();
      await client.addEventListener(listener);
      putForward();
      engine.cut();
      await publish(engine, ["meanwhile"]);
      await expect.poll(() => ids).toEqual(["gap", "meanwhile"]);
      putForward();
      engine.cut();
      await isListening(engine);
      await publish(engine, ["later"]);
      await expect.poll(() => ids).toEqual(["gap", "meanwhile", "later"]);
    }
  });

  it.each([
    ["is a little behind", 300, true],
    ["is behind and the response has no Date", 3_600_000, false],
  ])("loses no event when the engine's clock %s", async (_what, behind, hasDate) => {
    const { engine, client } = await eventEngine();
    engine.hasDate = hasDate;
    vi.setSystemTime(1_700_000_000_900);
    const clock = engine.now.bind(engine);
    engine.now = (step) => clock(step) - BigInt(behind) * 1_000_000n;
    const { listener, ids } = collector();
    await client.addEventListener(listener);
    await publish(engine, ["one"]);
    await expect.poll(() => ids).toEqual(["one"]);
    engine.cut();
    await publish(engine, ["meanwhile"]);
    await expect.poll(() => ids).toEqual(["one", "meanwhile"]);
    await isListening(engine);
    engine.cut();
    await publish(engine, ["later"]);
    await expect.poll(() => ids).toEqual(["one", "meanwhile", "later"]);
  });

  it("survives events of the wrong shape, even when it is resumed", async () => {
    const { engine, client } = await eventEngine();
    const { listener, ids } = collector();
    const filtered = collector();
    await client.addEventListener(listener);
    await client.addEventListener(filtered.listener, { filters: { container: ["5", "end"], event: "start" } });
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    for (const Actor of ["text", 5, { ID: 5, Attributes: "text" }]) await engine.publish({ Actor: Actor as never });
    const time = String(engine.now());
    await engine.send(
      Buffer.from(
        `{"Type":"container","Action":"start","Actor":{"ID":"deep","Attributes":{"a":${deep},"b":1}},"timeNano":${time}}\n`,
      ),
    );
    await expect.poll(() => ids).toEqual(["", "", "5", "deep"]);
    expect(filtered.ids).toEqual(["5"]);
    putForward();
    engine.cut();
    await isListening(engine);
    await publish(engine, ["end"]);
    await expect.poll(() => ids.at(-1)).toBe("end");
  });

  it("continues after a response that is not an event stream", async () => {
    const { engine, client } = await eventEngine();
    const { listener, ids } = collector();
    await client.addEventListener(listener);
    await publish(engine, ["one"]);
    await expect.poll(() => ids).toEqual(["one"]);
    putForward();
    const before = engine.requests.length;
    await engine.send(Buffer.from("<html>\n"));
    await expect.poll(() => engine.requests.length).toBe(before + 1);
    await isListening(engine);
    await publish(engine, ["two"]);
    await expect.poll(() => ids.at(-1)).toBe("two");
  });

  it("skips records that are not events", async () => {
    const { engine, client } = await eventEngine();
    const { listener, ids } = collector();
    await client.addEventListener(listener);
    await engine.publish({ Type: "", Action: "", Actor: { ID: "no event", Attributes: {} } });
    await publish(engine, ["one"]);
    await expect.poll(() => ids).toEqual(["one"]);
  });
});

describe("an event stream from an unreachable engine", () => {
  const gapsBetween = (engine: EventEngine) => engine.requests.slice(1).map(({ at }, n) => at - (engine.requests[n]?.at ?? 0));

  it("fails after five attempts, 10, 20, 40 and 80 ms apart", async () => {
    const { engine, client } = await eventEngine();
    engine.refusals = [500, 502, 503, 504, 500, 500];
    await expect(client.addEventListener(() => undefined)).rejects.toMatchObject({
      name: "ServerError",
      operation: "addEventListener",
    });
    const gaps = gapsBetween(engine);
    expect(gaps).toHaveLength(4);
    for (const [n, expected] of [10, 20, 40, 80].entries()) {
      expect(gaps[n]).toBeGreaterThanOrEqual(expected - 2);
      expect(gaps[n]).toBeLessThan(expected + 60);
    }
    await expect.poll(() => engine.listening).toBe(0);
    // another listener starts a new series of attempts
    engine.refusals = [500];
    await client.addEventListener(() => undefined);
    expect(engine.listening).toBe(1);
  });

  it("also fails after five slow attempts", async () => {
    const { engine, client } = await eventEngine();
    const clock = engine.now.bind(engine);
    engine.now = (step) => {
      putForward();
      return clock(step);
    };
    engine.refusals = [500, 500, 500, 500, 500];
    await expect(client.addEventListener(() => undefined)).rejects.toMatchObject({ status: 500 });
    expect(engine.requests).toHaveLength(5);
  });

  it("fails at once on an error that would recur", async () => {
    const { engine, client } = await eventEngine();
    engine.refusals = [400];
    await expect(client.addEventListener(() => undefined)).rejects.toMatchObject({ name: "BadRequestError" });
    expect(engine.requests).toHaveLength(1);
  });

  it("retries without limit after a first connection, with increasing waits", async () => {
    const { engine, client } = await eventEngine();
    const { listener, ids } = collector();
    await client.addEventListener(listener);
    await publish(engine, ["one"]);
    await expect.poll(() => ids).toEqual(["one"]);
    const before = engine.requests.length;
    engine.refusals = [500, 500, 500, 500, 500, 500];
    engine.cut();
    await isListening(engine);
    expect(engine.requests.length - before).toBe(7);
    expect(
      gapsBetween(engine)
        .slice(before)
        .every((gap, n) => gap >= 20 * 2 ** n - 2),
    ).toBe(true);
    await publish(engine, ["two"]);
    await expect.poll(() => ids).toEqual(["one", "two"]);
  });

  it("ends permanently when the engine rejects the resume request", async () => {
    const { engine, client } = await eventEngine();
    const errors: unknown[] = [];
    const { listener } = collector();
    await client.addEventListener(listener, { onError: (error, event) => errors.push([error, event]) });
    putForward();
    engine.refusals = [403];
    engine.cut();
    await expect.poll(() => errors.length).toBe(1);
    expect(errors[0]).toEqual([expect.objectContaining({ name: "ForbiddenError" }), undefined]);
    // the listener was removed and can be added again
    await client.addEventListener(listener);
    expect(engine.listening).toBe(1);
  });
});
