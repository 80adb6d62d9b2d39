import { once } from "node:events";
import { readdir, rename, stat, symlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { describe, expect, it, vi } from "vitest";
import { type ExtractSummary, extractTo } from "../../lib/archive/extract.js";
import { TargetTree } from "../../lib/archive/target-tree.js";
import { planted } from "../support/archive.js";

type Header = Parameters<ReturnType<typeof pack>["entry"]>[0];

const directory = (name: string): Header => ({ name, type: "directory", mode: 0o751, mtime: new Date(1e12) });

/**
 * Extracts an archive whose directory `d` is replaced by a link to a directory outside once the first entries have been extracted.
 *
 * @param before - entries before the replacement. The last one is a file in the target's top directory or in `d`.
 * @param after - entries after it.
 */
async function replaced(before: readonly Header[], after: readonly Header[]) {
  const top = await planted({ target: null, "outside/x": "x" });
  const [target, outside] = [join(top, "target"), join(top, "outside")];
  const untouched = await stat(outside);
  const archive = pack();
  const source = Readable.from(archive as AsyncIterable<Buffer>);
  const outcome = extractTo(source, target).catch((error: unknown) => error as Error);
  const add = (header: Header) => (header.type === undefined ? archive.entry(header, "evil") : archive.entry(header));
  for (const header of before) add(header);
  await vi.waitFor(() => stat(join(target, before.at(-1)?.name ?? "")));
  await rename(join(target, "d"), join(target, "moved"));
  await symlink("../outside", join(target, "d"));
  for (const header of after) add(header);
  archive.finalize();
  const result: Error | ExtractSummary = await outcome;
  expect(await readdir(outside)).toEqual(["x"]);
  expect(await stat(outside)).toMatchObject({ mode: untouched.mode, mtimeMs: untouched.mtimeMs });
  if (!source.closed) await once(source, "close");
  return { target, message: result instanceof Error ? result.message : undefined };
}

const throughLink = (name: string) => `archive entry "${name}" would be written through "d", which is a symbolic link`;

describe.runIf(process.platform === "linux")("extractTo, while another program replaces a directory with a link,", () => {
  it("writes to the directory that it has opened", async () => {
    const { target, message } = await replaced([directory("d/"), { name: "d/a" }], [{ name: "d/b" }]);
    expect(message).toBeUndefined();
    expect(await readdir(join(target, "moved"))).toEqual(["a", "b"]);
    expect((await stat(join(target, "moved"))).mode & 0o777).toBe(0o751);
  });

  it("rejects an entry of a directory that it has left", async () => {
    const before = [directory("d/"), { name: "d/a" }, directory("e/"), { name: "e/a" }];
    const { message } = await replaced(before, [{ name: "d/b" }]);
    expect(message).toBe(throughLink("d/b"));
  });

  it("rejects a hard link to a file of that directory", async () => {
    const before = [directory("d/"), { name: "d/a" }, { name: "a" }];
    const { message } = await replaced(before, [{ name: "h", type: "link", linkname: "d/x" }]);
    expect(message).toBe(throughLink("h"));
  });

  it("sets no mode, owner or time through the link", async () => {
    const { message } = await replaced([directory("d/"), { name: "d/a" }, { name: "a" }], []);
    expect(message).toBe(throughLink("d/"));
  });

  it("leaves no directory open", async () => {
    const open = async () => (await readdir("/proc/self/fd")).length;
    await replaced([directory("d/"), { name: "d/a" }], [{ name: "d/b" }]);
    const before = await open();
    for (let time = 0; time < 5; time += 1) {
      await replaced([directory("d/"), { name: "d/a" }], [{ name: "d/b" }]);
      await replaced([directory("d/"), { name: "d/a" }, { name: "a" }], [{ name: "d/b" }]);
    }
    await vi.waitFor(async () => expect(await open()).toBeLessThanOrEqual(before));
  });
});

describe("TargetTree", () => {
  it("checks the parents by their paths where the system has no paths to open directories", async () => {
    const target = await planted({ d: null, file: "x" });
    await symlink("d", join(target, "link"));
    const tree = await TargetTree.open(target, "/no/such/folder");
    expect(await tree.vacate("d/a", ["d", "a"])).toBe(join(target, "d/a"));
    await expect(tree.vacate("link/a", ["link", "a"])).rejects.toThrow('"link", which is a symbolic link');
    await expect(tree.vacate("file/a", ["file", "a"])).rejects.toThrow('"file", which is not a directory');
    await tree.close();
  });
});
