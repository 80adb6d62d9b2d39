import type { Stats } from "node:fs";
import { chmod, lstat, mkdir, realpath, unlink } from "node:fs/promises";
import { join, sep } from "node:path";
import { ArchiveError } from "../errors/usage-errors.js";
import { extractError } from "./errors.js";

/**
 * Takes a name from an archive apart. A slash at its beginning counts for nothing, as with other programs.
 *
 * @param name - the name.
 * @param separator - the machine's path separator.
 * @returns its components; none for the root.
 * @throws {@link ArchiveError} when it leads out of the archive.
 */
export function componentsOf(name: string, separator: string = sep): string[] {
  const components = name.split("/").filter((component) => component !== "" && component !== ".");
  const foreign = separator === "\\" && components.some((component) => /[\\:]/.test(component));
  if (foreign || name.includes("\0") || components.includes("..")) {
    throw new ArchiveError(`the archive's entry ${JSON.stringify(name)} would lead out of the target`);
  }
  return components;
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/**
 * The directory that an archive is extracted to. It gives out paths only when no component on the way is a symbolic link, wherever that
 * came from, so that nothing is ever written through one.
 */
export class TargetTree {
  readonly #root: string;
  /** Directories below the root that have been looked at. Nothing replaces a directory, so that they stay what they are. */
  readonly #directories = new Set<string>();

  private constructor(root: string) {
    this.#root = root;
  }

  /**
   * Makes the target, with the directories above it, unless it is there.
   *
   * @param target - its path. Symbolic links in this path itself are the caller's own, and are followed.
   * @throws {@link ArchiveError} when it cannot be made, or is not a directory.
   */
  static async open(target: string): Promise<TargetTree> {
    try {
      await mkdir(target, { recursive: true });
      return new TargetTree(await realpath(target));
    } catch (error) {
      throw extractError(`to ${target}`, error);
    }
  }

  /** The path of something in the tree whose parents have been looked at. */
  #pathOf(components: readonly string[]): string {
    return join(this.#root, ...components);
  }

  /**
   * Makes sure that the directories above something are directories.
   *
   * @param name - the archive's entry, for errors.
   * @param make - whether to make those that are missing; when not, a missing one is an error too.
   */
  async #enterParents(name: string, components: readonly string[], make: boolean): Promise<void> {
    for (let depth = 1; depth < components.length; depth++) {
      const parent = components.slice(0, depth);
      const key = parent.join("/");
      if (this.#directories.has(key)) continue;
      const stats = await statOf(this.#pathOf(parent));
      if (!stats && make) await mkdir(this.#pathOf(parent));
      else if (!stats?.isDirectory()) {
        const what = stats?.isSymbolicLink() ? "a symbolic link" : stats ? "no directory" : "missing";
        throw new ArchiveError(`the archive's entry ${name} would lead through ${key}, which is ${what}`);
      }
      this.#directories.add(key);
    }
  }

  /**
   * Makes room for something that is no directory: a file or link that is there is removed, and not what it points at.
   *
   * @returns the path, at which there is nothing now.
   * @throws {@link ArchiveError} when a directory is there, or something on the way is none.
   */
  async vacate(name: string, components: readonly string[]): Promise<string> {
    await this.#enterParents(name, components, true);
    const path = this.#pathOf(components);
    const stats = await statOf(path);
    if (stats?.isDirectory()) throw new ArchiveError(`the archive's entry ${name} would replace a directory`);
    if (stats) await unlink(path);
    return path;
  }

  /**
   * Makes a directory unless it is there. Something else in its place is removed. One that its owner may
   * not write to is opened to the owner; its mode is still to be set.
   *
   * @returns its path.
   * @throws {@link ArchiveError} when something on the way is no directory.
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
   * Finds what a hard link repeats.
   *
   * @returns its path, and whether it is a symbolic link itself.
   * @throws {@link ArchiveError} when there is no such file in the tree.
   */
  async find(name: string, components: readonly string[]): Promise<{ path: string; isLink: boolean }> {
    await this.#enterParents(name, components, false);
    const path = this.#pathOf(components);
    const stats = await statOf(path);
    if (!stats?.isFile() && !stats?.isSymbolicLink()) {
      throw new ArchiveError(
        `the archive's entry ${name} is a hard link to ${components.join("/")}, which is no file in the target`,
      );
    }
    return { path, isLink: stats.isSymbolicLink() };
  }
}
