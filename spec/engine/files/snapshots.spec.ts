import { describe, expect, it } from "vitest";
import { bytesSource, type ContentSource } from "../../../lib/engine/files/content-source.js";
import { LayeredTree } from "../../../lib/engine/files/layered-tree.js";
import { treeSizes } from "../../../lib/engine/files/sizes.js";
import { Snapshot } from "../../../lib/engine/files/snapshot.js";
import { type ImageLayer, Snapshots } from "../../../lib/engine/files/snapshots.js";
import { errorOf } from "../../support/archive.js";
import { layer, layered, type LayerEntry, outline } from "./layers.js";

/** Packs a layer, and counts how often it is read as a whole. */
async function counted(diffId: string, entries: readonly LayerEntry[]): Promise<ImageLayer & { reads: () => number }> {
  const source = bytesSource(await layer(entries));
  let reads = 0;
  const content: ContentSource = {
    read: (from, to) => {
      if (from === undefined) reads++;
      return source.read(from, to);
    },
  };
  return { diffId, content, reads: () => reads };
}

describe("Snapshots", () => {
  it("reads each layer once for all who have it on the same layers", async () => {
    const [a, b, c] = [
      await counted("a", [{ name: "a", content: "a" }]),
      await counted("b", [{ name: "b" }]),
      await counted("c", [{ name: ".wh.a" }]),
    ];
    const snapshots = new Snapshots();
    const [first, second] = await Promise.all([snapshots.of([a, b]), snapshots.of([a, b])]);
    const third = await snapshots.of([a, c]);
    const fourth = await snapshots.of([a, b, c]);
    expect(first).toBe(second);
    expect(third).not.toBe(fourth);
    expect([a.reads(), b.reads(), c.reads()]).toEqual([1, 1, 2]);
    expect(Object.keys(await outline(new LayeredTree(first)))).toEqual(["/a", "/b"]);
    expect(Object.keys(await outline(new LayeredTree(fourth)))).toEqual(["/b"]);
    expect(await snapshots.of([])).toBe(Snapshot.empty);
    expect(snapshots.size).toBe(4);
  });

  it("tries again after a layer could not be read", async () => {
    const good = await counted("a", [{ name: "a" }]);
    const snapshots = new Snapshots();
    const broken = { diffId: "a", content: bytesSource(Buffer.from("no archive")) };
    await errorOf(snapshots.of([broken]));
    expect(Object.keys(await outline(new LayeredTree(await snapshots.of([good]))))).toEqual(["/a"]);
  });
});

describe("treeSizes", () => {
  it("counts each file once, and what was written", async () => {
    const tree = await layered([
      { name: "a", content: "12345" },
      { name: "b", type: "link", linkname: "a" },
      { name: "d/c", content: "123" },
    ]);
    expect(treeSizes(tree)).toEqual({ written: 0, total: 8 });
    const file = await tree.open("/a");
    await file.write(Buffer.from("67"));
    await tree.create("/new", { mode: 0o644 }, Buffer.from("x"));
    await tree.remove("/d/c");
    expect(treeSizes(tree)).toEqual({ written: 8, total: 8 });
  });
});
