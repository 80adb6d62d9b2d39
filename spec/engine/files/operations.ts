import fc from "fast-check";
import { FileError } from "../../../lib/engine/files/file-error.js";
import type { Tree } from "../../../lib/engine/files/tree.js";
import { stacked } from "./layers.js";

/** Few names, so that operations meet the same files. */
const path = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join("/")}`);
const mode = fc.constantFrom(0o644, 0o600, 0o755, 0o4711);
const content = fc.string({ maxLength: 20 });

/** An operation on a tree, and its name for reports. */
export type Operation = [name: string, run: (tree: Tree) => Promise<unknown>];

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
export async function outcome(tree: Tree, [, run]: Operation): Promise<unknown> {
  try {
    return await run(tree);
  } catch (error) {
    if (error instanceof FileError) return error.code;
    throw error;
  }
}

/** Random operations in a row. */
export const randomOperations = fc.array(operation, { maxLength: 30 });

/** Returns the files that {@link randomOperations} work on, with a hard link. */
export const operationsBase = (): ReturnType<typeof stacked> =>
  stacked([
    { name: "a/b/", type: "directory" },
    { name: "a/b/c", content: "lower" },
    { name: "b", content: "b" },
    { name: "c", type: "link", linkname: "b" },
  ]);
