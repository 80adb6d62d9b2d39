import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { MountedFiles } from "../../../lib/engine/files/mounted-files.js";
import { collect, errorOf } from "../../support/archive.js";
import { layered, outline, written } from "./layers.js";

/** A root with links of all kinds. */
async function sample(): Promise<MountedFiles> {
  const root = await written({
    "/etc/": "",
    "/etc/passwd": "root",
    "/usr/": "",
    "/usr/bin/": "",
    "/usr/bin/sh": "shell",
    "/tmp/": "",
  });
  const links = {
    "/bin": "usr/bin",
    "/up": "../../../etc",
    "/abs": "/etc",
    "/loop": "loop",
    "/dangling": "tmp/new",
    "/chain": "abs/passwd",
  };
  for (const [path, target] of Object.entries(links)) await root.makeLink(path, target);
  return MountedFiles.of(root);
}

const text = async (files: MountedFiles, path: string): Promise<string> => (await files.readFile(path)).toString();

describe("paths", () => {
  it.each([
    ["/bin/sh", "/usr/bin/sh"],
    ["/bin/../bin/./sh", "/usr/bin/sh"],
    ["/up/passwd", "/etc/passwd"],
    ["/abs/../etc//passwd", "/etc/passwd"],
    ["/chain", "/etc/passwd"],
    ["/../../etc/passwd", "/etc/passwd"],
    ["/bin/", "/usr/bin"],
    ["/", "/"],
  ])("follows %s to %s", async (path, real) => {
    expect(await (await sample()).realPath(path)).toBe(real);
  });

  it("follows up to 40 links", async () => {
    const files = await sample();
    await files.writeFile("/l0", "end");
    for (let at = 1; at <= 41; at++) await files.makeLink(`l${at - 1}`, `/l${at}`);
    expect(await text(files, "/l40")).toBe("end");
    expect(await errorOf(files.stat("/l41"))).toMatchObject({ code: "ELOOP", path: "/l41" });
  });

  it("does not follow the last link when asked not to, except before a slash", async () => {
    const files = await sample();
    expect(await files.lstat("/bin")).toMatchObject({ kind: "symlink", target: "usr/bin" });
    expect(await files.lstat("/bin/")).toMatchObject({ kind: "directory" });
    expect((await files.locate("/bin")).absolute).toBe("/bin");
    expect((await files.locate("/dangling", true)).absolute).toBe("/tmp/new");
  });

  it.each([
    ["/loop", "ELOOP"],
    ["/missing/..", "ENOENT"],
    ["/etc/passwd/..", "ENOTDIR"],
    ["/etc/passwd/", "ENOTDIR"],
    ["/dangling", "ENOENT"],
    ["", "ENOENT"],
    ["relative", "EINVAL"],
    ["/a\0b", "EINVAL"],
    [`/${"n".repeat(256)}`, "ENAMETOOLONG"],
    ["/x".repeat(2048), "ENAMETOOLONG"],
  ])("throws for %s: %s", async (path, code) => {
    const files = await sample();
    expect(await errorOf(files.stat(path))).toMatchObject({ name: "FileError", code, path });
    if (code !== "EINVAL") expect(await files.exists(path)).toBe(false);
  });
});

describe("reading and writing", () => {
  it("creates, appends and truncates by flags", async () => {
    const files = await sample();
    await files.writeFile("/dangling", "one", { mode: 0o600 });
    await files.writeFile("/tmp/new", "two");
    const appended = await files.open("/tmp/new", "a");
    await appended.write(Buffer.from("3"), 0);
    expect(await errorOf(appended.read(0, 1))).toMatchObject({ code: "EBADF" });
    await appended.close();
    expect(await text(files, "/tmp/new")).toBe("two3");
    expect((await files.stat("/tmp/new")).mode).toBe(0o600);
    const both = await files.open("/tmp/new", "r+");
    await both.write(Buffer.from("T"), 0);
    expect((await both.read(0, 9)).toString()).toBe("Two3");
    await both.close();
    const readOnly = await files.open("/tmp/new", "r");
    expect(await errorOf(readOnly.write(Buffer.from("x")))).toMatchObject({ code: "EBADF" });
    await readOnly.close();
    expect(await errorOf(files.open("/tmp/new", "wx"))).toMatchObject({ code: "EEXIST" });
    expect(await errorOf(files.open("/dangling", "wx"))).toMatchObject({ code: "EEXIST" });
    expect(await errorOf(files.open("/tmp/none", "r+"))).toMatchObject({ code: "ENOENT" });
    expect(await errorOf(files.open("/tmp", "w"))).toMatchObject({ code: "EISDIR", path: "/tmp" });
  });

  it("streams in and out, keeping hard links", async () => {
    const files = await sample();
    await files.link("/etc/passwd", "/tmp/also");
    await files.writeFile("/tmp/also", Readable.from([Buffer.from("a"), Buffer.from("b")]));
    expect((await collect(await files.read("/etc/passwd"))).toString()).toBe("ab");
    expect(await errorOf(files.readFile("/etc"))).toMatchObject({ code: "EISDIR" });
  });

  it("gives new files the owner, and the mode minus the umask", async () => {
    const root = await sample();
    await root.change("/tmp", { mode: 0o777 });
    const files = root.forOwner({ uid: 5, gid: 6, umask: 0o077 });
    await files.writeFile("/tmp/f", "");
    await files.makeDirectory("/tmp/a/b", { parents: true });
    await files.makeFifo("/tmp/p");
    await files.makeLink("f", "/tmp/l");
    await root.writeFile("/tmp/root", "");
    const { tree } = await files.locate("/");
    expect(await outline(tree, "/tmp")).toEqual({
      "/tmp/a": "directory 700 5:6",
      "/tmp/a/b": "directory 700 5:6",
      "/tmp/f": "file 600 5:6 ",
      "/tmp/l": "symlink 777 5:6 f",
      "/tmp/p": "fifo 600 5:6",
      "/tmp/root": "file 644 0:0 ",
    });
  });

  it("makes directories with and without parents", async () => {
    const files = await sample();
    await files.makeDirectory("/tmp/x/");
    await files.makeDirectory("/tmp/x", { parents: true });
    expect(await errorOf(files.makeDirectory("/tmp/x"))).toMatchObject({ code: "EEXIST" });
    expect(await errorOf(files.makeDirectory("/etc/passwd", { parents: true }))).toMatchObject({ code: "EEXIST" });
    expect(await errorOf(files.makeDirectory("/etc/passwd/x", { parents: true }))).toMatchObject({ code: "ENOTDIR" });
    expect(await errorOf(files.makeDirectory("/none/x"))).toMatchObject({ code: "ENOENT", path: "/none/x" });
  });

  it("changes what a link leads to, or the link", async () => {
    const files = await sample();
    await files.change("/chain", { mode: 0o600 });
    await files.change("/chain", { uid: 9 }, false);
    expect(await files.stat("/chain")).toMatchObject({ mode: 0o600, uid: 0 });
    expect(await files.lstat("/chain")).toMatchObject({ uid: 9 });
  });

  it("removes single files and whole directories, not what links lead to", async () => {
    const files = await sample();
    expect(await errorOf(files.remove("/usr"))).toMatchObject({ code: "ENOTEMPTY" });
    await files.remove("/bin");
    await files.makeLink("/etc", "/usr/etc");
    await files.remove("/usr", { recursive: true });
    await files.remove("/usr", { recursive: true });
    expect(await files.list("/")).toEqual(["abs", "chain", "dangling", "etc", "loop", "tmp", "up"]);
    expect(await files.list("/etc")).toEqual(["passwd"]);
    expect(await errorOf(files.remove("/usr"))).toMatchObject({ code: "ENOENT" });
  });
});

describe("mounts", () => {
  it("shows mounted trees, one over the other, also through links and ..", async () => {
    const files = await sample();
    await files.mount({ path: "/data", tree: await written({ "/f": "outer", "/in/": "" }) });
    await files.mount({ path: "/data/in", tree: await written({ "/g": "inner" }) });
    await files.makeLink("/data/in/g", "/link");
    expect(await text(files, "/link")).toBe("inner");
    expect(await text(files, "/data/in/../f")).toBe("outer");
    expect(await files.list("/data")).toEqual(["f", "in"]);
    expect(await files.realPath("/data/in/../../etc")).toBe("/etc");
    expect(await files.locate("/data/in/g")).toMatchObject({ path: "/g", absolute: "/data/in/g" });
    await files.mount({ path: "/data", tree: await written({ "/new": "n" }) });
    expect(await files.list("/data")).toEqual(["new"]);
  });

  it("creates mount points, through links, also in read-only roots", async () => {
    const root = await layered([{ name: "var/run", type: "symlink", linkname: "/run" }]);
    const files = MountedFiles.of(root, true);
    const mounted = await files.mount({ path: "/var/run/a/b", tree: await written({ "/x": "x" }) });
    expect(mounted.path).toBe("/run/a/b");
    expect(await text(files, "/var/run/a/b/x")).toBe("x");
    expect(Object.keys(await outline(root))).toEqual(["/run", "/run/a", "/run/a/b", "/var", "/var/run"]);
    expect(await errorOf(files.writeFile("/run/f", ""))).toMatchObject({ code: "EROFS", path: "/run/f" });
  });

  it("refuses to write to read-only mounts", async () => {
    const files = await sample();
    await files.mount({ path: "/ro", tree: await written({ "/f": "f", "/d/": "" }), readOnly: true });
    const attempts = [
      files.writeFile("/ro/f", "x"),
      files.writeFile("/ro/new", "x"),
      files.open("/ro/f", "r+"),
      files.makeDirectory("/ro/new"),
      files.makeLink("x", "/ro/new"),
      files.makeFifo("/ro/new"),
      files.link("/ro/f", "/ro/new"),
      files.change("/ro/f", { mode: 0 }),
      files.remove("/ro/d"),
      files.rename("/ro/f", "/ro/new"),
    ];
    for (const attempt of attempts) expect(await errorOf(attempt)).toMatchObject({ code: "EROFS" });
    expect(await text(files, "/ro/f")).toBe("f");
  });

  it("refuses to rename or link between trees, and to touch mount points", async () => {
    const files = await sample();
    await files.mount({ path: "/m/n", tree: await written({ "/f": "f" }) });
    expect(await errorOf(files.rename("/m/n/f", "/f"))).toMatchObject({ code: "EXDEV" });
    expect(await errorOf(files.link("/m/n/f", "/f"))).toMatchObject({ code: "EXDEV" });
    expect(await errorOf(files.remove("/m/n"))).toMatchObject({ code: "EBUSY" });
    expect(await errorOf(files.rename("/m/n", "/x"))).toMatchObject({ code: "EBUSY" });
    expect(await errorOf(files.rename("/m", "/x"))).toMatchObject({ code: "EBUSY" });
    expect(await errorOf(files.remove("/m", { recursive: true }))).toMatchObject({ code: "EBUSY" });
  });
});
