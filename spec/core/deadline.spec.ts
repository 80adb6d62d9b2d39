import { getEventListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { CallOptions } from "../../lib/core/call-options.js";
import { boundedCall, Deadline } from "../../lib/core/deadline.js";
import { AbortError } from "../../lib/errors/connection-errors.js";
import { failureOf } from "../support/probe.js";

/** Waits like a call: until its signal ends it. */
async function wait({ signal }: CallOptions): Promise<never> {
  try {
    return await (sleep(60_000, undefined, { signal, ref: false }) as Promise<never>);
  } catch (cause) {
    throw new AbortError("a call was aborted", { cause });
  }
}

describe("boundedCall", () => {
  it.each([undefined, {}, { timeout: 0 }, { timeout: Infinity }, { timeouts: { total: 0 } }])(
    "forwards the settings unchanged without a total timeout: %j",
    async (call) => {
      expect(await boundedCall("specCall", call, (own) => Promise.resolve(own))).toEqual(call ?? {});
    },
  );

  it.each([{ timeout: 30 }, { timeouts: { total: 30 } }])("limits all calls together with %j", async (call) => {
    const times: number[] = [];
    const failure = failureOf(
      boundedCall("specCall", call, async (own) => {
        times.push(own.timeout ?? -1);
        await sleep(10);
        times.push(own.timeout ?? -1);
        return wait(own);
      }),
    );
    expect(await failure).toMatchObject({ name: "TimeoutError", kind: "total", timeout: 30, operation: "specCall" });
    expect(times).toEqual([0, 0]);
  });

  it("keeps the other settings", async () => {
    const call = { timeout: 1000, headers: { A: "b" }, timeouts: { headers: 5 } };
    expect(await boundedCall("specCall", call, (own) => Promise.resolve(own))).toMatchObject({
      headers: { A: "b" },
      timeouts: { headers: 5 },
    });
  });

  it("rejects with an AbortError when the caller aborts, and removes its listener", async () => {
    const controller = new AbortController();
    const failure = failureOf(boundedCall("specCall", { timeout: 60_000, signal: controller.signal }, wait));
    controller.abort();
    expect(await failure).toBeInstanceOf(AbortError);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  it("leaves no listener on the caller's signal after success, failure and timeout", async () => {
    const { signal } = new AbortController();
    const listeners = () => getEventListeners(signal, "abort").length;
    await boundedCall("specCall", { timeout: 60_000, signal }, () => Promise.resolve(listeners())).then((during) =>
      expect(during).toBe(1),
    );
    expect(listeners()).toBe(0);
    await failureOf(boundedCall("specCall", { timeout: 60_000, signal }, () => Promise.reject(new RangeError("x"))));
    expect(listeners()).toBe(0);
    expect(await failureOf(boundedCall("specCall", { timeout: 20, signal }, wait))).toMatchObject({ name: "TimeoutError" });
    expect(listeners()).toBe(0);
  });

  it("rejects with other errors unchanged and leaves no timer", async () => {
    const own = new RangeError("x");
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timers();
    expect(await failureOf(boundedCall("specCall", { timeout: 60_000 }, () => Promise.reject(own)))).toBe(own);
    expect(timers()).toBe(before);
  });

  it("rejects an invalid timeout", async () => {
    expect(await failureOf(boundedCall("specCall", { timeout: -1 }, wait))).toMatchObject({ name: "InvalidOptionError" });
  });
});

describe("Deadline", () => {
  const where = { operation: "specCall" };

  it("aborts its signal and rejects with a TimeoutError when the time is up", async () => {
    using deadline = new Deadline(20, undefined);
    expect(await failureOf(deadline.exceeded)).toMatchObject({ name: "TimeoutError", timeout: 20 });
    expect(deadline.signal.aborted).toBe(true);
    expect(deadline.error(where, "and more").message).toMatch(/and more/);
  });

  it("rejects with an AbortError that has the caller's reason", async () => {
    const controller = new AbortController();
    using deadline = new Deadline(0, controller.signal);
    controller.abort("enough");
    expect(await failureOf(deadline.exceeded)).toBeInstanceOf(AbortError);
    expect(deadline.signal.reason).toBe("enough");
    expect(deadline.error(where, "and more")).toMatchObject({ message: "specCall was aborted: and more", cause: "enough" });
  });

  it("is exceeded at once when the caller's signal is already aborted", () => {
    using deadline = new Deadline(60_000, AbortSignal.abort());
    expect(deadline.signal.aborted).toBe(true);
    expect(deadline.timedOut).toBe(false);
  });

  it("reports the timeout even if the caller aborts later", async () => {
    const controller = new AbortController();
    using deadline = new Deadline(10, controller.signal);
    await failureOf(deadline.exceeded);
    controller.abort();
    expect(deadline.error(where)).toMatchObject({ name: "TimeoutError" });
  });

  it("removes its timer and its listener when it is disposed", () => {
    const { signal } = new AbortController();
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timers();
    const deadline = new Deadline(60_000, signal);
    expect(getEventListeners(signal, "abort").length).toBe(1);
    deadline[Symbol.dispose]();
    expect(getEventListeners(signal, "abort").length).toBe(0);
    expect(timers()).toBe(before);
  });
});

describe("many deadlines with one signal", () => {
  it("share one listener, which is removed with the last deadline", () => {
    const { signal } = new AbortController();
    const deadlines = Array.from({ length: 30 }, () => new Deadline(0, signal));
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    for (const deadline of deadlines) deadline[Symbol.dispose]();
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("all end when the signal is aborted", () => {
    const controller = new AbortController();
    const deadlines = Array.from({ length: 30 }, () => new Deadline(0, controller.signal));
    controller.abort("enough");
    expect(deadlines.every(({ signal }) => signal.aborted)).toBe(true);
  });
});
