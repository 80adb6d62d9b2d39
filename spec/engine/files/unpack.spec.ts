import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { archiveRefusal } from "../../../lib/engine/files/archive-refusal.js";
import { HostTree } from "../../../lib/engine/files/host-tree.js";
import { MountedFiles } from "../../../lib/engine/files/mounted-files.js";
import { unpackInto, type UnpackOptions } from "../../../lib/engine/files/unpack.js";
import { ArchiveError } from "../../../lib/errors/usage-errors.js";
import { errorOf, planted } from "../../support/archive.js";
import { layer, layered, type LayerEntry, outline, written } from "./layers.js";

async function container(): Promise<MountedFiles> {
  const tree = await layered([
    { name: "etc/", type: "directory" },
    { name: "w/", type: "directory" },
    { name: "w/d/", type: "directory" },
    { name: "w/d/old", content: "old" },
    { name: "w/f", content: "file" },
    { name: "w/link", type: "symlink", linkname: "d" },
    { name: "w/lf", type: "symlink", linkname: "/w/f" },
    { name: "w/dangling", type: "symlink", linkname: "nowhere" },
    { name: "w/loop", type: "symlink", linkname: "loop" },
    { name: "w/abs", type: "symlink", linkname: "/etc" },
  ]);
  return MountedFiles.of(tree);
}

async function unpack(files: MountedFiles, path: string, entries: readonly LayerEntry[], options?: UnpackOptions): Promise<void> {
  await unpackInto(files, path, Readable.from([await layer(entries)]), options);
}

const outlined = async (files: MountedFiles, path: string): Promise<Record<string, string>> =>
  outline((await files.locate("/")).tree, path);

/** Returns what the server answers. */
async function refusal(unpacking: Promise<unknown>, path: string): Promise<string> {
  const answer = archiveRefusal(await errorOf(unpacking), path, "box");
  return `${answer?.status} ${answer?.message}`;
}

describe("unpackInto", () => {
  it("creates files with the attributes of the archive, and missing directories", async () => {
    const files = await container();
    await unpack(files, "/w/link", [
      { name: "x", content: "hello", mode: 0o4640, uid: 7, gid: 8 },
      { name: "a/b/c", content: "deep" },
      { name: "s", type: "symlink", linkname: "../../x" },
      { name: "h", type: "link", linkname: "x" },
      { name: "p", type: "fifo", mode: 0o600 },
      { name: "null", type: "character-device", devmajor: 1, devminor: 3, mode: 0o666 },
      { name: "/abs", content: "abs" },
      { name: "./y/../z", content: "z" },
    ]);
    expect(await outlined(files, "/w/d")).toEqual({
      "/w/d/a": "directory 755 0:0",
      "/w/d/a/b": "directory 755 0:0",
      "/w/d/a/b/c": "file 644 0:0 deep",
      "/w/d/abs": "file 644 0:0 abs",
      "/w/d/h": "file 4640 7:8 hello",
      "/w/d/null": "character 666 0:0 1,3",
      "/w/d/old": "file 644 0:0 old",
      "/w/d/p": "fifo 600 0:0",
      "/w/d/s": "symlink 777 0:0 ../../x",
      "/w/d/x": "file 4640 7:8 hello",
      "/w/d/z": "file 644 0:0 z",
    });
  });

  it("sets the times of directories at the end", async () => {
    const files = await container();
    await unpack(files, "/w", [
      { name: "new/", type: "directory" },
      { name: "new/x", content: "x" },
      { name: "d/", type: "directory", mode: 0o700 },
      { name: "d/x", content: "x" },
    ]);
    expect((await files.stat("/w/new")).mtime).toBe(0n);
    expect(await files.stat("/w/d")).toMatchObject({ mtime: 0n, mode: 0o700 });
  });

  it("replaces files of other kinds, unless it must not", async () => {
    const files = await container();
    await unpack(files, "/w", [
      { name: "d", content: "file now" },
      { name: "f/", type: "directory" },
    ]);
    expect(await files.readFile("/w/d")).toEqual(Buffer.from("file now"));
    expect((await files.stat("/w/f")).kind).toBe("directory");
    const strict = { noOverwriteDirNonDir: true };
    const other = await container();
    expect(await refusal(unpack(other, "/w", [{ name: "d", content: "x" }], strict), "/w")).toBe(
      '500 cannot overwrite directory "d" with non-directory "/w"',
    );
    expect(await refusal(unpack(other, "/w", [{ name: "f/", type: "directory" }], strict), "/w")).toBe(
      '500 cannot overwrite non-directory "f" with directory "/w"',
    );
    await unpack(
      other,
      "/w",
      [
        { name: "f", content: "new" },
        { name: "d/", type: "directory" },
        { name: "link", content: "no link" },
      ],
      strict,
    );
    expect(await other.readFile("/w/f")).toEqual(Buffer.from("new"));
    expect((await other.lstat("/w/link")).kind).toBe("file");
  });

  it("sets one owner for all when asked", async () => {
    const files = await container();
    await unpack(
      files,
      "/w/d",
      [
        { name: "x", uid: 7, gid: 8 },
        { name: "l", type: "symlink", linkname: "x", uid: 7 },
      ],
      { owner: { uid: 33, gid: 44 } },
    );
    expect(await outlined(files, "/w/d")).toMatchObject({ "/w/d/x": "file 644 33:44 ", "/w/d/l": "symlink 777 33:44 x" });
  });

  it("follows links within the destination only", async () => {
    const files = await container();
    await unpack(files, "/w", [
      { name: "abs/in", content: "x" },
      { name: "up", type: "symlink", linkname: "../../.." },
      { name: "up/top", content: "top" },
    ]);
    expect(await files.list("/etc")).toEqual([]);
    expect(await outlined(files, "/w/etc")).toEqual({ "/w/etc/in": "file 644 0:0 x" });
    expect(await files.readFile("/w/top")).toEqual(Buffer.from("top"));
  });

  it.each([
    ["/w/missing", "404 Could not find the file /w/missing in container box"],
    ["/w/dangling", "404 Could not find the file /w/dangling in container box"],
    ["/w/f", "400 extraction point is not a directory"],
    ["/w/lf", "400 extraction point is not a directory"],
    ["/w/f/", "500 lstat /w/f/: not a directory"],
    ["/w/loop", "500 evalSymlinksInScope: too many links in /w/loop"],
  ])("refuses the destination %s: %s", async (path, message) => {
    expect(await refusal(unpack(await container(), path, [{ name: "x" }]), path)).toBe(message);
  });

  it("refuses names and hard links that lead outside", async () => {
    const files = await container();
    const before = await outlined(files, "/");
    expect(await refusal(unpack(files, "/w", [{ name: "../evil" }]), "/w")).toBe('500 invalid entry name "../evil"');
    const link = { name: "h", type: "link" as const, linkname: "../etc/passwd" };
    expect(await refusal(unpack(files, "/w", [link]), "/w")).toBe('500 invalid hardlink target "../etc/passwd"');
    expect(await refusal(unpack(files, "/w", [{ ...link, linkname: "nope" }]), "/w")).toBe(
      "404 Could not find the file /w in container box",
    );
    expect(await outlined(files, "/")).toEqual(before);
  });

  it("refuses read-only roots and volumes, and read-only mounts below the destination", async () => {
    const files = MountedFiles.of(await layered([{ name: "etc/", type: "directory" }]), true);
    await files.mount({ path: "/ro", tree: await written({ "/d/": "" }), readOnly: true });
    await files.mount({ path: "/rw", tree: await written({}) });
    await files.mount({ path: "/rw/ro", tree: await written({}), readOnly: true });
    expect(await refusal(unpack(files, "/etc", [{ name: "x" }]), "/etc")).toBe("400 container rootfs is marked read-only");
    expect(await refusal(unpack(files, "/ro/d", [{ name: "x" }]), "/ro/d")).toBe("400 mounted volume is marked read-only");
    expect(await errorOf(unpack(files, "/rw", [{ name: "ro/x" }]))).toMatchObject({ code: "EROFS" });
    await unpack(files, "/rw", [{ name: "x" }]);
    expect(await files.list("/rw")).toEqual(["ro", "x"]);
  });

  it("fails for an archive that is cut off or none", async () => {
    const files = await container();
    const whole = await layer([{ name: "x", content: "x".repeat(600) }]);
    for (const bytes of [whole.subarray(0, 700), Buffer.from("garbage"), Buffer.alloc(600, "g")]) {
      const error = await errorOf(unpackInto(files, "/w/d", Readable.from([bytes])));
      expect(error).toBeInstanceOf(ArchiveError);
      expect(archiveRefusal(error, "/w/d", "box")?.status).toBe(500);
    }
  });

  it("unpacks into a folder of the host without leaving it", async () => {
    const outside = await planted({ secret: "secret" });
    const folder = await planted({ out: [outside] });
    const files = await container();
    await files.mount({ path: "/bind", tree: await HostTree.open(folder) });
    await unpack(files, "/bind", [
      { name: "d/f", content: "f" },
      { name: "g", type: "symlink", linkname: "d" },
    ]);
    expect(await errorOf(unpack(files, "/bind", [{ name: "out/secret", content: "changed" }]))).toMatchObject({ code: "ENOENT" });
    expect(Object.keys(await outline(await HostTree.open(outside)))).toEqual(["/secret"]);
    expect(await readFile(join(outside, "secret"), "utf8")).toBe("secret");
    expect(await files.readFile("/bind/g/f")).toEqual(Buffer.from("f"));
  });
});
