import { stat } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HostTree } from "../../../lib/engine/files/host-tree.js";
import { LayeredTree } from "../../../lib/engine/files/layered-tree.js";
import { MountedFiles } from "../../../lib/engine/files/mounted-files.js";
import type { Tree } from "../../../lib/engine/files/tree.js";
import { planted, temporaryDirectory } from "../../support/archive.js";
import { outline } from "./layers.js";
import { operationsBase, outcome, randomOperations } from "./operations.js";

const isRoot = process.getuid?.() === 0;

const files = async (tree: Tree): Promise<unknown> =>
  JSON.parse(JSON.stringify(await outline(tree)).replaceAll(/ \d+:\d+/g, isRoot ? "$&" : "")) as unknown;

describe("a layered tree and a folder of the host", () => {
  it("give the same results for the same operations", async () => {
    const layers = await operationsBase();
    await fc.assert(
      fc.asyncProperty(randomOperations, async (operations) => {
        const layered = new LayeredTree(layers);
        const host = await HostTree.open(await temporaryDirectory());
        await host.makeDirectory("/a", { mode: 0o755 });
        await host.makeDirectory("/a/b", { mode: 0o755 });
        await host.create("/a/b/c", { mode: 0o644 }, Buffer.from("lower"));
        await host.create("/b", { mode: 0o644 }, Buffer.from("b"));
        await host.link("/c", "/b");
        for (const each of operations) {
          expect([each[0], await outcome(layered, each)]).toEqual([each[0], await outcome(host, each)]);
        }
        expect(await files(layered)).toEqual(await files(host));
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});

describe("a path", () => {
  const odd = fc
    .array(fc.constantFrom("a", "b", "link", "file", "up", "dead", "loop", ".", "..", ""), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join("/"));

  it("leads to the same file as in Linux", async () => {
    const folder = await planted({
      "root/a/b/file": "x",
      "root/file": "y",
      "root/link": ["a"],
      "root/a/link": ["b/file"],
      "root/a/up": ["../.."],
      "root/dead": ["none"],
      "root/loop": ["loop"],
      "root/a/b/a": ["../b/../../a"],
    });
    const mounted = MountedFiles.of(await HostTree.open(folder));
    const codeOf = (error: unknown): unknown => (error as { code?: unknown }).code;
    await fc.assert(
      fc.asyncProperty(odd, async (rest) => {
        // deep enough that no .. leads above the folder
        fc.pre(rest.split("..").length + rest.split("up").length * 2 < 5 || !/\.\.|up/.test(rest));
        const at = `/root/${rest}`;
        const real = await stat(join(folder, "/") + at.slice(1)).then(({ ino }) => ino, codeOf);
        expect([at, await mounted.stat(at).then(({ inode }) => inode, codeOf)]).toEqual([at, real]);
      }),
      { numRuns: 300 },
    );
  }, 60_000);
});
