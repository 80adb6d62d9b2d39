import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type FailureKind, RpcError } from "../../../lib/agent/rpc/rpc-error.js";
import { IdempotencyKeys, type Outcome } from "../../../lib/agent/work/idempotency.js";
import { held } from "../../support/held.js";

const DAY = 24 * 60 * 60_000;

function keysFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "agent-keys-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "state", "keys.ndjson");
}

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
    const file = keysFile();
    let now = 1_000;
    const { work } = counted();
    const open = () => {
      const keys = new IdempotencyKeys(file, () => now);
      onTestFinished(() => keys.close());
      return keys;
    };
    await open().once("key", "request", work);
    now += DAY - 1;
    expect(await open().once("key", "request", work)).toEqual({ result: 1 });
    now += 1;
    const keys = open();
    expect(keys.size).toBe(0);
    expect(await keys.once("key", "another", work)).toEqual({ result: 2 });
  });

  test("are kept up to 10,000 of them, the latest, and the file does not grow", async () => {
    const file = keysFile();
    const keys = new IdempotencyKeys(file, () => 1);
    onTestFinished(() => keys.close());
    const { work, done } = counted();
    for (let index = 0; index < 21_000; index++) await keys.once(`key-${index}`, "request", work);
    expect(keys.size).toBe(10_000);
    expect(readFileSync(file, "utf8").split("\n").length).toBeLessThan(40_010);
    await keys.once("key-11000", "request", work);
    expect(done).toHaveLength(21_000);
    await keys.once("key-10999", "request", work);
    expect(done).toHaveLength(21_001);
  });

  test("outlive a restart, and so does the knowledge that a call was cut off", async () => {
    const file = keysFile();
    const { work, done } = counted();
    const before = new IdempotencyKeys(file);
    await before.once("finished", "request", work);
    void before.once("cut", "request", () => new Promise(() => undefined));
    before.close(); // as the end of the process does
    const after = new IdempotencyKeys(file);
    onTestFinished(() => after.close());
    expect(await after.once("finished", "request", work)).toEqual({ result: 1 });
    await expect(after.once("cut", "another", work)).rejects.toMatchObject({ kind: "invalidParams" });
    const both = [after.once("cut", "request", work), after.once("cut", "request", work)];
    expect(await Promise.all(both)).toEqual([{ result: 2 }, { result: 2 }]);
    expect(done).toEqual([false, true]);
  });

  test("outlive a last line that was torn, wherever", async () => {
    const source = keysFile();
    const writer = new IdempotencyKeys(source);
    await writer.once("first", "request", () => Promise.resolve({ result: "first" }));
    const begun = readFileSync(source, "utf8");
    await writer.once("second", "request", () => Promise.resolve({ result: "ä" }));
    writer.close();
    const lines = readFileSync(source).subarray(Buffer.byteLength(begun));
    for (let length = 0; length < lines.length; length += 7) {
      const file = keysFile();
      new IdempotencyKeys(file).close();
      appendFileSync(file, Buffer.concat([Buffer.from(begun), lines.subarray(0, length)]));
      const keys = new IdempotencyKeys(file);
      const { work, done } = counted();
      expect(await keys.once("first", "request", work)).toEqual({ result: "first" });
      await keys.once("second", "request", work);
      expect(done).toHaveLength(1);
      keys.close();
      const again = new IdempotencyKeys(file);
      expect(await again.once("second", "request", work)).toEqual({ result: 1 });
      again.close();
    }
  });

  test("are readable only by their owner, and are not themselves in the file", async () => {
    const file = keysFile();
    const keys = new IdempotencyKeys(file);
    onTestFinished(() => keys.close());
    await keys.once("a-secret-key", "request", counted().work);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(file, "..")).mode & 0o777).toBe(0o700);
    expect(readFileSync(file, "utf8")).not.toContain("a-secret-key");
  });
});
