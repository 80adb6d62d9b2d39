import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DiskRecords, MemoryRecords } from "../../lib/store/records.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "records-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test("records are found after a restart, in the order of their creation", async () => {
  const records = await DiskRecords.open<{ n: number }>(directory);
  await records.put("b", { n: 1 });
  await records.put("a", { n: 2 });
  await records.put("c", { n: 3 });
  await records.put("b", { n: 4 });
  await records.remove("c");
  await records.remove("c");
  const again = await DiskRecords.open<{ n: number }>(directory);
  expect([...again.all()]).toEqual([
    ["b", { n: 4 }],
    ["a", { n: 2 }],
  ]);
  await again.put("d", { n: 5 });
  expect([...(await DiskRecords.open(directory)).all().keys()]).toEqual(["b", "a", "d"]);
});

test("memory records hold what is put", async () => {
  const records = new MemoryRecords<number>();
  await records.put("a", 1);
  await records.put("b", 2);
  await records.remove("a");
  expect(records.get("a")).toBeUndefined();
  expect([...records.all()]).toEqual([["b", 2]]);
});

test("any key is a key", async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string({ unit: "binary-ascii", maxLength: 400 }), fc.nat()), async (values) => {
      await rm(directory, { recursive: true, force: true });
      const records = await DiskRecords.open<number>(directory);
      await Promise.all(Object.entries(values).map(([key, value]) => records.put(key, value)));
      const again = await DiskRecords.open<number>(directory);
      expect(again.all()).toEqual(new Map(Object.entries(values)));
      const names = (await readdir(directory)).map((name) => name.toLowerCase());
      expect(new Set(names).size).toBe(Object.keys(values).length);
    }),
    { numRuns: 25 },
  );
});

test("writes of one key do not overtake each other", async () => {
  const records = await DiskRecords.open<number>(directory);
  const writes = Array.from({ length: 30 }, (_, n) => records.put("key", n));
  expect(records.get("key")).toBe(29);
  await Promise.all([...writes, records.remove("key"), records.put("key", 100)]);
  expect((await DiskRecords.open<number>(directory)).get("key")).toBe(100);
});

test("a value that cannot be written is not kept", async () => {
  const records = await DiskRecords.open<number>(directory);
  await records.put("old", 1);
  await rm(directory, { recursive: true });
  await expect(records.put("old", 2)).rejects.toThrow("ENOENT");
  await expect(records.put("new", 1)).rejects.toThrow("ENOENT");
  expect([...records.all()]).toEqual([["old", 1]]);
});

test("files that are no records are set aside", async () => {
  await writeFile(join(directory, "torn.json"), '{"key":"to');
  await writeFile(join(directory, "other.json"), "null");
  await writeFile(join(directory, "left.tmp"), "{}");
  const corrupt: string[] = [];
  const records = await DiskRecords.open(directory, "power", (path) => corrupt.push(path));
  await records.put("a", 1);
  expect(corrupt.sort()).toEqual([join(directory, "other.json.corrupt"), join(directory, "torn.json.corrupt")]);
  expect((await readdir(directory)).sort()).toEqual(["a.json", "other.json.corrupt", "torn.json.corrupt"]);
});
