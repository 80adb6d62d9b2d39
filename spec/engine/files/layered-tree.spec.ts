import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { applyLayer } from "../../../lib/engine/files/apply-layer.js";
import { bytesSource } from "../../../lib/engine/files/content-source.js";
import { LayeredTree } from "../../../lib/engine/files/layered-tree.js";
import { Snapshot } from "../../../lib/engine/files/snapshot.js";
import { collect, errorOf } from "../../support/archive.js";
import { layer, layered, outline, stacked, written } from "./layers.js";

const text = async (tree: LayeredTree, path: string): Promise<string> => (await collect(tree.read(path))).toString();

describe("LayeredTree", () => {
  it("leaves the layers and other trees as they are", async () => {
    const snapshot = await stacked([
      { name: "etc/", type: "directory" },
      { name: "etc/a", content: "old a" },
      { name: "etc/b", content: "old b", mode: 0o600 },
    ]);
    const [changed, other] = [new LayeredTree(snapshot), new LayeredTree(snapshot)];
    const before = await outline(other);
    const file = await changed.open("/etc/a");
    await file.write(Buffer.from("new"), 0);
    await changed.change("/etc/b", { mode: 0o4755, uid: 5 });
    await changed.create("/etc/c", { mode: 0o644 }, Buffer.from("c"));
    await changed.change("/etc", { mode: 0o700 });
    expect(await outline(changed)).toEqual({
      "/etc": "directory 700 0:0",
      "/etc/a": "file 644 0:0 new a",
      "/etc/b": "file 4755 5:0 old b",
      "/etc/c": "file 644 0:0 c",
    });
    await changed.remove("/etc/a");
    await changed.rename("/etc/b", "/etc/c");
    expect(await outline(changed)).toEqual({ "/etc": "directory 700 0:0", "/etc/c": "file 4755 5:0 old b" });
    expect(await outline(other)).toEqual(before);
    expect(await outline(new LayeredTree(snapshot))).toEqual(before);
  });

  it("writes through all hard links of a file of a layer, even after a change of attributes", async () => {
    const lower = [
      { name: "a", content: "one" },
      { name: "b", type: "link" as const, linkname: "a" },
    ];
    const snapshot = await stacked(lower);
    const tree = new LayeredTree(snapshot);
    await tree.change("/a", { mode: 0o600 });
    const file = await tree.open("/b");
    await file.write(Buffer.from("two"));
    expect(await outline(tree)).toEqual({ "/a": "file 600 0:0 onetwo", "/b": "file 600 0:0 onetwo" });
    await tree.remove("/a");
    expect(await tree.status("/b")).toMatchObject({ links: 1, size: 6 });
    expect(await outline(new LayeredTree(snapshot))).toEqual({ "/a": "file 644 0:0 one", "/b": "file 644 0:0 one" });
  });

  it("keeps a file open through removal, replacement and renaming", async () => {
    const tree = await layered([
      { name: "f", content: "layer" },
      { name: "g", content: "g" },
    ]);
    const [file, moved] = [await tree.open("/f"), await tree.open("/g")];
    await tree.remove("/f");
    await tree.create("/f", { mode: 0o644 }, Buffer.from("other"));
    await file.write(Buffer.from("!"));
    expect((await file.read(0, 100)).toString()).toBe("layer!");
    expect((await file.status()).links).toBe(0);
    await tree.rename("/g", "/h");
    await moved.write(Buffer.from("2"));
    expect(await outline(tree)).toEqual({ "/f": "file 644 0:0 other", "/h": "file 644 0:0 g2" });
    await file.close();
    await moved.close();
  });

  it("cuts off, extends and writes beyond the end", async () => {
    const tree = await layered([{ name: "f", content: "0123456789" }]);
    const file = await tree.open("/f");
    await file.truncate(4);
    await file.truncate(6);
    await file.write(Buffer.from("x"), 8);
    expect((await file.read(0, 100)).toString("latin1")).toBe("0123\0\0\0\0x");
    expect((await file.read(9, 5)).length).toBe(0);
    expect(await text(tree, "/f")).toBe("0123\0\0\0\0x");
  });

  it("writes into a large file of a layer without copying it", async () => {
    const bytes = await layer([{ name: "big", content: "a".repeat(1_000_000) }]);
    const tree = new LayeredTree(await applyLayer(Snapshot.empty, bytesSource(bytes)));
    const file = await tree.open("/big");
    await file.write(Buffer.from("b"), 500_000);
    await file.write(Buffer.from("end"));
    await file.truncate(2_000_000_000);
    expect(tree.bytes).toBeLessThan(200_000);
    expect((await file.read(499_998, 5)).toString()).toBe("aabaa");
    expect((await file.read(999_998, 6)).toString("latin1")).toBe("aaend\0");
    expect((await file.status()).size).toBe(2_000_000_000);
  });

  it("appends from several writers at once without losing any", async () => {
    const tree = await layered([{ name: "log", content: "x".repeat(100_000) }]);
    const files = await Promise.all(Array.from({ length: 10 }, () => tree.open("/log")));
    await Promise.all(files.map((file, index) => file.write(Buffer.from(String(index).repeat(1000)))));
    const end = (await text(tree, "/log")).slice(100_000);
    expect(end).toHaveLength(10_000);
    for (const digit of "0123456789") expect(end).toContain(digit.repeat(1000));
  });

  it("replaces a file by a stream at once, when all has arrived", async () => {
    const tree = await written({ "/f": "old" });
    const content = Readable.from([Buffer.from("ne"), Buffer.from("w")]);
    await tree.create("/f", { mode: 0o600, uid: 7 }, content);
    expect(await outline(tree)).toEqual({ "/f": "file 600 7:0 new" });
    const failing = Readable.from(
      (function* () {
        yield Buffer.from("half");
        throw new Error("broken");
      })(),
    );
    expect((await errorOf(tree.create("/f", { mode: 0o600 }, failing))).message).toBe("broken");
    expect(await text(tree, "/f")).toBe("new");
  });

  it("limits the memory of written files, and frees it with the files", async () => {
    const tree = await written({ "/keep": "k" }, { maxBytes: 300_000 });
    const used = tree.bytes;
    const file = Buffer.alloc(250_000);
    await tree.create("/a", { mode: 0o644 }, file);
    expect(await errorOf(tree.create("/b", { mode: 0o644 }, file))).toMatchObject({ code: "ENOSPC", path: "/b" });
    const open = await tree.open("/a");
    await tree.remove("/a");
    expect(tree.bytes).toBeGreaterThan(250_000);
    await open.close();
    expect(tree.bytes).toBe(used);
    await tree.create("/b", { mode: 0o644 }, file);
    await tree.create("/b", { mode: 0o644 });
    expect(tree.bytes).toBe(used);
  });

  it("sets the times of changed files and directories from its clock", async () => {
    let now = 1_000n;
    const tree = new LayeredTree(await stacked([{ name: "d/f", content: "f" }]), { now: () => now });
    await tree.create("/d/g", { mode: 0o644 });
    now = 2_000n;
    const file = await tree.open("/d/f");
    await file.write(Buffer.from("x"));
    expect([(await tree.status("/d"))?.mtime, (await tree.status("/d/f"))?.mtime]).toEqual([1_000n, 2_000n]);
    await tree.change("/d/f", { mtime: 5n });
    expect((await tree.status("/d/f"))?.mtime).toBe(5n);
  });

  const long = `/${"n".repeat(256)}`;
  it.each<[string, string, (tree: LayeredTree) => Promise<unknown>]>([
    ["ENOENT", "creating in a missing directory", (tree) => tree.create("/x/y", { mode: 0 })],
    ["ENOTDIR", "creating below a file", (tree) => tree.create("/f/y", { mode: 0 })],
    ["ENOTDIR", "opening below a file", (tree) => tree.open("/f/y")],
    ["EISDIR", "creating a file over a directory", (tree) => tree.create("/d", { mode: 0 })],
    ["EISDIR", "opening a directory", (tree) => tree.open("/d")],
    ["EEXIST", "making a directory that exists", (tree) => tree.makeDirectory("/d", { mode: 0 })],
    ["EEXIST", "making the root", (tree) => tree.makeDirectory("/", { mode: 0 })],
    ["EEXIST", "making a link over a file", (tree) => tree.makeLink("/f", "x")],
    ["EEXIST", "making a FIFO over a file", (tree) => tree.makeNode("/f", "fifo", { mode: 0 })],
    ["EEXIST", "linking over a file", (tree) => tree.link("/f", "/g")],
    ["EPERM", "linking a directory", (tree) => tree.link("/new", "/d")],
    ["ENOENT", "linking what is missing", (tree) => tree.link("/new", "/missing")],
    ["ENOTEMPTY", "removing a full directory", (tree) => tree.remove("/d")],
    ["ENOENT", "removing what is missing", (tree) => tree.remove("/missing")],
    ["EBUSY", "removing the root", (tree) => tree.remove("/")],
    ["ENOTDIR", "listing a file", (tree) => tree.list("/f")],
    ["EINVAL", "renaming a directory into itself", (tree) => tree.rename("/d", "/d/x")],
    ["ENOTEMPTY", "renaming over a full directory", (tree) => tree.rename("/e", "/d")],
    ["ENOTEMPTY", "renaming over a parent", (tree) => tree.rename("/d/sub", "/d")],
    ["EISDIR", "renaming a file over a directory", (tree) => tree.rename("/f", "/e")],
    ["ENOTDIR", "renaming a directory over a file", (tree) => tree.rename("/e", "/f")],
    ["ENOENT", "renaming into a missing directory", (tree) => tree.rename("/f", "/x/f")],
    ["EBUSY", "renaming the root", (tree) => tree.rename("/", "/x")],
    ["ENAMETOOLONG", "a long name", (tree) => tree.create(long, { mode: 0 })],
  ])("throws %s for %s", async (code, _, operation) => {
    const tree = await written({ "/f": "f", "/g": "g", "/d/": "", "/d/sub/": "", "/e/": "" });
    const before = await outline(tree);
    expect(await errorOf(operation(tree))).toMatchObject({ name: "FileError", code });
    expect(await outline(tree)).toEqual(before);
  });

  it("renames over empty directories and files, and within its own links", async () => {
    const tree = await written({ "/d/": "", "/d/x": "x", "/e/": "", "/f": "f", "/g": "g" });
    await tree.link("/f2", "/f");
    await tree.rename("/f", "/f2");
    await tree.rename("/d", "/e");
    await tree.rename("/f", "/g");
    expect(Object.keys(await outline(tree))).toEqual(["/e", "/e/x", "/f2", "/g"]);
    expect((await tree.status("/g"))?.links).toBe(2);
  });
});
