import { afterEach, describe, expect, test, vi } from "vitest";
import { Jobs } from "../../../lib/agent/work/jobs.js";
import { held } from "../../support/held.js";

afterEach(() => void vi.useRealTimers());

describe("jobs", () => {
  test("go from queued to running to their end", async () => {
    const jobs = new Jobs();
    const work = held<object>();
    const job = jobs.start("PullImage", "web", () => work.promise);
    expect(job.toObject()).toMatchObject({ method: "PullImage", guest: "web", state: "queued" });
    job.begin();
    job.progress({ status: "half" });
    expect(job.toObject()).toMatchObject({ state: "running", progress: { status: "half" } });
    work.release({ images: [] });
    await job.wait(5_000);
    expect(job.toObject()).toMatchObject({ state: "done", result: { images: [] } });
    job.begin();
    expect(job.toObject().state).toBe("done");
  });

  test("tell why they failed, and nothing that is not for callers", async () => {
    const job = new Jobs().start("PullImage", undefined, () => Promise.reject(new Error("/etc/secret")));
    await job.wait(5_000);
    expect(job.toObject()).toMatchObject({ state: "failed", error: { code: -32603, message: "internal error" } });
    expect(JSON.stringify(job.toObject())).not.toContain("secret");
  });

  test("are canceled by their signal", async () => {
    const jobs = new Jobs();
    const job = jobs.start(
      "PullImage",
      undefined,
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true })),
    );
    job.cancel();
    await job.wait(5_000);
    expect(job.toObject()).toMatchObject({ state: "canceled", error: { code: -32032, message: "the job was canceled" } });
  });

  test("tell a late listener the last four million characters of longer records", async () => {
    const job = new Jobs().start("GetLogs", undefined, () => new Promise(() => undefined));
    const seen: string[] = [];
    for (let index = 0; index < 100; index++) job.progress(`${index} ${"x".repeat(100_000)}`);
    job.listen({ progress: (record) => seen.push(record), end: () => undefined });
    expect(seen).toHaveLength(41);
    expect(seen[40]).toMatch(/^"99 x/);
    job.progress("y".repeat(5_000_000));
    const later: string[] = [];
    job.listen({ progress: (record) => later.push(record), end: () => undefined });
    expect(later).toEqual([`"${"y".repeat(5_000_000)}"`]);
  });

  test("tell a late listener the last 1,000 records and the end", async () => {
    const jobs = new Jobs();
    const work = held<string>();
    const job = jobs.start("GetLogs", undefined, () => work.promise);
    for (let index = 0; index < 1_005; index++) job.progress(index);
    const seen: unknown[] = [];
    const remove = job.listen({ progress: (record) => seen.push(record), end: () => seen.push("end") });
    expect(seen).toHaveLength(1_000);
    expect(seen[0]).toBe("5");
    remove();
    job.progress("unheard");
    job.listen({ progress: () => undefined, end: () => seen.push("end") });
    work.release("");
    await job.wait(5_000);
    expect(seen.slice(1_000)).toEqual(["end"]);
    job.listen({ progress: () => undefined, end: () => seen.push("late end") });
    expect(seen.at(-1)).toBe("late end");
  });

  test("are forgotten after an hour, and the oldest beyond 1,000, but not while they run", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const jobs = new Jobs();
    const running = jobs.start("GetLogs", undefined, () => new Promise(() => undefined));
    const ended = Array.from({ length: 1_003 }, () => jobs.start("GetInfo", undefined, () => Promise.resolve()));
    await Promise.all(ended.map((job) => job.wait(5_000)));
    const [first, , , fourth] = ended;
    expect(() => jobs.find(first?.id ?? "")).toThrow("no such job");
    expect(jobs.find(fourth?.id ?? "")).toBe(fourth);
    expect(jobs.list()).toHaveLength(1_001);
    vi.setSystemTime(Date.now() + 60 * 60_000 + 1);
    expect(jobs.list()).toEqual([running]);
  });

  test("get the grace period at the end, and are canceled after it", async () => {
    const jobs = new Jobs();
    const work = held<string>();
    const ends = jobs.start("PullImage", undefined, () => work.promise);
    const closed = jobs.close(10_000);
    work.release("in time");
    await closed;
    expect(ends.toObject()).toMatchObject({ state: "done", result: "in time" });
    const stays = jobs.start(
      "GetLogs",
      undefined,
      ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error()), { once: true })),
    );
    await jobs.close(1);
    expect(stays.toObject().state).toBe("canceled");
  });

  test("do not hold up the end when their work ignores its signal", async () => {
    const jobs = new Jobs();
    jobs.start("PullImage", undefined, () => new Promise(() => undefined));
    await expect(jobs.close(1)).resolves.toBeUndefined();
  });
});
