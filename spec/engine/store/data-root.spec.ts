import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type DataRoot, memoryDataRoot, openDataRoot } from "../../../lib/engine/store/data-root.js";
import { FolderInUseError } from "../../../lib/store/lock.js";

let path: string;
beforeEach(async () => {
  path = await mkdtemp(join(tmpdir(), "root-"));
});
afterEach(() => rm(path, { recursive: true, force: true }));

test("a data root keeps its records", async () => {
  const root = await openDataRoot(join(path, "new"));
  const volumes = await root.records<string>("volumes");
  expect(await root.records("volumes")).toBe(volumes);
  await volumes.put("data", "value");
  const { digest } = await root.blobs.write(Buffer.from("blob"));
  const directory = await root.directory("volumes");
  expect(directory).toBe(join(path, "new", "data", "volumes"));
  expect((await stat(directory!)).mode & 0o777).toBe(0o700);
  await root.close();
  const again = await openDataRoot(join(path, "new"), { durability: "power" });
  expect((await again.records("volumes")).get("data")).toBe("value");
  expect(await again.blobs.has(digest)).toBe(true);
  await again.close();
});

test("a second engine is told who holds the data root", async () => {
  const root = await openDataRoot(path);
  const second = openDataRoot(path);
  await expect(second).rejects.toThrow(FolderInUseError);
  await expect(second).rejects.toMatchObject({ path, pid: process.pid });
  await root.close();
  await (await openDataRoot(path)).close();
});

test("only one of many engines gets the lock of one that has ended", async () => {
  const other = spawn("true");
  await once(other, "exit");
  await writeFile(join(path, "engine.3.lock"), JSON.stringify({ pid: other.pid, started: "1" }));
  await writeFile(join(path, "left.tmp"), "");
  const all = await Promise.allSettled(Array.from({ length: 8 }, () => openDataRoot(path)));
  const opened = all.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  expect(opened).toHaveLength(1);
  await Promise.all(opened.map((root: DataRoot) => root.close()));
  expect((await readdir(path)).sort()).toEqual(["blobs", "engine.4.lock"]);
});

test("the process ID of a later process does not hold the lock", async () => {
  const root = await openDataRoot(path);
  const lock = join(path, "engine.1.lock");
  const holder = JSON.parse(await readFile(lock, "utf8"));
  await writeFile(lock, JSON.stringify({ ...holder, started: "long ago" }));
  const second = await openDataRoot(path);
  await second.close();
  await root.close();
});

test("a memory root holds records and has no directories", async () => {
  const root = memoryDataRoot();
  await (await root.records<number>("images")).put("a", 1);
  expect((await root.records<number>("images")).get("a")).toBe(1);
  expect(await root.directory("volumes")).toBeUndefined();
  expect(root.path).toBeUndefined();
  await root.close();
});

test("a data root that cannot be used is named", async () => {
  const file = join(path, "file");
  await writeFile(file, "");
  await expect(openDataRoot(join(file, "root"))).rejects.toThrow(`cannot use data root ${join(file, "root")}: ENOTDIR`);
});
