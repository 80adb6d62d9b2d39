import { getEventListeners } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { AbortError, ConnectionClosedError, TimeoutError } from "../../lib/errors/connection-errors.js";
import { InvalidOptionError } from "../../lib/errors/usage-errors.js";
import { Exchange } from "../../lib/transport/exchange.js";

const unbounded = { connect: 0, headers: 0, inactivity: 0, total: 0 };
const exchange = (signal?: AbortSignal, total = 0) => new Exchange("spec", "unix:///spec", { ...unbounded, total }, signal);

describe("Exchange", () => {
  it("fails once, with the first failure, and calls its canceller", () => {
    const own = exchange();
    const cancel = vi.fn();
    const first = new AbortError("first");
    own.setCanceller(cancel);
    own.fail(first);
    own.fail(new AbortError("second"));
    expect(own.failure).toBe(first);
    expect(cancel.mock.calls).toEqual([[first]]);
  });

  it("calls a canceller at once when it is set after the failure", () => {
    const own = exchange();
    const error = new AbortError("early");
    own.fail(error);
    const cancel = vi.fn();
    own.setCanceller(cancel);
    expect(cancel.mock.calls).toEqual([[error]]);
  });

  it("calls only the last canceller", () => {
    const own = exchange();
    const [early, late] = [vi.fn(), vi.fn()];
    own.setCanceller(early);
    own.setCanceller(late);
    own.fail(new AbortError("x"));
    expect(early).not.toHaveBeenCalled();
    expect(late).toHaveBeenCalledOnce();
  });

  it("cannot fail after its end, and cleans up once", () => {
    const own = exchange();
    const [one, two, cancel] = [vi.fn(), vi.fn(), vi.fn()];
    own.setCanceller(cancel);
    own.addCleanup(one);
    own.addCleanup(two);
    own.finish();
    own.finish();
    own.fail(new AbortError("late"));
    expect(own.finished).toBe(true);
    expect(own.failure).toBeUndefined();
    expect([one, two].map((cleanup) => cleanup.mock.calls.length)).toEqual([1, 1]);
    expect(cancel).not.toHaveBeenCalled();
  });

  it("remains open while held, so that it can still fail", () => {
    const own = exchange();
    const [cleanup, cancel] = [vi.fn(), vi.fn()];
    own.addCleanup(cleanup);
    const [releaseOne, releaseTwo] = [own.hold(), own.hold()];
    own.finish();
    releaseOne();
    releaseOne();
    expect([own.finished, cleanup.mock.calls.length]).toEqual([false, 0]);
    own.setCanceller(cancel);
    own.fail(new AbortError("late"));
    expect(cancel).toHaveBeenCalledOnce();
    releaseTwo();
    expect([own.finished, cleanup.mock.calls.length]).toEqual([true, 1]);
  });

  it("remains open after a released hold until it finishes", () => {
    const own = exchange();
    own.hold()();
    expect(own.finished).toBe(false);
    own.finish();
    expect(own.finished).toBe(true);
  });

  it("listens to its signal until its end", () => {
    const { signal } = new AbortController();
    const own = exchange(signal);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    own.finish();
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("shares one abort listener per signal, and keeps it until the last exchange ends", () => {
    const controller = new AbortController();
    const [one, two, three] = [exchange(controller.signal), exchange(controller.signal), exchange(controller.signal)];
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    one.finish();
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(1);
    controller.abort();
    expect([one, two, three].map(({ failure }) => failure?.name)).toEqual([undefined, "AbortError", "AbortError"]);
    two.finish();
    three.finish();
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  it("fails at once when its signal is already aborted", () => {
    expect(exchange(AbortSignal.abort("why")).failure).toMatchObject({
      name: "AbortError",
      cause: "why",
      operation: "spec",
      endpoint: "unix:///spec",
    });
  });

  it("times out", async () => {
    const ended = exchange(undefined, 20);
    const own = exchange(undefined, 20);
    ended.finish();
    expect(own.failure).toBeUndefined();
    await expect.poll(() => own.failure, { interval: 5 }).toBeInstanceOf(TimeoutError);
    expect(own.failure).toMatchObject({ kind: "total", timeout: 20, operation: "spec" });
    expect(ended.failure).toBeUndefined();
  });

  it("has a total timeout from one millisecond on", async () => {
    const [shortest, none] = [exchange(undefined, 1), exchange(undefined, 0)];
    await expect.poll(() => shortest.failure, { interval: 5 }).toBeInstanceOf(TimeoutError);
    expect(none.failure).toBeUndefined();
  });

  it("converts a socket failure to one of this package's errors, or to its original cause", () => {
    const own = exchange();
    expect(own.errorOf(Object.assign(new Error("x"), { code: "ECONNRESET" }))).toBeInstanceOf(ConnectionClosedError);
    const mine = new InvalidOptionError("x", "mine");
    expect(own.errorOf(mine)).toBe(mine);
    const failure = new AbortError("enough");
    own.fail(failure);
    expect(own.errorOf(new Error("socket hang up"))).toBe(failure);
  });
});
