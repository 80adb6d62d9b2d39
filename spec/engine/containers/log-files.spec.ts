import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test, vi } from "vitest";
import { LogFiles } from "../../../lib/engine/containers/log-files.js";
import type { LogLimits } from "../../../lib/engine/containers/log-limits.js";
import { temporaryDirectory } from "../../support/archive.js";

async function newFiles(limits: Partial<LogLimits> = {}): Promise<LogFiles> {
  const files = new LogFiles(join(await temporaryDirectory(), "id", "log"));
  files.limits = { size: 10, files: 3, compress: false, ...limits };
  return files;
}

/** Writes numbers, a line each. */
function write(files: LogFiles, from: number, to: number): void {
  for (let number = from; number <= to; number += 1) files.write(Buffer.from(`${String(number).padStart(4, "0")}\n`));
}

/** Reads what exists as numbers. */
async function numbers(files: LogFiles, position = files.begin()): Promise<number[]> {
  const found: number[] = [];
  for await (const line of files.lines(position)) found.push(Number(line));
  files.end(position);
  return found;
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

const names = (files: LogFiles): string[] => readdirSync(dirname(files.path)).sort();

test("a file is complete when it has the size of the limit, and the oldest one is removed", async () => {
  const files = await newFiles();
  write(files, 1, 2);
  expect(names(files)).toEqual(["log"]);
  write(files, 3, 3);
  expect(names(files)).toEqual(["log", "log.1"]);
  write(files, 4, 9);
  expect(names(files)).toEqual(["log", "log.1", "log.2"]);
  expect(readFileSync(`${files.path}.2`, "utf8")).toBe("0005\n0006\n");
  expect(await numbers(files)).toEqual(range(5, 9));
});

test("a single file begins anew", async () => {
  const files = await newFiles({ files: 1 });
  write(files, 1, 7);
  expect(names(files)).toEqual(["log"]);
  expect(await numbers(files)).toEqual([7]);
});

test("complete files are compressed, and read as the others", async () => {
  const files = await newFiles({ compress: true });
  write(files, 1, 9);
  expect(names(files)).toEqual(["log", "log.1.gz", "log.2.gz"]);
  expect(gunzipSync(readFileSync(`${files.path}.1.gz`)).toString()).toBe("0007\n0008\n");
  expect(await numbers(files)).toEqual(range(5, 9));
});

test("a large file is compressed meanwhile, and the next one is not complete before", async () => {
  const files = await newFiles({ compress: true, size: 1_100_000 });
  write(files, 1, 220_000);
  write(files, 220_001, 450_000);
  expect(names(files)).toContain("log.1");
  const reader = files.begin();
  await vi.waitFor(() => expect(names(files)).toEqual(["log", "log.1.gz"]), 10_000);
  expect(await numbers(files, reader)).toEqual(range(1, 450_000));
  write(files, 450_001, 450_001);
  await vi.waitFor(() => expect(names(files)).toEqual(["log", "log.1.gz", "log.2.gz"]), 10_000);
  expect(await numbers(files)).toEqual(range(1, 450_001));
});

test("a later engine continues with the files that exist, whatever a crash has left", async () => {
  const earlier = await newFiles();
  write(earlier, 1, 6);
  earlier.close();
  writeFileSync(`${earlier.path}.1.gz.tmp`, "torn");
  writeFileSync(`${earlier.path}.1.gz`, gzipSync("0003\n0004\n"));
  const files = new LogFiles(earlier.path);
  files.limits = earlier.limits;
  expect(await numbers(files)).toEqual(range(1, 6));
  write(files, 7, 8);
  expect(await numbers(files)).toEqual(range(3, 8));
  write(files, 9, 20);
  expect(await numbers(files)).toEqual(range(15, 20));
});

test.each([false, true])(
  "a reader loses and repeats nothing while files are moved and removed; compressed: %j",
  async (compress) => {
    const files = await newFiles({ compress });
    write(files, 1, 6);
    const reader = files.begin();
    const found: number[] = [];
    let next = 7;
    for await (const line of files.lines(reader)) {
      found.push(Number(line));
      if (next < 200) write(files, next, next + 4);
      next += 5;
    }
    found.push(...(await numbers(files, reader)));
    expect(found).toEqual(range(1, 201));
    expect(await numbers(files)).toEqual(range(197, 201));
  },
);

test("a reader that is too far behind loses lines: removed files do not take up all memory", async () => {
  const files = await newFiles({ size: 4_000_000, files: 2 });
  const reader = files.begin();
  const line = Buffer.from(`${"x".repeat(999_999)}\n`);
  for (let count = 0; count < 50; count += 1) files.write(line);
  let read = 0;
  for await (const { length } of files.lines(reader)) read += length + 1;
  files.end(reader);
  expect(read).toBe(16_000_000 + 4_000_000 + 2_000_000);
  expect(statSync(files.path).size).toBe(2_000_000);
});
