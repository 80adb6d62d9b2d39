import { posix } from "node:path";
import { Readable } from "node:stream";
import { IgnoreMatcher, parseIgnoreFile } from "../../archive/ignore-file.js";
import { errorMessage } from "../../wire/realm.js";
import { badRequest, EngineError, refusalIn } from "../engine-error.js";
import { LayeredTree } from "../files/layered-tree.js";
import { MountedFiles } from "../files/mounted-files.js";
import { childPath, looseParts } from "../files/tree-path.js";
import { unpackInto } from "../files/unpack.js";
import { decompress, sniff } from "../store/decompress.js";
import { compileGlob } from "../store/glob.js";

/**
 * Unpacks the context of a build.
 *
 * @param archive - a tar archive, uncompressed or compressed.
 * @param limit - the most bytes that it may have when it is decompressed.
 * @throws {@link EngineError} when it is invalid or larger.
 */
export async function unpackContext(archive: AsyncIterable<Buffer>, limit: number): Promise<MountedFiles> {
  const files = MountedFiles.of(new LayeredTree());
  const { compression, content } = await sniff(archive);
  try {
    await unpackInto(files, "/", Readable.from(decompress(content, compression, limit), { objectMode: false }));
  } catch (error) {
    throw refusalIn(error) ?? new EngineError(500, `Error processing tar file(${errorMessage(error)})`, { cause: error });
  }
  return files;
}

/**
 * Reads the Dockerfile of a context, and removes it from the context if the ignore file names it.
 *
 * @param name - its path in the context.
 * @throws {@link EngineError} when there is none, or it is empty.
 */
export async function takeDockerfile(context: MountedFiles, name: string): Promise<string> {
  const path = `/${looseParts(name).join("/")}`;
  if (!(await context.exists(path))) throw new EngineError(500, `Cannot locate specified Dockerfile: ${name}`);
  const text = String(await context.readFile(path));
  if (text === "") throw badRequest(`the Dockerfile (${name}) cannot be empty`);
  if (!(await context.exists("/.dockerignore"))) return text;
  const matcher = new IgnoreMatcher(parseIgnoreFile(await context.readFile("/.dockerignore"), "/"));
  for (const own of [".dockerignore", path.slice(1)]) {
    if (matcher.judge(own).ignored) await context.remove(`/${own}`);
  }
  return text;
}

/**
 * Finds the sources of `COPY` and `ADD`.
 *
 * @param files - the files that they come from.
 * @param pattern - a path relative to the root of these files, possibly with wildcards.
 * @returns their absolute paths.
 * @throws {@link EngineError} for paths outside, and for a path without wildcards that does not exist.
 */
export async function findSources(files: MountedFiles, pattern: string): Promise<string[]> {
  let depth = 0;
  for (const part of looseParts(pattern)) {
    depth += part === ".." ? -1 : 1;
    if (depth < 0) throw badRequest(`forbidden path outside the build context: ${pattern} ()`);
  }
  const clean = looseParts(posix.normalize(`/${pattern}`));
  if (!/[*?[]/.test(pattern)) {
    const path = `/${clean.join("/")}`;
    if (await files.exists(path)) return [await files.realPath(path)];
    throw badRequest(
      `file not found in build context or excluded by .dockerignore: stat ${clean.join("/")}: file does not exist`,
    );
  }
  let found = ["/"];
  for (const part of clean) {
    const glob = compileGlob(part);
    const next: string[] = [];
    for (const directory of found) {
      const isDirectory = (await files.stat(directory)).kind === "directory";
      const names = isDirectory ? await files.list(directory) : [];
      next.push(...names.filter((name) => glob.test(name)).map((name) => childPath(directory, name)));
    }
    found = next;
  }
  return found;
}
