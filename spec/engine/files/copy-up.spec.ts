import { describe, expect, it } from "vitest";
import { copyUp } from "../../../lib/engine/files/copy-up.js";
import { HostTree } from "../../../lib/engine/files/host-tree.js";
import { LayeredTree } from "../../../lib/engine/files/layered-tree.js";
import { MountedFiles } from "../../../lib/engine/files/mounted-files.js";
import { planted } from "../../support/archive.js";
import { layered, type LayerEntry, outline, written } from "./layers.js";

const image: readonly LayerEntry[] = [
  { name: "data/", type: "directory", mode: 0o1770, uid: 5, gid: 6 },
  { name: "data/a", content: "a", mode: 0o4755, uid: 7 },
  { name: "data/d/b", content: "b" },
  { name: "data/d/hard", type: "link", linkname: "data/a" },
  { name: "data/l", type: "symlink", linkname: "/etc" },
  { name: "data/p", type: "fifo", mode: 0o600 },
  { name: "file", content: "file" },
  { name: "via", type: "symlink", linkname: "data" },
];

describe("copyUp", () => {
  it("fills an empty volume with files of all kinds", async () => {
    const root = await layered(image);
    const volume = new LayeredTree();
    expect(await copyUp(MountedFiles.of(root), "/via", volume)).toBe(true);
    const copied = await outline(volume);
    expect(Object.fromEntries(Object.entries(copied).map(([path, text]) => [`/data${path}`, text]))).toEqual(
      await outline(root, "/data"),
    );
    expect(await volume.status("/")).toMatchObject({ mode: 0o1770, uid: 5, gid: 6, mtime: 0n });
    expect((await volume.status("/d/hard"))?.inode).toBe((await volume.status("/a"))?.inode);
    expect(Object.keys(copied)).toHaveLength(6);
  });

  it("fills a folder of the host", async () => {
    const volume = await HostTree.open(await planted({}));
    expect(await copyUp(MountedFiles.of(await layered(image)), "/data", volume)).toBe(true);
    expect((await volume.list("/")).sort()).toEqual(["a", "d", "l", "p"]);
    expect(await volume.status("/a")).toMatchObject({ links: 2, mode: 0o4755 });
  });

  it("leaves volumes with files as they are, and copies nothing without a directory", async () => {
    const files = MountedFiles.of(await layered(image));
    const full = await written({ "/kept": "kept" });
    expect(await copyUp(files, "/data", full)).toBe(false);
    expect(await full.list("/")).toEqual(["kept"]);
    const empty = new LayeredTree();
    for (const path of ["/missing", "/missing/too", "/file", "/file/x"]) expect(await copyUp(files, path, empty)).toBe(false);
    const single = await HostTree.open(`${await planted({ f: "f" })}/f`);
    expect(await copyUp(files, "/data", single)).toBe(false);
  });

  it("leaves out what is mounted below", async () => {
    const files = MountedFiles.of(await layered(image));
    await files.mount({ path: "/data/d", tree: await written({ "/mounted": "m" }) });
    const volume = new LayeredTree();
    await copyUp(files, "/data", volume);
    expect((await volume.list("/")).sort()).toEqual(["a", "l", "p"]);
  });
});
