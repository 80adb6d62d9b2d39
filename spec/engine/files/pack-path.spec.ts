import { describe, expect, it } from "vitest";
import { HostTree } from "../../../lib/engine/files/host-tree.js";
import { MountedFiles } from "../../../lib/engine/files/mounted-files.js";
import { exportTree, packPath } from "../../../lib/engine/files/pack-path.js";
import { pathStat } from "../../../lib/engine/files/path-stat.js";
import { collect, errorOf, gnuListing, planted } from "../../support/archive.js";
import { layered, type LayerEntry, written } from "./layers.js";

/** The files of a container from which a real engine answered what the specs expect. */
const container: readonly LayerEntry[] = [
  { name: "etc/", type: "directory" },
  { name: "etc/passwd", content: "root" },
  { name: "w/", type: "directory" },
  { name: "w/d/", type: "directory", mode: 0o1777 },
  { name: "w/d/fifo", type: "fifo", mode: 0o644 },
  { name: "w/f", content: "hi\n", mode: 0o4755 },
  { name: "w/d/hard", type: "link", linkname: "w/f" },
  { name: "w/d/sub/", type: "directory" },
  { name: "w/dangling", type: "symlink", linkname: "nowhere" },
  { name: "w/dev", type: "character-device", devmajor: 1, devminor: 3, mode: 0o644 },
  { name: "w/lf", type: "symlink", linkname: "/w/f" },
  { name: "w/link", type: "symlink", linkname: "d" },
  { name: "w/loop", type: "symlink", linkname: "loop" },
  { name: "w/lost", type: "symlink", linkname: "no/where" },
  { name: "w/up", type: "symlink", linkname: "../../../etc" },
];

const files = async (): Promise<MountedFiles> => MountedFiles.of(await layered(container));

/** Lists an archive: mode and name of each entry. */
const listing = (archive: Buffer): string[] => gnuListing(archive).map((line) => line.replace(/ \S+ \S+ \d{4}-\S+ \S+/, ""));

describe("packPath", () => {
  const whole = (prefix: string): string[] => [
    `drwxr-xr-x ${prefix}`,
    `drwxrwxrwt ${prefix}d/`,
    `prw-r--r-- ${prefix}d/fifo`,
    `-rwsr-xr-x ${prefix}d/hard`,
    `drwxr-xr-x ${prefix}d/sub/`,
    `lrwxrwxrwx ${prefix}dangling -> nowhere`,
    `crw-r--r-- ${prefix}dev`,
    `hrwsr-xr-x ${prefix}f link to ${prefix}d/hard`,
    `lrwxrwxrwx ${prefix}lf -> /w/f`,
    `lrwxrwxrwx ${prefix}link -> d`,
    `lrwxrwxrwx ${prefix}loop -> loop`,
    `lrwxrwxrwx ${prefix}lost -> no/where`,
    `lrwxrwxrwx ${prefix}up -> ../../../etc`,
  ];
  const directory = (prefix: string): string[] => [
    `drwxrwxrwt ${prefix}`,
    `prw-r--r-- ${prefix}fifo`,
    `-rwsr-xr-x ${prefix}hard`,
    `drwxr-xr-x ${prefix}sub/`,
  ];

  it.each([
    ["/w", whole("w/")],
    ["/w/", whole("w/")],
    ["/w/.", whole("./")],
    ["/w/d/..", whole("w/")],
    ["/w/f", ["-rwsr-xr-x f"]],
    ["w/f", ["-rwsr-xr-x f"]],
    ["../w/f", ["-rwsr-xr-x f"]],
    ["/w/link", ["lrwxrwxrwx link -> d"]],
    ["/w/link/", directory("link/")],
    ["/w/link/.", directory("./")],
    ["/w/lf", ["lrwxrwxrwx lf -> /w/f"]],
    ["/w/dangling", ["lrwxrwxrwx dangling -> nowhere"]],
    ["/w/dev", ["crw-r--r-- dev"]],
    ["/w/d/fifo", ["prw-r--r-- fifo"]],
    ["/w/up/", ["drwxr-xr-x up/", "-rw-r--r-- up/passwd"]],
  ])("packs %s as a real engine does", async (path, expected) => {
    expect(listing(await collect(await packPath(await files(), path)))).toEqual(expected);
  });

  it("names the root as a real engine does", async () => {
    const names = async (path: string): Promise<string[]> => {
      const tree = await layered([{ name: "a/b", content: "b" }]);
      return listing(await collect(await packPath(MountedFiles.of(tree), path))).map((line) => line.slice(11));
    };
    expect(await names("/")).toEqual(["/", "/a/", "/a/b"]);
    expect(await names("/.")).toEqual(["./", "./a/", "./a/b"]);
  });

  it.each([
    ["/w/f/", "ENOTDIR"],
    ["/w/f/.", "ENOTDIR"],
    ["/w/lf/", "ENOTDIR"],
    ["/w/f/x", "ENOTDIR"],
    ["/w/dangling/", "ENOENT"],
    ["/w/missing", "ENOENT"],
  ])("throws for %s: %s", async (path, code) => {
    expect(await errorOf(packPath(await files(), path))).toMatchObject({ name: "FileError", code });
    expect(await errorOf(pathStat(await files(), path))).toMatchObject({ name: "FileError", code });
  });

  it("includes mounted trees, and keeps their hard links apart", async () => {
    const root = await files();
    const mounted = await written({ "/a": "mounted" });
    await mounted.link("/b", "/a");
    await root.mount({ path: "/w/d/sub", tree: mounted });
    await root.mount({ path: "/w/d/host", tree: await HostTree.open(await planted({ h: "host" })) });
    const lines = listing(await collect(await packPath(root, "/w/d")));
    expect(lines.map((line) => line.slice(11))).toEqual([
      "d/",
      "d/fifo",
      "d/hard",
      "d/host/",
      "d/host/h",
      "d/sub/",
      "d/sub/a",
      "d/sub/b link to d/sub/a",
    ]);
  });
});

describe("exportTree", () => {
  it("packs all files without the root", async () => {
    const lines = listing(
      await collect(
        exportTree(
          await layered([
            { name: "a/b", content: "b" },
            { name: "c", type: "symlink", linkname: "a" },
          ]),
        ),
      ),
    );
    expect(lines).toEqual(["drwxr-xr-x a/", "-rw-r--r-- a/b", "lrwxrwxrwx c -> a"]);
  });
});

describe("pathStat", () => {
  it.each([
    ["/", { name: "/", size: 4096, mode: 2147484141, linkTarget: "" }],
    ["/.", { name: ".", size: 4096, mode: 2147484141, linkTarget: "" }],
    ["/w/", { name: "w", size: 4096, mode: 2147484141, linkTarget: "" }],
    ["/w/.", { name: ".", size: 4096, mode: 2147484141, linkTarget: "" }],
    ["/w/d/..", { name: "..", size: 4096, mode: 2147484141, linkTarget: "" }],
    ["/w/f", { name: "f", size: 3, mode: 8389101, linkTarget: "" }],
    ["/w/link", { name: "link", size: 1, mode: 134218239, linkTarget: "/w/d" }],
    ["/w/link/", { name: "link", size: 4096, mode: 2148532735, linkTarget: "" }],
    ["/w/lf", { name: "lf", size: 4, mode: 134218239, linkTarget: "/w/f" }],
    ["/w/dangling", { name: "dangling", size: 7, mode: 134218239, linkTarget: "/w/nowhere" }],
    ["/w/lost", { name: "lost", size: 8, mode: 134218239, linkTarget: "/w/no/where" }],
    ["/w/up", { name: "up", size: 12, mode: 134218239, linkTarget: "/etc" }],
    ["/w/dev", { name: "dev", size: 0, mode: 69206436, linkTarget: "" }],
    ["/w/d/fifo", { name: "fifo", size: 0, mode: 33554852, linkTarget: "" }],
  ])("describes %s as a real engine does", async (path, expected) => {
    expect(await pathStat(await files(), path)).toEqual({ ...expected, mtime: "1970-01-01T00:00:00Z" });
  });

  it.each([
    [1_700_000_000_000_000_000n, "2023-11-14T22:13:20Z"],
    [1_700_000_000_123_456_789n, "2023-11-14T22:13:20.123456789Z"],
    [1_700_000_000_100_000_000n, "2023-11-14T22:13:20.1Z"],
    [-1n, "1969-12-31T23:59:59.999999999Z"],
  ])("writes the time %s as Go does", async (mtime, expected) => {
    const tree = await written({ "/f": "" });
    await tree.change("/f", { mtime });
    expect((await pathStat(MountedFiles.of(tree), "/f")).mtime).toBe(expected);
  });

  it("throws for a link that leads in circles", async () => {
    expect(await errorOf(pathStat(await files(), "/w/loop"))).toMatchObject({ code: "ELOOP", path: "/w/loop" });
  });
});
