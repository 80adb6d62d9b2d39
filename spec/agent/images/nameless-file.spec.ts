import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { NamelessFile } from "../../../lib/agent/images/nameless-file.js";

test("a nameless file can be written and read again and again, and is in no folder", async () => {
  const folder = mkdtempSync(join(tmpdir(), "nameless-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const file = new NamelessFile();
  expect(readdirSync(folder)).toEqual([]);
  const parts = [Buffer.alloc(300_000, "a"), Buffer.alloc(0), Buffer.alloc(300_000, "b")];
  for (const part of parts) await file.write(part);
  for (let time = 0; time < 2; time++) {
    const read: Buffer[] = [];
    for await (const chunk of file.chunks()) read.push(chunk);
    expect(Buffer.concat(read).equals(Buffer.concat(parts))).toBe(true);
  }
  const late = file.chunks();
  await late.next();
  await Promise.all([expect(file.write(Buffer.from("c"))).resolves.toBeUndefined(), file.close()]);
  await expect(late.next()).rejects.toThrow("the file is closed");
  expect(readdirSync(folder)).toEqual([]);
});
