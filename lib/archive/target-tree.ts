import { constants, type Stats } from "node:fs";
import { chmod, type FileHandle, lstat, mkdir, open, realpath, unlink } from "node:fs/promises";
import { join, sep } from "node:path";
import { quoted } from "../errors/quote.js";
import { ArchiveError } from "../errors/usage-errors.js";
import { errorCode } from "../wire/realm.js";
import { extractError } from "./errors.js";

/**
 * Splits a name from an archive into components. Like other programs, it ignores a leading slash.
 *
 * @param name - the name.
 * @param separator - the path separator of the system.
 * @returns its components; empty for the root.
 * @throws {@link ArchiveError} when the name leads outside the archive.
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

/** On Linux, opens a directory only to refer to it, which its mode always permits. Node.js has no constant for this flag. */
const O_PATH = 0o10000000;
const REFERENCE = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;

/** A directory that is open. */
export interface Directory {
  /** The path to use. On Linux, it refers to the open directory, even if another program replaces its parents. */
  readonly path: string;
  /** The open directory, to be closed; undefined where the system has no paths to open files. */
  readonly handle: FileHandle | undefined;
}

/** Where Linux lists the open files of a process. */
const OPEN_FILES = "/proc/self/fd";

/** Returns the folder with paths to open files; undefined where the system has none, such as a Linux without /proc in a bare chroot. */
export async function openFilesFolder(folder = OPEN_FILES): Promise<string | undefined> {
  return process.platform === "linux" && (await statOf(folder)) ? folder : undefined;
}

/**
 * Opens a directory without following a symbolic link.
 *
 * @param path - its path.
 * @param openFiles - the folder with paths to open files; undefined where the system has none, so that the directory is only checked.
 * @returns undefined if it does not exist, or is not a directory.
 */
export async function openDirectory(path: string, openFiles: string | undefined): Promise<Directory | undefined> {
  if (openFiles === undefined) return (await statOf(path))?.isDirectory() ? { path, handle: undefined } : undefined;
  try {
    const handle = await open(path, REFERENCE);
    return { path: `${openFiles}/${handle.fd}`, handle };
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP") return undefined;
    throw error;
  }
}

/**
 * The directory in which entries are being created. It remains open, because most archives list a directory's entries together.
 */
class Cursor {
  readonly #root: Directory;
  readonly #openFiles: string | undefined;
  #at: Directory;
  #components: readonly string[] = [];

  constructor(root: Directory, openFiles: string | undefined) {
    this.#root = root;
    this.#openFiles = openFiles;
    this.#at = root;
  }

  /**
   * Moves to a directory.
   *
   * @param name - the name of the entry, for errors.
   * @param make - whether to create missing directories; otherwise, a missing directory is an error.
   * @throws {@link ArchiveError} when a component is not a directory.
   */
  async move(name: string, components: readonly string[], make: boolean): Promise<Directory> {
    if (this.#components.some((component, depth) => components[depth] !== component)) await this.#leave();
    for (let depth = this.#components.length; depth < components.length; depth++) {
      const next = await this.#enter(name, components.slice(0, depth + 1), make);
      await this.#leave();
      this.#at = next;
      this.#components = components.slice(0, depth + 1);
    }
    return this.#at;
  }

  /** Opens a directory in the current one. */
  async #enter(name: string, components: readonly string[], make: boolean): Promise<Directory> {
    const path = join(this.#at.path, components.at(-1) ?? "");
    const found = await openDirectory(path, this.#openFiles);
    if (found) return found;
    let stats = await statOf(path);
    if (!stats && make) {
      await mkdir(path);
      const made = await openDirectory(path, this.#openFiles);
      if (made) return made;
      stats = await statOf(path); // another program has replaced it
    }
    const what = stats?.isSymbolicLink() ? "a symbolic link" : stats ? "not a directory" : "missing";
    const through = quoted(components.join("/"));
    throw new ArchiveError(`archive entry ${quoted(name)} would be written through ${through}, which is ${what}`);
  }

  async #leave(): Promise<void> {
    const { handle } = this.#at;
    if (this.#at !== this.#root) await handle?.close();
    this.#at = this.#root;
    this.#components = [];
  }

  close(): Promise<void> {
    return this.#leave();
  }
}

/**
 * The target directory of an extraction. Its methods return only paths without symbolic links among their parents, so that nothing
 * is ever written through a link. A path is valid until the next call.
 */
export class TargetTree {
  readonly #root: Directory;
  /** The directory of the entry that is being created, and the directory of the file that a hard link refers to. */
  readonly #place: Cursor;
  readonly #linked: Cursor;

  private constructor(root: Directory, openFiles: string | undefined) {
    this.#root = root;
    this.#place = new Cursor(root, openFiles);
    this.#linked = new Cursor(root, openFiles);
  }

  /**
   * Creates the target and its parent directories if they do not exist.
   *
   * @param target - its path. Symbolic links in this path are followed, because the caller chose it.
   * @param openFiles - the folder in which Linux lists the open files of the process.
   * @throws {@link ArchiveError} when it cannot be created, or is not a directory.
   */
  static async open(target: string, openFiles = OPEN_FILES): Promise<TargetTree> {
    try {
      await mkdir(target, { recursive: true });
      const path = await realpath(target);
      const usable = await openFilesFolder(openFiles);
      return new TargetTree((await openDirectory(path, usable)) ?? { path, handle: undefined }, usable);
    } catch (error) {
      throw extractError(`to ${target}`, error);
    }
  }

  /** Closes the directories that are open. */
  async close(): Promise<void> {
    await this.#place.close();
    await this.#linked.close();
    await this.#root.handle?.close();
  }

  /**
   * Makes room for an entry other than a directory: removes an existing file or link, but not the target of the link.
   *
   * @returns the path, which no longer exists.
   * @throws {@link ArchiveError} when the path is a directory, or a parent is not a directory.
   */
  async vacate(name: string, components: readonly string[]): Promise<string> {
    const parent = await this.#place.move(name, components.slice(0, -1), true);
    const path = join(parent.path, components.at(-1) ?? "");
    const stats = await statOf(path);
    if (stats?.isDirectory()) throw new ArchiveError(`archive entry ${quoted(name)} would replace a directory`);
    if (stats) await unlink(path);
    return path;
  }

  /**
   * Creates a directory if it does not exist. Any other entry in its place is removed. A directory that its owner cannot write to
   * is made writable; its mode is set later.
   *
   * @throws {@link ArchiveError} when a parent is not a directory.
   */
  async makeDirectory(name: string, components: readonly string[]): Promise<void> {
    const parent = await this.#place.move(name, components.slice(0, -1), true);
    const path = join(parent.path, components.at(-1) ?? "");
    const stats = await statOf(path);
    if (stats && !stats.isDirectory()) await unlink(path);
    if (!stats?.isDirectory()) await mkdir(path, 0o700);
    else if ((stats.mode & 0o700) !== 0o700) await chmod(await this.directory(name, components), 0o700);
  }

  /**
   * Finds a directory that exists.
   *
   * @returns a path to it.
   * @throws {@link ArchiveError} when it is not a directory.
   */
  async directory(name: string, components: readonly string[]): Promise<string> {
    return (await this.#place.move(name, components, false)).path;
  }

  /**
   * Finds the target of a hard link.
   *
   * @returns its path, and whether it is itself a symbolic link.
   * @throws {@link ArchiveError} when the tree does not contain the file.
   */
  async find(name: string, components: readonly string[]): Promise<{ path: string; isLink: boolean }> {
    const parent = await this.#linked.move(name, components.slice(0, -1), false);
    const path = join(parent.path, components.at(-1) ?? "");
    const stats = await statOf(path);
    if (!stats?.isFile() && !stats?.isSymbolicLink()) {
      throw new ArchiveError(
        `archive entry ${quoted(name)} is a hard link to ${quoted(components.join("/"))}, which is not a file in the target`,
      );
    }
    return { path, isLink: stats.isSymbolicLink() };
  }
}
