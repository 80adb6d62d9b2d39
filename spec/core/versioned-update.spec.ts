import { describe, expect, it } from "vitest";
import type { CallOptions } from "../../lib/core/call-options.js";
import { type SpecUpdate, type UpdateSteps, versionedUpdate } from "../../lib/core/versioned-update.js";
import { ConflictError } from "../../lib/errors/api-error.js";
import { AbortError, TimeoutError } from "../../lib/errors/connection-errors.js";
import { VersionConflictError } from "../../lib/errors/swarm-errors.js";

interface Counter {
  count: number;
}

const details = { status: 500, method: "POST", path: "/", message: "update out of sequence" };

/** A versioned object. Each update takes a turn of the event loop. */
class Kept {
  version = 1;
  spec: Counter = { count: 0 };
  updates = 0;

  readonly steps: UpdateSteps<Counter, string> = {
    inspect: () => Promise.resolve({ Version: { Index: this.version }, Spec: structuredClone(this.spec) }),
    update: async (version, spec) => {
      await new Promise(setImmediate);
      this.updates += 1;
      if (version !== this.version) throw new VersionConflictError("service", "web", details);
      this.version += 1;
      this.spec = spec;
      return `version ${this.version}`;
    },
  };
}

const run = (kept: Kept, wanted: SpecUpdate<Counter>, call?: CallOptions) =>
  versionedUpdate("updateService", wanted, call, kept.steps);
const increment = ({ count }: Counter): Counter => ({ count: count + 1 });

describe("versionedUpdate", () => {
  it("preserves all of many concurrent updates", async () => {
    const kept = new Kept();
    await Promise.all(Array.from({ length: 8 }, () => run(kept, { spec: increment })));
    expect(kept.spec).toEqual({ count: 8 });
    expect(kept.updates).toBeGreaterThan(8);
  });

  it("returns the result of the update, also for async functions", async () => {
    const spec = async (current: Counter) => {
      await new Promise(setImmediate);
      return increment(current);
    };
    expect(await run(new Kept(), { spec })).toBe("version 2");
    expect(await run(new Kept(), { version: 1, spec: { count: 5 } })).toBe("version 2");
  });

  it("makes at most ten attempts", async () => {
    const kept = new Kept();
    const meddling = (current: Counter) => {
      kept.version += 1;
      return increment(current);
    };
    await expect(run(kept, { spec: meddling })).rejects.toThrow(VersionConflictError);
    expect(kept.updates).toBe(10);
    expect(kept.spec).toEqual({ count: 0 });
  });

  it("makes one attempt when the caller specifies a version", async () => {
    const kept = new Kept();
    await expect(run(kept, { version: 7, spec: { count: 1 } })).rejects.toThrow(VersionConflictError);
    expect(kept.updates).toBe(1);
  });

  it("stops after any other failure, including an error that the caller's function throws", async () => {
    const kept = new Kept();
    const failing = { ...kept.steps, update: () => Promise.reject(new ConflictError(details)) };
    await expect(versionedUpdate("updateService", { spec: increment }, {}, failing)).rejects.toThrow("update out of sequence");
    const refusal = () => {
      throw new RangeError("no such image");
    };
    await expect(run(kept, { spec: refusal })).rejects.toThrow(RangeError);
    expect(kept.updates).toBe(0);
  });

  it("respects the total timeout and the signal of the call", async () => {
    const steps: UpdateSteps<Counter, string> = {
      inspect: () => Promise.resolve({ Version: { Index: 1 }, Spec: { count: 0 } }),
      update: (_version, _spec, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(new AbortError("the call was aborted")));
        }),
    };
    const timedOut = versionedUpdate("updateService", { spec: increment }, { timeout: 20 }, steps);
    await expect(timedOut).rejects.toThrow(TimeoutError);
    const signal = AbortSignal.timeout(20);
    await expect(versionedUpdate("updateService", { spec: increment }, { signal }, steps)).rejects.toThrow(AbortError);
  });
});
