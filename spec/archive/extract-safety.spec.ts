import { chmod, link, lstat, mkdir, readdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import fc from "fast-check";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { type ExtractOptions, extractTo } from "../../lib/archive/extract.js";
import { encodeHeader, endOfArchive } from "../../lib/archive/tar-header.js";
import { componentsOf } from "../../lib/archive/target-tree.js";
import { ArchiveError } from "../../lib/errors/usage-errors.js";
import { errorOf, planted, temporaryDirectory, type Tree } from "../support/archive.js";

type Hostile = Parameters<ReturnType<typeof pack>["entry"]>[0] & { content?: string };

/** Packs an archive with unchecked names and links. */
async function hostile(...entries: Hostile[]): Promise<Readable> {
  const archive = pack();
  for (const { content = "", ...header } of entries) archive.entry(header, content);
  archive.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of archive as AsyncIterable<Buffer>) pieces.push(piece);
  return Readable.from([Buffer.concat(pieces)]);
}

/** Creates a target, and files next to it that must not change. */
async function scene(tree: Tree = {}): Promise<{ target: string; outside: string; untouched: () => Promise<void> }> {
  const top = await planted({ target: null, "outside/secret": "secret", "outside/dir/x": "x" });
  const [target, outside] = [join(top, "target"), join(top, "outside")];
  const { plant } = await import("../support/archive.js");
  await plant(target, tree);
  const before = await Promise.all(["secret", "dir", "dir/x", "."].map((name) => stat(join(outside, name))));
  return {
    target,
    outside,
    untouched: async () => {
      const after = await Promise.all(["secret", "dir", "dir/x", "."].map((name) => stat(join(outside, name))));
      expect(after.map((s) => [s.mode, s.mtimeMs, s.nlink, s.size])).toEqual(
        before.map((s) => [s.mode, s.mtimeMs, s.nlink, s.size]),
      );
      expect(await readFile(join(outside, "secret"), "utf8")).toBe("secret");
      expect((await readdir(join(outside, ".."))).sort()).toEqual(["outside", "target"]);
      expect(await readdir(outside, { recursive: true })).toHaveLength(3);
    },
  };
}

async function refused(entries: Hostile[], message: string, tree?: Tree, options?: ExtractOptions): Promise<string> {
  const { target, untouched } = await scene(tree);
  const error = await errorOf(extractTo(await hostile(...entries), target, options));
  expect(error).toBeInstanceOf(ArchiveError);
  expect(error.message).toContain(message);
  await untouched();
  return target;
}

const file = (name: string): Hostile => ({ name, content: "evil", mode: 0o777 });
const toOutside = ["../outside", "../../outside", "/tmp", "/", "."];

describe("extractTo never leaves its target", () => {
  it.each(["../outside/secret", "a/../../outside/secret", "..", "a/..", "./../x", "/../outside/secret"])(
    "through the name %j",
    async (name) => {
      await refused([file(name)], JSON.stringify(name));
    },
  );

  it("through an absolute name, which is relative to the target", async () => {
    const { target, outside, untouched } = await scene();
    await extractTo(await hostile(file(`${outside}/secret`), file("//x")), target);
    expect(await readFile(join(target, outside, "secret"), "utf8")).toBe("evil");
    await untouched();
  });

  it("through a name with a NUL", async () => {
    await refused([{ ...file("a"), pax: { path: "a\0/../../x" } }], "would escape the target");
  });

  it.each(toOutside)("through a link to %j from the archive", async (linkname) => {
    await refused(
      [{ name: "l", type: "symlink", linkname }, file("l/secret")],
      '"l/secret" would be written through "l", which is a symbolic link',
    );
    await refused([{ name: "l", type: "symlink", linkname }, file("l/dir/x")], 'would be written through "l"');
    await refused(
      [
        { name: "l", type: "symlink", linkname },
        { name: "l/new/", type: "directory" },
      ],
      'would be written through "l"',
    );
    await refused(
      [{ name: "d/l", type: "symlink", linkname: `../${linkname}` }, file("d/l/secret")],
      'would be written through "d/l"',
    );
  });

  it("through an existing link", async () => {
    await refused([file("l/secret")], '"l/secret" would be written through "l", which is a symbolic link', { l: ["../outside"] });
    await refused([file("d/l/secret")], 'would be written through "d/l"', { "d/l": ["../../outside"] });
    await refused([{ name: "l/dir/", type: "directory", mode: 0 }], 'would be written through "l"', { l: ["../outside"] });
  });

  it("through a link in place of the file or directory itself", async () => {
    const { target, outside, untouched } = await scene({ l: ["../outside/secret"], d: ["../outside/dir"] });
    await extractTo(await hostile({ name: "m", type: "symlink", linkname: outside }, file("m"), file("l"), { name: "d/", type: "directory", mode: 0o700 }, file("d/x")), target); // prettier-ignore
    for (const name of ["m", "l", "d/x"]) expect(await readFile(join(target, name), "utf8")).toBe("evil");
    expect((await lstat(join(target, "d"))).isDirectory()).toBe(true);
    await untouched();
  });

  it("through a directory that a link replaces after the check", async () => {
    await refused(
      [{ name: "d/", type: "directory" }, file("d/a"), { name: "d", type: "symlink", linkname: "../outside" }, file("d/secret")],
      'archive entry "d" would replace a directory',
    );
    await refused(
      [{ name: "d/", type: "directory" }, { name: "d", type: "link", linkname: "e" }, file("d/secret")],
      "not a file in the target",
    );
  });

  it("through the mode, time or owner of a linked directory", async () => {
    const { target, untouched } = await scene({ d: ["../outside/dir"] });
    await extractTo(await hostile({ name: "d/", type: "directory", mode: 0o700, mtime: new Date(0) }), target);
    expect((await lstat(join(target, "d"))).isDirectory()).toBe(true);
    await untouched();
  });

  it.each(["../outside/secret", "a/../../outside/secret"])("through a hard link to %j", async (linkname) => {
    await refused([{ name: "h", type: "link", linkname }], JSON.stringify(linkname));
  });

  it("through a hard link to a symbolic link or to a path that contains one", async () => {
    await refused(
      [
        { name: "l", type: "symlink", linkname: "../outside" },
        { name: "h", type: "link", linkname: "l/secret" },
      ],
      '"h" would be written through "l", which is a symbolic link',
    );
    const { target, untouched } = await scene();
    const links: Hostile[] = [
      { name: "l", type: "symlink", linkname: "../outside/secret" },
      { name: "h", type: "link", linkname: "l" },
      { name: "i", type: "link", linkname: "l" },
    ];
    await extractTo(await hostile(...links, file("h")), target);
    expect(await readlink(join(target, "l"))).toBe("../outside/secret");
    expect(await readlink(join(target, "i"))).toBe("../outside/secret");
    expect((await lstat(join(target, "i"))).nlink).toBe(1);
    await untouched();
  });

  it("through a hard link to a missing file, a directory or a path below a file", async () => {
    await refused(
      [{ name: "h", type: "link", linkname: "missing" }],
      '"h" is a hard link to "missing", which is not a file in the target',
    );
    await refused([{ name: "h", type: "link", linkname: "no/where" }], '"h" would be written through "no", which is missing');
    await refused([{ name: "h", type: "link", linkname: "d" }], "which is not a file", { d: null });
    await refused([{ name: "h", type: "link", linkname: "f/x" }], 'through "f", which is not a directory', { f: "" });
  });

  it("through a file with a second hard link outside", async () => {
    const { target, outside } = await scene();
    await link(join(outside, "secret"), join(target, "shared"));
    await extractTo(await hostile(file("shared")), target);
    expect(await readFile(join(outside, "secret"), "utf8")).toBe("secret");
    expect((await stat(join(outside, "secret"))).mode & 0o777).toBe(0o644);
  });

  it("through a file in place of a directory", async () => {
    await refused([file("f"), file("f/x")], 'archive entry "f/x" would be written through "f", which is not a directory');
  });

  it("through a root name outside the target", async () => {
    await refused([file("a")], "..", {}, { rootName: "../outside/secret" });
  });

  it("through any generated archive", async () => {
    const part = fc.constantFrom("a", "b", "..", ".", "", "l");
    const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
    const entry = fc.record({
      name: name.filter((text) => text !== ""),
      type: fc.constantFrom("file" as const, "directory" as const, "symlink" as const, "link" as const),
      linkname: fc.oneof(name, fc.constantFrom("../outside", "../outside/secret", "../../outside/dir", "/")),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { minLength: 1, maxLength: 8 }), async (entries) => {
        const { target, untouched } = await scene({ l: ["../outside"], "a/l": ["../../outside/dir"] });
        const given = entries.map((one) => ({
          ...one,
          mode: 0o755,
          linkname: one.linkname || "x",
          content: one.type === "file" ? "evil" : "",
        }));
        await extractTo(await hostile(...given), target).catch((error: unknown) => expect(error).toBeInstanceOf(ArchiveError));
        await untouched();
      }),
      { numRuns: 200 },
    );
  }, 30_000);
});

describe("extractTo", () => {
  it("ignores a hard link to itself", async () => {
    const { target } = await scene({ a: "mine" });
    await extractTo(await hostile({ name: "a", type: "link", linkname: "./a" }), target);
    expect(await readFile(join(target, "a"), "utf8")).toBe("mine");
  });

  it("skips or rejects devices and pipes", async () => {
    const devices: Hostile[] = [
      { name: "c", type: "character-device", devmajor: 1, devminor: 3 },
      { name: "b", type: "block-device" },
      { name: "p", type: "fifo" },
    ];
    const { target } = await scene();
    expect(await extractTo(await hostile(...devices), target)).toEqual({ entries: 0, bytes: 0, skipped: 3 });
    expect(await readdir(target)).toEqual([]);
    await refused(devices.slice(2), 'archive entry "p" is a fifo', {}, { devices: "refuse" });
  });

  it("rejects unknown entry types", async () => {
    const header = encodeHeader({ name: "v", type: "file", mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 });
    header.write("M", 156);
    header.write("        ", 148);
    header.write(`${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0 `, 148); // prettier-ignore
    const error = await errorOf(extractTo(Readable.from([header, endOfArchive()]), await temporaryDirectory()));
    expect(error).toBeInstanceOf(ArchiveError);
    expect(error.message).toBe('archive entry "v" has an unknown type; it may be a sparse file, which is not supported');
  });

  it("keeps the target's mode when the archive has an entry for its root", async () => {
    const { target } = await scene();
    const before = (await stat(target)).mode;
    expect(await extractTo(await hostile({ name: "./", type: "directory", mode: 0 }, file("./a")), target)).toMatchObject({
      entries: 1,
    });
    expect((await stat(target)).mode).toBe(before);
  });

  it("reports an entry with a name that is too long for the file system", async () => {
    await refused([file("n".repeat(300))], `cannot extract "${"n".repeat(200)}…": ENAMETOOLONG`);
  });

  it("creates a symbolic link unchanged, regardless of its target", async () => {
    const { target } = await scene();
    await extractTo(await hostile({ name: "l", type: "symlink", linkname: "/etc/../../x" }), target);
    expect(await readlink(join(target, "l"))).toBe("/etc/../../x");
  });

  it("can extract the same archive twice", async () => {
    const { target } = await scene();
    const entries: Hostile[] = [
      { name: "d/", type: "directory", mode: 0o555 },
      file("d/a"),
      { name: "l", type: "symlink", linkname: "d" },
    ];
    await mkdir(join(target, "other"));
    await writeFile(join(target, "other/file"), "kept");
    for (let times = 0; times < 2; times++)
      expect(await extractTo(await hostile(...entries), target)).toMatchObject({ entries: 3 });
    expect(await readFile(join(target, "other/file"), "utf8")).toBe("kept");
    await chmod(join(target, "d"), 0o755);
  });
});

describe("componentsOf", () => {
  it.each(["C:\\x", "a\\..\\..\\b", "C:", "a/b:stream"])("rejects %j on Windows", (name) => {
    expect(() => componentsOf(name, "\\")).toThrow(ArchiveError);
    expect(componentsOf(name, "/").join("/")).toBe(name);
  });
});
