import { getEventListeners } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { SharedRuns } from "../../lib/auth/shared-runs.js";
import { AbortError } from "../../lib/errors/connection-errors.js";

/** A run that ends on demand, and records whether it was aborted. */
function controlledRun() {
  const { promise, resolve, reject } = withResolvers<string>();
  const start = vi.fn((signal: AbortSignal) => {
    signal.addEventListener("abort", () => reject(new AbortError("aborted")));
    return promise;
  });
  return { start, resolve, reject, isAborted: () => start.mock.calls[0]?.[0].aborted };
}

function withResolvers<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((...functions) => ([resolve, reject] = functions));
  return { promise, resolve, reject };
}

describe("SharedRuns", () => {
  it("starts one run for concurrent callers with the same key", async () => {
    const runs = new SharedRuns<string>();
    const { start, resolve } = controlledRun();
    const results = [runs.run("a", start), runs.run("a", start, new AbortController().signal), runs.run("a", start)];
    resolve("done");
    expect(await Promise.all(results)).toEqual(["done", "done", "done"]);
    expect(start).toHaveBeenCalledTimes(1);
  });

  it("starts a run for each key, and a new one after the end", async () => {
    const runs = new SharedRuns<string>();
    const start = vi.fn(() => Promise.resolve("done"));
    await Promise.all([runs.run("a", start), runs.run("b", start)]);
    await runs.run("a", start);
    expect(start).toHaveBeenCalledTimes(3);
  });

  it("reports a failure to all callers, and then starts again", async () => {
    const runs = new SharedRuns<string>();
    const { start, reject } = controlledRun();
    const results = [runs.run("a", start), runs.run("a", start, new AbortController().signal)];
    reject(new Error("broken"));
    await expect(Promise.allSettled(results)).resolves.toMatchObject([
      { reason: { message: "broken" } },
      { reason: { message: "broken" } },
    ]);
    expect(await runs.run("a", () => Promise.resolve("again"))).toBe("again");
  });

  it("continues the run for the others when one is aborted", async () => {
    const runs = new SharedRuns<string>();
    const { start, resolve, isAborted } = controlledRun();
    const controller = new AbortController();
    const aborted = runs.run("a", start, controller.signal);
    const other = runs.run("a", start);
    controller.abort("enough");
    await expect(aborted).rejects.toMatchObject({ name: "AbortError", cause: "enough" });
    expect(isAborted()).toBe(false);
    resolve("done");
    expect(await other).toBe("done");
  });

  it("aborts the run when the last caller aborts", async () => {
    const runs = new SharedRuns<string>();
    const { start, isAborted } = controlledRun();
    const controllers = [new AbortController(), new AbortController()];
    const results = controllers.map(({ signal }) => runs.run("a", start, signal));
    for (const controller of controllers) controller.abort();
    await expect(Promise.allSettled(results)).resolves.toMatchObject([{ status: "rejected" }, { status: "rejected" }]);
    expect(isAborted()).toBe(true);
    expect(await runs.run("a", () => Promise.resolve("again"))).toBe("again");
  });

  it("does not start for an aborted signal", async () => {
    const start = vi.fn(() => Promise.resolve("done"));
    await expect(new SharedRuns<string>().run("a", start, AbortSignal.abort())).rejects.toThrow(AbortError);
    expect(start).not.toHaveBeenCalled();
  });

  it("leaves no listener on the signal", async () => {
    const runs = new SharedRuns<string>();
    const { signal } = new AbortController();
    await runs.run("a", () => Promise.resolve("done"), signal);
    await expect(runs.run("a", () => Promise.reject(new Error("broken")), signal)).rejects.toThrow("broken");
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});
