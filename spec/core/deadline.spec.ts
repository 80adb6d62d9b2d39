import { getEventListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { boundedCall } from "../../lib/core/deadline.js";
import type { CallOptions } from "../../lib/core/call-options.js";
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
    "without a total (%j) passes the settings on",
    async (call) => {
      expect(await boundedCall("specCall", call, (own) => Promise.resolve(own))).toEqual(call ?? {});
    },
  );

  it.each([{ timeout: 30 }, { timeouts: { total: 30 } }])("bounds all calls together by %j", async (call) => {
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

  it("lets the caller's own abort be one", async () => {
    const controller = new AbortController();
    const failure = failureOf(boundedCall("specCall", { timeout: 60_000, signal: controller.signal }, wait));
    controller.abort();
    expect(await failure).toBeInstanceOf(AbortError);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  it("leaves other failures alone, and no timer", async () => {
    const own = new RangeError("x");
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
    const before = timers();
    expect(await failureOf(boundedCall("specCall", { timeout: 60_000 }, () => Promise.reject(own)))).toBe(own);
    expect(timers()).toBe(before);
  });

  it("refuses a time that is none", async () => {
    expect(await failureOf(boundedCall("specCall", { timeout: -1 }, wait))).toMatchObject({ name: "InvalidOptionError" });
  });
});
