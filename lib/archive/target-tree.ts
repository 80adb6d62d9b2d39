import type { Stats } from "node:fs";
import { chmod, lstat, mkdir, realpath, unlink } from "node:fs/promises";
import { join, sep } from "node:path";
import { quoted } from "../errors/quote.js";
import { ArchiveError } from "../errors/usage-errors.js";
import { errorCode } from "../wire/realm.js";
import { extractError } from "./errors.js";

/**
 * Splits a name from an archive into components. A leading slash is ignored, as in other programs.
 *
 * @param name - the name.
 * @param separator - the path separator of the system.
 * @returns its components; empty for the root.
 * @throws {@link ArchiveError} when it leads outside the archive.
 */
export function componentsOf(name: string, separator: string = sep): string[] {
  const components = name.split("/").filter((component) => component !== "" && component !== ".");
  const foreign = separator === "\\" && components.some((component) => /[\\:]/.test(component));
  if (foreign || name.includes("\0") || components.includes("..")) {
    throw new ArchiveError(`archive entry ${quoted(name)} would escape the target`);
  }
  return components;
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * The target directory of an extraction. It returns only paths without symbolic links among their parents, so that nothing is ever
 * written through a link.
 */
export class TargetTree {
  readonly #root: string;
  /** The checked directories below the root. Nothing replaces a directory, so they stay directories. */
  readonly #directories = new Set<string>();

  private constructor(root: string) {
    this.#root = root;
  }

  /**
   * Creates the target and its parent directories if they do not exist.
   *
   * @param target - its path. Symbolic links in this path are followed: the caller chose them.
   * @throws {@link ArchiveError} when it cannot be created, or is not a directory.
   */
  static async open(target: string): Promise<TargetTree> {
    try {
      await mkdir(target, { recursive: true });
      return new TargetTree(await realpath(target));
    } catch (error) {
      throw extractError(`to ${target}`, error);
    }
  }

  /** Returns a path in the tree whose parents have been checked. */
  #pathOf(components: readonly string[]): string {
    return join(this.#root, ...components);
  }

  /**
   * Checks that the parents of a path are directories.
   *
   * @param name - the name of the entry, for errors.
   * @param make - whether to create missing ones; otherwise a missing parent is an error.
   */
  async #enterParents(name: string, components: readonly string[], make: boolean): Promise<void> {
    for (let depth = 1; depth < components.length; depth++) {
      const parent = components.slice(0, depth);
      const key = parent.join("/");
      if (this.#directories.has(key)) continue;
      const stats = await statOf(this.#pathOf(parent));
      if (!stats && make) await mkdir(this.#pathOf(parent));
      else if (!stats?.isDirectory()) {
        const what = stats?.isSymbolicLink() ? "a symbolic link" : stats ? "not a directory" : "missing";
        throw new ArchiveError(`archive entry ${quoted(name)} would be written through ${quoted(key)}, which is ${what}`);
      }
      this.#directories.add(key);
    }
  }

  /**
   * Makes room for an entry other than a directory: removes an existing file or link, but not the target of the link.
   *
   * @returns the path, which no longer exists.
   * @throws {@link ArchiveError} when the path is a directory, or a parent is not a directory.
   */
  async vacate(name: string, components: readonly string[]): Promise<string> {
    await this.#enterParents(name, components, true);
    const path = this.#pathOf(components);
    const stats = await statOf(path);
    if (stats?.isDirectory()) throw new ArchiveError(`archive entry ${quoted(name)} would replace a directory`);
    if (stats) await unlink(path);
    return path;
  }

  /**
   * Creates a directory if it does not exist, and removes another entry in its place. A directory that its owner cannot write to
   * is made writable; its mode is set later.
   *
   * @returns its path.
   * @throws {@link ArchiveError} when a parent is not a directory.
   */
  async makeDirectory(name: string, components: readonly string[]): Promise<string> {
    await this.#enterParents(name, components, true);
    const path = this.#pathOf(components);
    const stats = await statOf(path);
    if (!stats?.isDirectory()) {
      if (stats) await unlink(path);
      await mkdir(path, 0o700);
    } else if ((stats.mode & 0o700) !== 0o700) await chmod(path, 0o700);
    this.#directories.add(components.join("/"));
    return path;
  }

  /**
   * Finds the target of a hard link.
   *
   * @returns its path, and whether it is a symbolic link itself.
   * @throws {@link ArchiveError} when the tree does not contain the file.
   */
  async find(name: string, components: readonly string[]): Promise<{ path: string; isLink: boolean }> {
    await this.#enterParents(name, components, false);
    const path = this.#pathOf(components);
    const stats = await statOf(path);
    if (!stats?.isFile() && !stats?.isSymbolicLink()) {
      throw new ArchiveError(
        `archive entry ${quoted(name)} is a hard link to ${quoted(components.join("/"))}, which is not a file in the target`,
      );
    }
    return { path, isLink: stats.isSymbolicLink() };
  }
}
