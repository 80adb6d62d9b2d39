import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type FailureKind, RpcError } from "../../../lib/agent/rpc/rpc-error.js";
import { IdempotencyKeys, type Outcome } from "../../../lib/agent/work/idempotency.js";
import { held } from "../../support/held.js";

const DAY = 24 * 60 * 60_000;

/** A folder that does not exist yet. */
function stateFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "agent-keys-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "state");
}

const fileIn = (folder: string): string => join(folder, "idempotency-keys.ndjson");

/** Work that counts how often it is done. */
function counted(): { work: (isResumed: boolean) => Promise<Outcome>; done: boolean[] } {
  const done: boolean[] = [];
  return { done, work: (isResumed) => (done.push(isResumed), Promise.resolve({ result: done.length })) };
}

const failed = (kind: FailureKind, retryAfter?: number): Outcome => ({
  error: new RpcError(kind, kind, { retryAfter }).toObject(),
});

describe("idempotency keys", () => {
  test("give the outcome of the first call, also an error", async () => {
    const keys = new IdempotencyKeys();
    const { work, done } = counted();
    expect(await keys.once("key", "request", work)).toEqual({ result: 1 });
    expect(await keys.once("key", "request", work)).toEqual({ result: 1 });
    expect(await keys.once("other", "request", work)).toEqual({ result: 2 });
    expect(done).toEqual([false, false]);
    const conflict = failed("conflict");
    expect(await keys.once("failing", "request", () => Promise.resolve(conflict))).toEqual(conflict);
    expect(await keys.once("failing", "request", work)).toEqual(conflict);
  });

  test("give it also while the first call runs", async () => {
    const keys = new IdempotencyKeys();
    const first = held<Outcome>();
    const { work, done } = counted();
    const all = [keys.once("key", "request", () => first.promise), keys.once("key", "request", work)];
    await expect(keys.once("key", "another", work)).rejects.toMatchObject({ kind: "invalidParams" });
    first.release({ result: "first" });
    expect(await Promise.all(all)).toEqual([{ result: "first" }, { result: "first" }]);
    expect(done).toEqual([]);
  });

  test("belong to one call", async () => {
    const keys = new IdempotencyKeys();
    const { work } = counted();
    await keys.once("key", "request", work);
    await expect(keys.once("key", "another", work)).rejects.toMatchObject({
      kind: "invalidParams",
      message: "the idempotency key was used for another call",
    });
  });

  test.each(["", "a b", "ä", "line\n", "x".repeat(256)])("%j is none", async (key) => {
    await expect(new IdempotencyKeys().once(key, "request", counted().work)).rejects.toMatchObject({ kind: "invalidRequest" });
  });

  test.each([
    ["no turn", failed("busy", 1)],
    ["no time", failed("timeout")],
    ["no caller", failed("canceled")],
    ["no engine", failed("engine", 5)],
  ])("do the work again when it had %s", async (_, outcome) => {
    const keys = new IdempotencyKeys();
    const { work, done } = counted();
    await keys.once("key", "request", () => Promise.resolve(outcome));
    expect(await keys.once("key", "request", work)).toEqual({ result: 1 });
    expect(done).toEqual([true]);
  });

  test("are kept for 24 hours", async () => {
    const folder = stateFolder();
    let now = 1_000;
    const { work } = counted();
    await using first = await IdempotencyKeys.open(folder, () => now);
    await first.once("key", "request", work);
    await first.close();
    now += DAY - 1;
    await using second = await IdempotencyKeys.open(folder, () => now);
    expect(await second.once("key", "request", work)).toEqual({ result: 1 });
    await second.close();
    now += 1;
    await using third = await IdempotencyKeys.open(folder, () => now);
    expect(third.size).toBe(0);
    expect(await third.once("key", "another", work)).toEqual({ result: 2 });
  });

  test("are kept up to 10,000 of them, the latest, and the file does not grow", async () => {
    const folder = stateFolder();
    await using keys = await IdempotencyKeys.open(folder, () => 1);
    const { work, done } = counted();
    for (let index = 0; index < 21_000; index += 1_000)
      await Promise.all(Array.from({ length: 1_000 }, (_, after) => keys.once(`key-${index + after}`, "request", work)));
    expect(keys.size).toBe(10_000);
    expect(readFileSync(fileIn(folder), "utf8").split("\n").length).toBeLessThan(40_010);
    await keys.once("key-11000", "request", work);
    expect(done).toHaveLength(21_000);
    await keys.once("key-10999", "request", work);
    expect(done).toHaveLength(21_001);
    await keys.close();
    await using again = await IdempotencyKeys.open(folder, () => 1);
    await again.once("key-20999", "request", work);
    await again.once("key-12000", "request", work);
    expect(done).toHaveLength(21_001);
  });

  test("outlive a restart, and so does the knowledge that a call was cut off", async () => {
    const folder = stateFolder();
    const { work, done } = counted();
    await using before = await IdempotencyKeys.open(folder);
    await before.once("finished", "request", work);
    const begins = held<undefined>();
    void before.once("cut", "request", () => (begins.release(undefined), new Promise(() => undefined)));
    await begins.promise;
    await before.close(); // as the end of the process does
    await using after = await IdempotencyKeys.open(folder);
    expect(await after.once("finished", "request", work)).toEqual({ result: 1 });
    await expect(after.once("cut", "another", work)).rejects.toMatchObject({ kind: "invalidParams" });
    const both = [after.once("cut", "request", work), after.once("cut", "request", work)];
    expect(await Promise.all(both)).toEqual([{ result: 2 }, { result: 2 }]);
    expect(done).toEqual([false, true]);
  });

  test("are in the file before their work begins, and outcomes before anybody is told", async () => {
    const folder = stateFolder();
    await using keys = await IdempotencyKeys.open(folder);
    const name = IdempotencyKeys.digest("key");
    const work = held<Outcome>();
    const both = [keys.once("key", "request", () => work.promise), keys.once("key", "request", () => work.promise)];
    const begun: string[] = [];
    both.push(keys.once("other", "request", () => (begun.push(readFileSync(fileIn(folder), "utf8")), work.promise)));
    await vi.waitFor(() => expect(begun).toHaveLength(1));
    expect(begun[0]).toContain(IdempotencyKeys.digest("other"));
    work.release({ result: "told" });
    const told = both.map(async (outcome) => {
      await outcome;
      return readFileSync(fileIn(folder), "utf8");
    });
    for (const text of await Promise.all(told.slice(0, 2)))
      expect(text).toContain(JSON.stringify({ key: name, outcome: { result: "told" } }));
    await Promise.all(told);
  });

  test("that cannot be written down do no work, and the next call does", async () => {
    const folder = stateFolder();
    await using keys = await IdempotencyKeys.open(folder);
    const { work, done } = counted();
    rmSync(fileIn(folder));
    mkdirSync(fileIn(folder));
    await expect(keys.once("key", "request", work)).rejects.toThrow("EISDIR");
    expect(done).toEqual([]);
    rmSync(fileIn(folder), { recursive: true });
    expect(await keys.once("key", "request", work)).toEqual({ result: 1 });
    expect(done).toEqual([false]);
  });

  test("outlive a last line that was torn, wherever", async () => {
    const source = stateFolder();
    await using writer = await IdempotencyKeys.open(source);
    await writer.once("first", "request", () => Promise.resolve({ result: "first" }));
    const begun = readFileSync(fileIn(source), "utf8");
    await writer.once("second", "request", () => Promise.resolve({ result: "ä" }));
    const lines = readFileSync(fileIn(source)).subarray(Buffer.byteLength(begun));
    for (let length = 0; length < lines.length; length += 7) {
      const folder = stateFolder();
      mkdirSync(folder);
      writeFileSync(fileIn(folder), Buffer.concat([Buffer.from(begun), lines.subarray(0, length)]));
      await using keys = await IdempotencyKeys.open(folder);
      const { work, done } = counted();
      expect(await keys.once("first", "request", work)).toEqual({ result: "first" });
      await keys.once("second", "request", work);
      expect(done).toHaveLength(1);
      await keys.close();
      await using again = await IdempotencyKeys.open(folder);
      expect(await again.once("second", "request", work)).toEqual({ result: 1 });
    }
  });

  test("are readable only by their owner, and are not themselves in the file", async () => {
    const folder = stateFolder();
    await using keys = await IdempotencyKeys.open(folder);
    await keys.once("a-secret-key", "request", counted().work);
    expect(statSync(fileIn(folder)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readFileSync(fileIn(folder), "utf8")).not.toContain("a-secret-key");
  });

  test("belong to one agent at a time, and the second is told who has them", async () => {
    const folder = stateFolder();
    await using first = await IdempotencyKeys.open(folder);
    writeFileSync(join(folder, "left-by-a-crash.tmp"), "");
    await expect(IdempotencyKeys.open(folder)).rejects.toThrow(
      `state directory ${folder} is in use by another agent in this process (${process.pid})`,
    );
    expect(existsSync(join(folder, "left-by-a-crash.tmp"))).toBe(true);
    await first.close();
    await using second = await IdempotencyKeys.open(folder);
    expect(second.size).toBe(0);
    expect(readdirSync(folder).filter((name) => !name.endsWith(".lock"))).toEqual(["idempotency-keys.ndjson"]);
  });
});
