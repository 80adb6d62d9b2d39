import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { GuestQueues } from "../../../lib/agent/work/guest-queues.js";
import { type Held, held } from "../../support/held.js";

const limits = { concurrent: 64, waiting: 1_000, waitingPerGuest: 4 };
const never = new AbortController().signal;

/** Work that begins when its turn comes and ends when a spec says so. */
function task(): Held<string> & { work: () => Promise<string>; begun: boolean } {
  const end = held<string>();
  const made = { ...end, begun: false, work: () => ((made.begun = true), end.promise) };
  return made;
}

/** Lets everything happen that needs no further event. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("the queues of guests", () => {
  test("run the calls about one guest one after the other, in their order", async () => {
    const queues = new GuestQueues(limits);
    const tasks = [task(), task(), task()] as const;
    const results = tasks.map(({ work }) => queues.run("web", never, work));
    await settle();
    expect(tasks.map(({ begun }) => begun)).toEqual([true, false, false]);
    expect(queues.waiting).toBe(2);
    tasks[0].fail(new Error("a failure does not stop the others"));
    await expect(results[0]).rejects.toThrow("a failure");
    await settle();
    expect(tasks.map(({ begun }) => begun)).toEqual([true, true, false]);
    tasks[1].release("second");
    tasks[2].release("third");
    expect(await Promise.all(results.slice(1))).toEqual(["second", "third"]);
    expect(queues.waiting).toBe(0);
  });

  test("run 50 guests side by side", async () => {
    const queues = new GuestQueues(limits);
    const tasks = Array.from({ length: 50 }, task);
    const results = tasks.map(({ work }, index) => queues.run(`guest-${index}`, never, work));
    await settle();
    expect(tasks.every(({ begun }) => begun)).toBe(true);
    for (const { release } of tasks) release("done");
    expect(await Promise.all(results)).toHaveLength(50);
  });

  test("refuse the fifth call that waits for a guest, and nobody else's", async () => {
    const queues = new GuestQueues(limits);
    const tasks = Array.from({ length: 5 }, task);
    const results = tasks.map(({ work }) => queues.run("web", never, work));
    await settle();
    await expect(queues.run("web", never, task().work)).rejects.toMatchObject({
      kind: "busy",
      message: "4 calls about the guest web are waiting",
      data: { retryAfter: 1 },
    });
    expect(await queues.run("other", never, () => Promise.resolve("served"))).toBe("served");
    for (const { release } of tasks) release("done");
    await Promise.all(results);
    expect(await queues.run("web", never, () => Promise.resolve("served"))).toBe("served");
  });

  test("refuse a call when as many wait as may", async () => {
    const queues = new GuestQueues({ ...limits, concurrent: 1, waiting: 2 });
    const tasks = Array.from({ length: 3 }, task);
    const results = tasks.map(({ work }, index) => queues.run(index === 0 ? undefined : `guest-${index}`, never, work));
    await settle();
    for (const guest of [undefined, "another"])
      await expect(queues.run(guest, never, task().work)).rejects.toMatchObject({
        kind: "busy",
        message: "2 calls are waiting",
        data: { retryAfter: 1 },
      });
    for (const { release } of tasks) release("done");
    await Promise.all(results);
    expect(queues.waiting).toBe(0);
  });

  test("leave out a call whose caller leaves before its turn", async () => {
    const queues = new GuestQueues(limits);
    const caller = new AbortController();
    const [first, second, third] = [task(), task(), task()];
    const running = queues.run("web", never, first.work);
    const waiting = queues.run("web", caller.signal, second.work);
    const last = queues.run("web", never, third.work);
    await settle();
    caller.abort(new Error("left"));
    await expect(waiting).rejects.toThrow("left");
    first.release("first");
    third.release("third");
    expect(await Promise.all([running, last])).toEqual(["first", "third"]);
    expect(second.begun).toBe(false);
    await expect(queues.run("web", caller.signal, second.work)).rejects.toThrow("left");
    expect(second.begun).toBe(false);
  });

  test("keep the turn of a call that is aborted until it has cleaned up", async () => {
    for (const guest of ["web", undefined]) {
      const queues = new GuestQueues({ ...limits, concurrent: 1 });
      const caller = new AbortController();
      const [first, second] = [task(), task()];
      const aborted = queues.run(guest, caller.signal, first.work);
      const next = queues.run(guest, never, second.work);
      await settle();
      caller.abort();
      await settle();
      expect(second.begun).toBe(false);
      first.fail(new Error("cleaned up"));
      await expect(aborted).rejects.toThrow("cleaned up");
      second.release("next");
      expect(await next).toBe("next");
    }
  });

  test("leave no listener on the signals of callers", async () => {
    const queues = new GuestQueues({ ...limits, concurrent: 1 });
    const { signal } = new AbortController();
    await Promise.all(["a", "a", "b", undefined].map((guest) => queues.run(guest, signal, () => Promise.resolve())));
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});
