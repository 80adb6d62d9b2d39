import { stat } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FileError } from "../../../lib/engine/files/file-error.js";
import { HostTree } from "../../../lib/engine/files/host-tree.js";
import { LayeredTree } from "../../../lib/engine/files/layered-tree.js";
import { MountedFiles } from "../../../lib/engine/files/mounted-files.js";
import type { Tree } from "../../../lib/engine/files/tree.js";
import { planted, temporaryDirectory } from "../../support/archive.js";
import { outline, stacked } from "./layers.js";

const isRoot = process.getuid?.() === 0;

/** Few names, so that operations meet the same files. */
const path = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join("/")}`);
const mode = fc.constantFrom(0o644, 0o600, 0o755, 0o4711);
const content = fc.string({ maxLength: 20 });

type Operation = [name: string, run: (tree: Tree) => Promise<unknown>];

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc
    .tuple(path, mode, content)
    .map(([at, bits, text]): Operation => [
      `create ${at} ${bits} ${text}`,
      (tree) => tree.create(at, { mode: bits }, Buffer.from(text)),
    ]),
  fc.tuple(path, mode).map(([at, bits]): Operation => [`mkdir ${at}`, (tree) => tree.makeDirectory(at, { mode: bits | 0o700 })]),
  fc.tuple(path, path).map(([at, target]): Operation => [`symlink ${at} ${target}`, (tree) => tree.makeLink(at, target)]),
  fc.tuple(path, path).map(([at, existing]): Operation => [`link ${at} ${existing}`, (tree) => tree.link(at, existing)]),
  fc.tuple(path, path).map(([from, to]): Operation => [`rename ${from} ${to}`, (tree) => tree.rename(from, to)]),
  path.map((at): Operation => [`remove ${at}`, (tree) => tree.remove(at)]),
  fc.tuple(path, mode).map(([at, bits]): Operation => [`chmod ${at} ${bits}`, (tree) => tree.change(at, { mode: bits | 0o700 })]),
  path.map((at): Operation => [`list ${at}`, async (tree) => (await tree.list(at)).sort()]),
  path.map((at): Operation => [
    `status ${at}`,
    async (tree) => {
      const status = await tree.status(at);
      return status && [status.kind, status.links, status.kind === "directory" ? 0 : status.size];
    },
  ]),
  fc.tuple(path, content, fc.option(fc.nat(30), { nil: undefined })).map(([at, text, position]): Operation => [
    `write ${at} ${text} ${position}`,
    async (tree) => {
      const file = await tree.open(at);
      await file.write(Buffer.from(text), position);
      await file.close();
    },
  ]),
  fc.tuple(path, fc.nat(30)).map(([at, length]): Operation => [
    `truncate ${at} ${length}`,
    async (tree) => {
      const file = await tree.open(at);
      await file.truncate(length);
      await file.close();
    },
  ]),
);

/** Runs an operation. An error counts by its code. */
async function outcome(tree: Tree, [, run]: Operation): Promise<unknown> {
  try {
    return await run(tree);
  } catch (error) {
    if (error instanceof FileError) return error.code;
    throw error;
  }
}

const files = async (tree: Tree): Promise<unknown> =>
  JSON.parse(JSON.stringify(await outline(tree)).replaceAll(/ \d+:\d+/g, isRoot ? "$&" : "")) as unknown;

describe("a layered tree and a folder of the host", () => {
  it("give the same results for the same operations", async () => {
    const layers = await stacked([
      { name: "a/b/", type: "directory" },
      { name: "a/b/c", content: "lower" },
      { name: "b", content: "b" },
      { name: "c", type: "link", linkname: "b" },
    ]);
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 30 }), async (operations) => {
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
      { numRuns: 500 },
    );
  });
});
