import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { LineFile } from "../../lib/store/line-file.js";
import { temporaryFolder } from "../support/servers.js";

async function scene(): Promise<{ file: LineFile; lines: () => Promise<string[]>; path: string }> {
  const path = join(await temporaryFolder(), "lines");
  const lines = async (): Promise<string[]> => (await readFile(path, "utf8")).split("\n").filter((line) => line !== "");
  return { file: new LineFile(path), lines, path };
}

test("a line is in the file when its promise resolves, and lines keep their order", async () => {
  const { file, lines } = await scene();
  const all = Array.from({ length: 100 }, (_, number) => `line ${number}`);
  const written = all.map(async (line) => {
    await file.append(line);
    expect(await lines()).toContain(line);
  });
  await Promise.all(written);
  expect(await lines()).toEqual(all);
  await file.close();
});

test("a file that is rewritten has what is current when its turn comes, and then what is appended", async () => {
  const { file, lines } = await scene();
  const current = ["old"];
  const first = file.append("gone");
  const rewritten = file.rewrite(() => current.join("\n"));
  const last = file.append("last");
  current.push("new");
  await Promise.all([first, rewritten, last]);
  expect(await lines()).toEqual(["old", "new", "last"]);
  await file.close();
});

test("a torn line does not spoil the next one", async () => {
  const { file, lines, path } = await scene();
  await appendFile(path, '{"torn":');
  await file.append("whole");
  expect(await lines()).toEqual(['{"torn":', "whole"]);
  await file.close();
});

test("a failure is that of its callers, and the next line is written", async () => {
  const folder = await temporaryFolder();
  const file = new LineFile(join(folder, "missing", "lines"));
  const both = [file.append("one"), file.append("two")];
  for (const each of both) await expect(each).rejects.toThrow("ENOENT");
  await expect(file.append("three")).rejects.toThrow("ENOENT");
  await file.close();
});

test("a closed file has what was appended before, and nothing else", async () => {
  const { file, lines } = await scene();
  void file.append("before");
  const closed = file.close();
  await file.append("after");
  await closed;
  expect(await lines()).toEqual(["before"]);
});
