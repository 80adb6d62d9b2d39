import { Readable } from "node:stream";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { encodeHeader, endOfArchive } from "../../../lib/archive/tar-header.js";
import { applyLayer } from "../../../lib/engine/files/apply-layer.js";
import { bytesSource, type ContentSource } from "../../../lib/engine/files/content-source.js";
import { LayeredTree } from "../../../lib/engine/files/layered-tree.js";
import { Snapshot } from "../../../lib/engine/files/snapshot.js";
import { ArchiveError } from "../../../lib/errors/usage-errors.js";
import { collect, errorOf } from "../../support/archive.js";
import { layer, layered, outline } from "./layers.js";

describe("applyLayer", () => {
  it("keeps kinds, modes, owners and targets", async () => {
    const tree = await layered([
      { name: "bin/", type: "directory", mode: 0o1755 },
      { name: "bin/su", content: "su", mode: 0o4755, uid: 1, gid: 2 },
      { name: "bin/sh", type: "symlink", linkname: "../su" },
      { name: "bin/link", type: "link", linkname: "bin/su" },
      { name: "dev/null", type: "character-device", devmajor: 1, devminor: 3, mode: 0o666 },
      { name: "dev/sda", type: "block-device", devmajor: 8, devminor: 0, mode: 0o660 },
      { name: "pipe", type: "fifo", mode: 0o600 },
    ]);
    expect(await outline(tree)).toEqual({
      "/bin": "directory 1755 0:0",
      "/bin/link": "file 4755 1:2 su",
      "/bin/sh": "symlink 777 0:0 ../su",
      "/bin/su": "file 4755 1:2 su",
      "/dev": "directory 755 0:0",
      "/dev/null": "character 666 0:0 1,3",
      "/dev/sda": "block 660 0:0 8,0",
      "/pipe": "fifo 600 0:0",
    });
    const [a, b] = [await tree.status("/bin/su"), await tree.status("/bin/link")];
    expect([a?.inode, a?.links, a?.size]).toEqual([b?.inode, 2, 2]);
  });

  it("keeps nanoseconds, long names and binary extended attributes", async () => {
    const long = `${"x".repeat(150)}/${"ä".repeat(120)}`;
    const capability = Uint8Array.from([1, 0, 0, 2, 0x80, 0xff, 10, 0]);
    const header = encodeHeader({
      name: long,
      type: "file",
      mode: 0o644,
      uid: 0,
      gid: 0,
      size: 0,
      mtime: 12,
      records: { mtime: "12.000000345", "SCHILY.xattr.security.capability": capability, "SCHILY.xattr.user.a": "b=c" },
    });
    const tree = await treeOf(Buffer.concat([header, endOfArchive()]));
    const status = await tree.status(`/${long}`);
    expect(status).toMatchObject({ mtime: 12_000_000_345n });
    expect(status?.attributes).toEqual({ "security.capability": capability, "user.a": Uint8Array.from(Buffer.from("b=c")) });
  });

  it("reads the content of layers only when asked", async () => {
    const bytes = await layer([{ name: "big", content: "0123456789" }]);
    const asked: unknown[] = [];
    const source: ContentSource = {
      read: (from, to) => {
        asked.push([from, to]);
        return bytesSource(bytes).read(from, to);
      },
    };
    const tree = new LayeredTree(await applyLayer(Snapshot.empty, source));
    expect(asked).toEqual([[undefined, undefined]]);
    expect((await collect(tree.read("/big", 3, 7))).toString()).toBe("3456");
    expect(asked.slice(1)).toEqual([[512 + 3, 512 + 7]]);
  });

  it("removes files by whiteouts and opaque directories", async () => {
    const lower = [
      { name: "a/1", content: "1" },
      { name: "a/sub/2", content: "2" },
      { name: "b/3", content: "3" },
      { name: "c", content: "4" },
    ];
    const upper = [
      { name: "a/new", content: "new" },
      { name: "a/.wh..wh..opq", content: "" },
      { name: "a/late", content: "late" },
      { name: "b/.wh.3", content: "" },
      { name: ".wh.c", content: "" },
      { name: ".wh.missing", content: "" },
      { name: ".wh..wh.plnk", content: "" },
    ];
    expect(Object.keys(await outline(await layered(lower, upper)))).toEqual(["/a", "/a/late", "/a/new", "/b"]);
  });

  it("replaces directories by files and files by directories, and merges directories", async () => {
    const lower = [
      { name: "d/x", content: "x" },
      { name: "f", content: "f" },
      { name: "m/", type: "directory" as const },
      { name: "m/y", content: "y" },
    ];
    const upper = [
      { name: "d", content: "now a file" },
      { name: "f/z", content: "z" },
      { name: "m/", type: "directory" as const, mode: 0o700 },
    ];
    expect(await outline(await layered(lower, upper))).toEqual({
      "/d": "file 644 0:0 now a file",
      "/f": "directory 755 0:0",
      "/f/z": "file 644 0:0 z",
      "/m": "directory 700 0:0",
      "/m/y": "file 644 0:0 y",
    });
  });

  it("shares the unchanged directories of the layers below", async () => {
    const below = await applyLayer(
      Snapshot.empty,
      bytesSource(
        await layer([
          { name: "a/x", content: "x" },
          { name: "b/y", content: "y" },
        ]),
      ),
    );
    const above = await applyLayer(below, bytesSource(await layer([{ name: "b/z", content: "z" }])));
    expect(above.root.entries.get("a")).toBe(below.root.entries.get("a"));
    expect(above.root.entries.get("b")).not.toBe(below.root.entries.get("b"));
    expect(Object.keys(await outline(new LayeredTree(below)))).toEqual(["/a", "/a/x", "/b", "/b/y"]);
  });

  it("follows links among directories within the root only", async () => {
    const lower = [
      { name: "bin", type: "symlink" as const, linkname: "usr/bin" },
      { name: "out", type: "symlink" as const, linkname: "../../../tmp" },
      { name: "abs", type: "symlink" as const, linkname: "/etc" },
      { name: "usr/bin/", type: "directory" as const },
    ];
    const upper = [
      { name: "bin/sh", content: "sh" },
      { name: "out/f", content: "f" },
      { name: "abs/passwd", content: "p" },
    ];
    expect(Object.keys(await outline(await layered(lower, upper)))).toEqual([
      "/abs",
      "/bin",
      "/etc",
      "/etc/passwd",
      "/out",
      "/tmp",
      "/tmp/f",
      "/usr",
      "/usr/bin",
      "/usr/bin/sh",
    ]);
  });

  it.each([
    ["../evil", "leads outside"],
    ["a/../../evil", "leads outside"],
    ["n".repeat(300), "invalid name"],
    ["d/.wh...", "invalid whiteout"],
    ["loop/f", "too many links"],
  ])("refuses the name %s", async (name, message) => {
    const error = await errorOf(
      layered([
        { name: "loop", type: "symlink", linkname: "loop" },
        { name, content: "x" },
      ]),
    );
    expect(error).toBeInstanceOf(ArchiveError);
    expect(String(error)).toContain(message);
  });

  it("refuses hard links that lead outside or to nothing", async () => {
    for (const linkname of ["../../etc/passwd", "missing", "d"]) {
      const made = layered([
        { name: "d/", type: "directory" },
        { name: "l", type: "link", linkname },
      ]);
      expect(await errorOf(made)).toBeInstanceOf(ArchiveError);
    }
  });

  it("refuses an archive that is cut off", async () => {
    const bytes = await layer([{ name: "a", content: "x".repeat(2000) }]);
    expect(await errorOf(treeOf(bytes.subarray(0, 1024)))).toBeInstanceOf(ArchiveError);
  });

  it("takes names with a leading slash as names in the root", async () => {
    const archive = pack();
    archive.entry({ name: "/etc/x" }, "x");
    archive.finalize();
    const bytes = await collect(Readable.from(archive as AsyncIterable<Buffer>));
    expect(Object.keys(await outline(await treeOf(bytes)))).toEqual(["/etc", "/etc/x"]);
  });
});

async function treeOf(bytes: Buffer): Promise<LayeredTree> {
  return new LayeredTree(await applyLayer(Snapshot.empty, bytesSource(bytes)));
}
