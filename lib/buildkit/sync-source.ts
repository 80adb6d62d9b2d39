import { lstatSync, readlinkSync } from "node:fs";
import { packError } from "../archive/errors.js";
import { deviceNumbers, type EntryFacts, loadPath } from "../archive/file-source.js";
import type { EntryBody, FoundPath } from "../archive/loaded-entry.js";
import { compareNames, walk } from "../archive/walk.js";
import { ArchiveError } from "../errors/usage-errors.js";
import { followPaths } from "./follow-paths.js";
import { GoMode } from "./go-mode.js";
import type { Stat } from "./messages/session.js";
import { PathSelection } from "./path-selection.js";

/** What BuildKit asks for in a directory. */
export interface SyncRequest {
  /** Patterns of the paths to send; empty for all. */
  readonly includePatterns: readonly string[];
  /** Patterns of the paths to leave out. */
  readonly excludePatterns: readonly string[];
  /** Paths to send together with everything that their symbolic links lead to. */
  readonly followPaths: readonly string[];
}

/** An entry of a directory that is sent to BuildKit. */
export interface SyncEntry {
  readonly stat: Partial<Stat>;
  /**
   * Loads the content of a file.
   *
   * @throws {@link ArchiveError} when it cannot be read, or no longer has the size in `stat`.
   */
  load(): Promise<Buffer | EntryBody>;
}

/** A directory that BuildKit may ask for. */
export interface SyncSource {
  /** Yields the entries in BuildKit's order, in lists. */
  entries(request: SyncRequest): AsyncGenerator<readonly SyncEntry[], void, undefined>;
}

const facts: EntryFacts = { uid: 0, gid: 0, mode: undefined, mtime: undefined };

async function loadFile(found: FoundPath, size: number): Promise<Buffer | EntryBody> {
  const { content = Buffer.alloc(0), header } = await loadPath(found, facts);
  if (header.size === size) return content;
  if ("close" in content) content.close();
  throw new ArchiveError(`cannot send ${found.path}: it changed from ${size} to ${header.size} bytes while it was being sent`);
}

const typeBits: Readonly<Record<FoundPath["type"], number>> = {
  file: 0,
  link: 0,
  directory: GoMode.directory,
  symlink: GoMode.symlink,
  fifo: GoMode.pipe,
  "character-device": GoMode.device + GoMode.characterDevice,
  "block-device": GoMode.device,
};

/** A directory of this machine. */
export class DirectorySource implements SyncSource {
  readonly #root: string;

  /** @param root - its path, without symbolic links. */
  constructor(root: string) {
    this.#root = root;
  }

  async *entries(request: SyncRequest): AsyncGenerator<readonly SyncEntry[], void, undefined> {
    const followed = request.followPaths.length > 0 ? await followPaths(this.#root, request.followPaths) : [];
    const includes = followed && [...request.includePatterns, ...followed];
    const ignore = new PathSelection(includes?.length === 0 ? undefined : includes, request.excludePatterns);
    /** The first sent name of each file that has several. */
    const sent = new Map<string, string>();
    for await (const list of walk({ root: this.#root, prefix: "", ignore })) yield list.map((found) => entryOf(found, sent));
  }
}

function entryOf(found: FoundPath, sent: Map<string, string>): SyncEntry {
  const { path, name, type } = found;
  // an asynchronous call takes five times as much of the processor, and a list has the entries of one directory
  const stats = statOf(path);
  const size = type === "file" ? Number(stats.size) : 0;
  const stat: Partial<Stat> = { path: name, mode: GoMode.of(Number(stats.mode)) + typeBits[type], size, modTime: stats.mtimeNs };
  const load = (): Promise<Buffer | EntryBody> => loadFile(found, size);
  if (type === "symlink") return { stat: { ...stat, linkname: stats.target }, load };
  if (type === "character-device" || type === "block-device") {
    const [devmajor, devminor] = deviceNumbers(Number(stats.rdev));
    return { stat: { ...stat, devmajor, devminor }, load };
  }
  if (type !== "file" || stats.nlink < 2n) return { stat, load };
  const inode = `${stats.dev}:${stats.ino}`;
  const first = sent.get(inode);
  if (first === undefined) sent.set(inode, name);
  return first === undefined ? { stat, load } : { stat: { ...stat, size: 0, linkname: first }, load };
}

function statOf(path: string) {
  try {
    const stats = lstatSync(path, { bigint: true });
    return Object.assign(stats, { target: stats.isSymbolicLink() ? readlinkSync(path) : "" });
  } catch (error) {
    throw packError(path, error);
  }
}

/** A directory with files from memory. */
export class MemorySource implements SyncSource {
  readonly #files: ReadonlyMap<string, Buffer>;

  /** @param files - the content of each file, by its name. */
  constructor(files: Readonly<Record<string, Buffer>>) {
    this.#files = new Map(Object.entries(files).sort(([a], [b]) => compareNames(a, b)));
  }

  async *entries({ includePatterns, excludePatterns }: SyncRequest): AsyncGenerator<readonly SyncEntry[], void, undefined> {
    const selection = new PathSelection(includePatterns.length === 0 ? undefined : includePatterns, excludePatterns);
    const names = [...this.#files.keys()].filter((name) => !selection.judge(name).ignored);
    yield await Promise.resolve(
      names.map((path) => {
        const content = this.#files.get(path) ?? Buffer.alloc(0);
        return { stat: { path, mode: 0o644, size: content.length }, load: () => Promise.resolve(content) };
      }),
    );
  }
}
