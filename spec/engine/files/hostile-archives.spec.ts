import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { encodeHeader, endOfArchive, padding, type TarHeader } from "../../../lib/archive/tar-header.js";
import { EngineError } from "../../../lib/engine/engine-error.js";
import { applyLayer } from "../../../lib/engine/files/apply-layer.js";
import { bytesSource } from "../../../lib/engine/files/content-source.js";
import { FileError } from "../../../lib/engine/files/file-error.js";
import { HostTree } from "../../../lib/engine/files/host-tree.js";
import { LayeredTree } from "../../../lib/engine/files/layered-tree.js";
import { MountedFiles } from "../../../lib/engine/files/mounted-files.js";
import { exportTree } from "../../../lib/engine/files/pack-path.js";
import { Snapshot } from "../../../lib/engine/files/snapshot.js";
import { unpackInto } from "../../../lib/engine/files/unpack.js";
import { ArchiveError } from "../../../lib/errors/usage-errors.js";
import { collect, planted } from "../../support/archive.js";
import { outline } from "./layers.js";

const part = fc.constantFrom("a", "b", "link", "..", ".", "", ".wh.a", ".wh..wh..opq", ".wh..", "n".repeat(300), "ä", "\n");
const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));
const absolute = fc.tuple(fc.boolean(), name).map(([slash, rest]) => (slash ? `/${rest}` : rest));

const header: fc.Arbitrary<TarHeader> = fc.record({
  name: absolute,
  type: fc.constantFrom("file", "link", "symlink", "character-device", "directory", "fifo"),
  mode: fc.nat(0o7777),
  uid: fc.nat(70_000),
  gid: fc.nat(70_000),
  size: fc.constant(0),
  mtime: fc.integer({ min: -10, max: 10 }),
  linkname: fc.option(absolute, { nil: "a" }),
  device: fc.constant([1, 3] as const),
});

const archive = fc.array(fc.tuple(header, fc.string({ maxLength: 10 })), { maxLength: 12 }).map((entries) =>
  Buffer.concat([
    ...entries.flatMap(([entry, text]) => {
      if (entry.type !== "file") return [encodeHeader(entry)];
      const content = Buffer.from(text);
      return [encodeHeader({ ...entry, size: content.length }), content, padding(content.length)];
    }),
    endOfArchive(),
  ]),
);

/** Runs what may only fail with an error that says what is wrong. */
async function tolerant<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (error instanceof ArchiveError || error instanceof FileError || error instanceof EngineError) return undefined;
    throw error;
  }
}

describe("hostile archives", () => {
  it("make layers that can be listed and packed, or an error", async () => {
    await fc.assert(
      fc.asyncProperty(archive, archive, async (lower, upper) => {
        const base = await tolerant(applyLayer(Snapshot.empty, bytesSource(lower)));
        const snapshot = await tolerant(applyLayer(base ?? Snapshot.empty, bytesSource(upper)));
        if (!snapshot) return;
        const tree = new LayeredTree(snapshot);
        const files = await outline(tree);
        for (const path of Object.keys(files)) expect(path).not.toMatch(/\/(\.\.?|\.wh\.[^/]*)?(\/|$)/);
        const again = new LayeredTree(await applyLayer(Snapshot.empty, bytesSource(await collect(exportTree(tree)))));
        expect(await outline(again)).toEqual(files);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it("never reach what is outside of the directory they are unpacked into", async () => {
    const outside = await planted({ a: "outside", "b/a": "outside" });
    const before = await outline(await HostTree.open(outside));
    const folder = await planted({ "in/kept": "kept", a: "above", link: [outside] });
    await fc.assert(
      fc.asyncProperty(archive, async (bytes) => {
        const files = MountedFiles.of(await HostTree.open(folder));
        await files.remove("/in", { recursive: true });
        await files.makeDirectory("/in");
        await files.makeLink("../a", "/in/b");
        await files.makeLink(outside, "/in/link");
        await tolerant(unpackInto(files, "/in", Readable.from([bytes])));
        expect(await outline(await HostTree.open(outside))).toEqual(before);
        expect((await files.list("/")).sort()).toEqual(["a", "in", "link"]);
        expect(await files.readFile("/a")).toEqual(Buffer.from("above"));
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it("may be any bytes", async () => {
    await fc.assert(
      fc.asyncProperty(archive, fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 8 }), async (bytes, changes) => {
        const broken = Buffer.from(bytes);
        for (const [at, byte] of changes) broken[at % broken.length] = byte;
        await tolerant(applyLayer(Snapshot.empty, bytesSource(broken)));
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});
