import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { compilePattern } from "../archive/ignore-pattern.js";
import { errorCode } from "../wire/realm.js";

/** The most links on the way of one path. */
const MOST_LINKS = 255;

const wildcard = /[*?[]/;

/** Returns a name as a pattern that matches only this name. */
const literal = (name: string): string => name.replace(/[\\*?[\]!]/g, "\\$&");

const partsOf = (path: string): string[] => path.split("/").filter((part) => part !== "" && part !== ".");

/** Resolves `..` without leaving the root. */
function within(parts: readonly string[]): string[] {
  const resolved: string[] = [];
  for (const part of parts) {
    if (part === "..") resolved.pop();
    else resolved.push(part);
  }
  return resolved;
}

/** Returns the result of a system call; undefined if there is no such path. */
async function ifExists<T>(result: Promise<T>): Promise<T | undefined> {
  try {
    return await result;
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR" || code === "EACCES") return undefined;
    throw error;
  }
}

/** Follows the symbolic links on the way of paths, and never leaves the root. */
class Follower {
  readonly found = new Set<string>();
  readonly #root: string;
  #links = 0;

  constructor(root: string) {
    this.#root = root;
  }

  async follow(path: string): Promise<void> {
    this.#links = 0;
    await this.#visit([], within(partsOf(path)));
  }

  async #visit(above: readonly string[], parts: readonly string[]): Promise<void> {
    const [part, ...rest] = parts;
    if (part === undefined) {
      this.#add(above);
      return;
    }
    if (!wildcard.test(part)) {
      await this.#enter(above, part, rest);
      return;
    }
    const pattern = compilePattern(part, "");
    for (const name of (await ifExists(readdir(join(this.#root, ...above)))) ?? []) {
      if (pattern.matches(name)) await this.#enter(above, name, rest);
    }
  }

  async #enter(above: readonly string[], name: string, rest: readonly string[]): Promise<void> {
    const here = [...above, name];
    const path = join(this.#root, ...here);
    const stats = await ifExists(lstat(path));
    // what is missing is for BuildKit to report
    if (!stats) {
      this.#add([...here, ...rest]);
      return;
    }
    if (!stats.isSymbolicLink()) {
      await this.#visit(here, rest);
      return;
    }
    this.#add(here);
    if (++this.#links > MOST_LINKS) return;
    const target = (await readlink(path)).replaceAll("\\", process.platform === "win32" ? "/" : "\\");
    const start = target.startsWith("/") ? [] : above;
    await this.#visit([], within([...start, ...partsOf(target), ...rest]));
  }

  #add(parts: readonly string[]): void {
    this.found.add(parts.length === 0 ? "." : parts.map(literal).join("/"));
  }
}

/**
 * Follows the symbolic links of the sources of a build: BuildKit needs each link on the way, and what it refers to.
 *
 * @param root - the directory of the context. Absolute links start there, and nothing above it is read.
 * @param paths - the paths in the context, whose components may be patterns.
 * @returns patterns for the paths to include; undefined if they include the root, and so everything.
 */
export async function followPaths(root: string, paths: readonly string[]): Promise<string[] | undefined> {
  const follower = new Follower(root);
  for (const path of paths) await follower.follow(path);
  return follower.found.has(".") ? undefined : [...follower.found];
}
