import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyLayer } from "../../../lib/engine/files/apply-layer.js";
import { bytesSource } from "../../../lib/engine/files/content-source.js";
import { changes, diffLayer } from "../../../lib/engine/files/layer-diff.js";
import { LayeredTree } from "../../../lib/engine/files/layered-tree.js";
import { collect, gnuListing } from "../../support/archive.js";
import { layered, outline, stacked } from "./layers.js";
import { operationsBase, outcome, randomOperations } from "./operations.js";

const image = [
  { name: "bin/", type: "directory" as const },
  { name: "bin/ls", content: "ls" },
  { name: "etc/", type: "directory" as const },
  { name: "etc/group", content: "group" },
  { name: "etc/passwd", content: "root" },
  { name: "tmp/", type: "directory" as const, mode: 0o1777 },
  { name: "var/", type: "directory" as const },
  { name: "var/old/x", content: "x" },
];

/** Does what the same commands did in a real engine. */
async function changed(): Promise<LayeredTree> {
  const tree = new LayeredTree(await stacked(image), { now: () => 1_700_000_000_000_000_001n });
  const file = await tree.open("/etc/passwd");
  await file.write(Buffer.from("x"));
  await file.close();
  await tree.create("/tmp/new", { mode: 0o644 }, Buffer.from("new"));
  await tree.remove("/etc/group");
  await tree.makeDirectory("/var/a", { mode: 0o755 });
  await tree.makeDirectory("/var/a/b", { mode: 0o755 });
  await tree.create("/var/a/b/c", { mode: 0o4755, uid: 3, gid: 4 }, Buffer.from("c"));
  await tree.makeLink("/var/l", "/etc");
  await tree.remove("/bin/ls");
  await tree.remove("/var/old/x");
  await tree.remove("/var/old");
  return tree;
}

describe("changes", () => {
  it("lists what a real engine lists", async () => {
    expect(changes(await changed()).map(({ Path, Kind }) => `${"CAD"[Kind] ?? ""} ${Path}`)).toEqual([
      "C /bin",
      "D /bin/ls",
      "C /etc",
      "C /etc/passwd",
      "D /etc/group",
      "C /tmp",
      "A /tmp/new",
      "C /var",
      "A /var/a",
      "A /var/a/b",
      "A /var/a/b/c",
      "A /var/l",
      "D /var/old",
    ]);
  });

  it("lists nothing for a file that is as before, nor for the time of a directory", async () => {
    const tree = await layered(image);
    await tree.change("/etc/passwd", { mode: 0o600 });
    await tree.change("/etc/passwd", { mode: 0o644 });
    await tree.create("/tmp/x", { mode: 0o644 });
    await tree.remove("/tmp/x");
    await tree.change("/var", { mtime: 5n });
    expect(changes(tree)).toEqual([]);
    expect(await collect(diffLayer(tree))).toEqual(Buffer.alloc(1024));
  });

  it("notices content that was written with the same size and time", async () => {
    const tree = await layered(image);
    const file = await tree.open("/etc/passwd");
    await file.write(Buffer.from("toor"), 0);
    await tree.change("/etc/passwd", { mtime: 0n });
    expect(changes(tree)).toEqual([
      { Path: "/etc", Kind: 0 },
      { Path: "/etc/passwd", Kind: 0 },
    ]);
  });
});

describe("diffLayer", () => {
  it("packs what changed, with whiteouts", async () => {
    const listing = gnuListing(await collect(diffLayer(await changed())));
    expect(listing.map((line) => line.replace(/ \d{4}-\S+ \S+/, ""))).toEqual([
      "drwxr-xr-x 0/0 0 bin/",
      "-rw------- 0/0 0 bin/.wh.ls",
      "drwxr-xr-x 0/0 0 etc/",
      "-rw-r--r-- 0/0 5 etc/passwd",
      "-rw------- 0/0 0 etc/.wh.group",
      "drwxrwxrwt 0/0 0 tmp/",
      "-rw-r--r-- 0/0 3 tmp/new",
      "drwxr-xr-x 0/0 0 var/",
      "drwxr-xr-x 0/0 0 var/a/",
      "drwxr-xr-x 0/0 0 var/a/b/",
      "-rwsr-xr-x 3/4 1 var/a/b/c",
      "lrwxrwxrwx 0/0 0 var/l -> /etc",
      "-rw------- 0/0 0 var/.wh.old",
    ]);
  });

  it("gives the same bytes for the same changes", async () => {
    expect(await collect(diffLayer(await changed()))).toEqual(await collect(diffLayer(await changed())));
  });

  it("keeps hard links, extended attributes, devices and large files", async () => {
    const tree = new LayeredTree();
    await tree.create("/big", { mode: 0o644, attributes: { "user.x": Buffer.from([0, 255]) } }, Buffer.alloc(300_000, "b"));
    await tree.link("/same", "/big");
    await tree.makeNode("/dev", "character", { mode: 0o600 }, [10, 300]);
    const bytes = await collect(diffLayer(tree));
    const again = new LayeredTree(await applyLayer(tree.base, bytesSource(bytes)));
    expect(await outline(again)).toEqual(await outline(tree));
    expect(await again.status("/same")).toMatchObject({
      links: 2,
      size: 300_000,
      attributes: { "user.x": Uint8Array.from([0, 255]) },
    });
  });

  it("keeps a further name of an unchanged file a hard link", async () => {
    const tree = await layered([{ name: "bin/cat", content: "cat" }]);
    await tree.link("/cat2", "/bin/cat");
    expect(changes(tree)).toEqual([{ Path: "/cat2", Kind: 1 }]);
    const lines = gnuListing(await collect(diffLayer(tree)));
    expect(lines.map((line) => line.replace(/ \S+ \S+ \d{4}-\S+ \S+/, ""))).toEqual([
      "-rw-r--r-- bin/cat",
      "hrw-r--r-- cat2 link to bin/cat",
    ]);
  });

  it("leaves the mode of a symbolic link as it is", async () => {
    const tree = new LayeredTree();
    await tree.makeLink("/link", "/target");
    await tree.change("/link", { mode: 0o600, uid: 5 });
    expect(await tree.status("/link")).toMatchObject({ mode: 0o777, uid: 5 });
  });

  it("gives the same files when it is applied, whatever changed", async () => {
    const base = await operationsBase();
    await fc.assert(
      fc.asyncProperty(randomOperations, async (operations) => {
        const tree = new LayeredTree(base);
        for (const operation of operations) await outcome(tree, operation);
        const applied = new LayeredTree(await applyLayer(base, bytesSource(await collect(diffLayer(tree)))));
        expect(await outline(applied)).toEqual(await outline(tree));
        expect(changes(applied)).toEqual([]);
        for (const path of Object.keys(await outline(tree)))
          expect([path, (await applied.status(path))?.links]).toEqual([path, (await tree.status(path))?.links]);
      }),
      { numRuns: 200 },
    );
  }, 60_000);
});
