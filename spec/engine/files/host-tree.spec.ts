import { chmod, link, lstat, mkdir, readFile, readlink, rename, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it, onTestFinished } from "vitest";
import { HostTree } from "../../../lib/engine/files/host-tree.js";
import { collect, errorOf, openBelow, planted, temporaryDirectory } from "../../support/archive.js";
import { outline } from "./layers.js";

const isRoot = process.getuid?.() === 0;
const owner = isRoot ? "7:8" : `${process.getuid?.()}:${process.getgid?.()}`;

describe("HostTree", () => {
  it("creates, changes and removes files of the folder", async () => {
    const folder = await planted({ old: "old" });
    const tree = await HostTree.open(folder);
    await tree.makeDirectory("/d", { mode: 0o1777, uid: 7, gid: 8 });
    await tree.create(
      "/d/f",
      { mode: 0o4755, uid: 7, gid: 8, mtime: 1_500_000_000_123_456_000n },
      Readable.from([Buffer.from("content")]),
    );
    await tree.create("/old", { mode: 0o600, uid: 7, gid: 8 }, Buffer.from("new"));
    await tree.makeLink("/d/l", "../../outside", { uid: 7, gid: 8 });
    await tree.makeNode("/p", "fifo", { mode: 0o640, uid: 7, gid: 8 });
    await tree.link("/d/h", "/d/f");
    expect(await outline(tree)).toEqual({
      "/d": `directory 1777 ${owner}`,
      "/d/f": `file 4755 ${owner} content`,
      "/d/h": `file 4755 ${owner} content`,
      "/d/l": `symlink 777 ${owner} ../../outside`,
      "/old": `file 600 ${owner} new`,
      "/p": `fifo 640 ${owner}`,
    });
    expect(await tree.status("/d/f")).toMatchObject({ links: 2, size: 7 });
    // versions of Node.js round times differently
    const late = ((await tree.status("/d/f"))?.mtime ?? 0n) - 1_500_000_000_123_456_000n;
    expect(late > -2000n && late < 2000n).toBe(true);
    if (isRoot) await tree.change("/d/h", { uid: 9 });
    expect((await tree.status("/d/f"))?.mode).toBe(0o4755);
    await tree.rename("/d", "/e");
    for (const path of ["/e/f", "/e/h", "/e/l", "/e", "/old", "/p"]) await tree.remove(path);
    expect(await tree.list("/")).toEqual([]);
    expect(await openBelow(folder)).toEqual([]);
  });

  it("reads and writes open files, also after their removal", async () => {
    const folder = await planted({ f: "0123456789" });
    const tree = await HostTree.open(folder);
    const file = await tree.open("/f");
    await tree.remove("/f");
    await file.truncate(5);
    await Promise.all([file.write(Buffer.from("ab")), file.write(Buffer.from("cd")), file.write(Buffer.from("ef"))]);
    await file.write(Buffer.from("X"), 1);
    expect((await file.read(0, 100)).toString()).toBe("0X234abcdef");
    expect((await file.read(3, 4)).toString()).toBe("34ab");
    expect(await file.status()).toMatchObject({ links: 0, size: 11 });
    await file.close();
    expect(await openBelow(folder)).toEqual([]);
  });

  it("streams parts of files", async () => {
    const tree = await HostTree.open(await planted({ f: "0123456789" }));
    expect((await collect(tree.read("/f", 2, 5))).toString()).toBe("234");
    expect((await collect(tree.read("/f", 8))).toString()).toBe("89");
    expect(await errorOf(collect(tree.read("/none")))).toMatchObject({ name: "FileError", code: "ENOENT", path: "/none" });
  });

  it("never follows links out of the folder, nor within it", async () => {
    const outside = await planted({ secret: "secret", "d/x": "x" });
    const folder = await planted({ out: [outside], file: [join(outside, "secret")], "real/f": "f", in: ["real"] });
    const tree = await HostTree.open(folder);
    const attempts: (() => Promise<unknown>)[] = [
      () => tree.open("/file"),
      () => collect(tree.read("/file")),
      () => tree.open("/out/secret"),
      () => tree.create("/out/new", { mode: 0o644 }),
      () => tree.makeDirectory("/out/new", { mode: 0o755 }),
      () => tree.makeLink("/out/new", "x"),
      () => tree.makeNode("/out/new", "fifo", { mode: 0o600 }),
      () => tree.link("/new", "/out/secret"),
      () => tree.link("/out/new", "/real/f"),
      () => tree.change("/out/secret", { mode: 0 }),
      () => tree.remove("/out/secret"),
      () => tree.rename("/out/secret", "/stolen"),
      () => tree.rename("/real/f", "/out/f"),
      () => tree.list("/out"),
      () => tree.list("/out/d"),
      () => tree.open("/in/f"),
    ];
    for (const attempt of attempts)
      expect(["ENOTDIR", "EINVAL"]).toContain(((await errorOf(attempt())) as { code?: string }).code);
    expect(await tree.status("/out/secret")).toBeUndefined();
    expect(await tree.status("/out")).toMatchObject({ kind: "symlink", target: outside });
    await tree.change("/file", { mode: 0, mtime: 1_000_000_000n });
    await tree.create("/file", { mode: 0o644 }, Buffer.from("own"));
    expect(await outline(await HostTree.open(outside))).toMatchObject({
      "/d/x": expect.stringContaining(" x"),
      "/secret": expect.stringContaining("644"),
    });
    expect(await readFile(join(outside, "secret"), "utf8")).toBe("secret");
    expect(await openBelow(folder)).toEqual([]);
  });

  it("stays in the folder while another program swaps a directory for a link", async () => {
    const outside = await planted({ f: "secret" });
    const folder = await planted({ "d/f": "inside" });
    await symlink(outside, join(folder, "link"));
    const tree = await HostTree.open(folder);
    let swapping = true;
    const swap = async (): Promise<void> => {
      while (swapping) {
        await rename(join(folder, "d"), join(folder, "aside"));
        await rename(join(folder, "link"), join(folder, "d"));
        await rename(join(folder, "d"), join(folder, "link"));
        await rename(join(folder, "aside"), join(folder, "d"));
      }
    };
    const swapped = swap();
    for (let turn = 0; turn < 200; turn++) {
      await tree.create("/d/f", { mode: 0o644 }, Buffer.from("changed")).catch(() => undefined);
      const read = await collect(tree.read("/d/f")).catch(() => Buffer.alloc(0));
      expect(read.toString()).not.toBe("secret");
    }
    swapping = false;
    await swapped;
    expect(await readFile(join(outside, "f"), "utf8")).toBe("secret");
  });

  it("shows a single file or socket as its root", async () => {
    const folder = await planted({ f: "content" });
    const tree = await HostTree.open(join(folder, "f"));
    const file = await tree.open("/");
    await file.write(Buffer.from("C"), 0);
    await file.close();
    expect((await collect(tree.read("/"))).toString()).toBe("Content");
    await tree.change("/", { mode: 0o600 });
    expect((await lstat(join(folder, "f"))).mode & 0o777).toBe(0o600);
    for (const attempt of [tree.remove("/"), tree.rename("/", "/x")])
      expect(await errorOf(attempt)).toMatchObject({ code: "EBUSY" });
    expect(await errorOf(tree.list("/"))).toMatchObject({ code: "ENOTDIR" });

    const server = createServer().listen(join(folder, "socket"));
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once("listening", resolve));
    const socket = await HostTree.open(join(folder, "socket"));
    expect(await socket.status("/")).toMatchObject({ kind: "socket" });
    expect(await errorOf(socket.open("/"))).toMatchObject({ code: "EINVAL" });
  });

  it("follows the links in the path of the folder, which the user chose", async () => {
    const folder = await planted({ "real/f": "f", via: ["real"] });
    const tree = await HostTree.open(join(folder, "via"));
    expect(tree.folder).toBe(join(folder, "real"));
    expect(await tree.list("/")).toEqual(["f"]);
    expect(await errorOf(HostTree.open(join(folder, "none")))).toMatchObject({ code: "ENOENT" });
  });

  it("keeps the old file's other names when it replaces a file", async () => {
    const folder = await temporaryDirectory();
    await mkdir(join(folder, "d"));
    await writeFile(join(folder, "a"), "old");
    await link(join(folder, "a"), join(folder, "b"));
    await chmod(join(folder, "a"), 0o600);
    const tree = await HostTree.open(folder);
    await tree.create("/a", { mode: 0o644 }, Buffer.from("new"));
    await tree.makeLink("/l", "d");
    expect(await readFile(join(folder, "b"), "utf8")).toBe("old");
    expect(await readlink(join(folder, "l"))).toBe("d");
    expect(await errorOf(tree.create("/d", { mode: 0o644 }))).toMatchObject({ code: "EISDIR", path: "/d" });
  });
});
