import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { errorCode } from "../wire/realm.js";
import { packError } from "./errors.js";
import { entryTypeOf, type FoundPath } from "./loaded-entry.js";

/** The verdict of a filter on a path, which the filter gets again for the paths below it. */
export interface PathVerdict {
  /** Whether the path is left out. */
  readonly ignored: boolean;
}

/** Selects the paths of a tree to leave out. */
export interface PathFilter<V extends PathVerdict = PathVerdict> {
  /** Judges a path, given the verdict on its parent directory; undefined for entries of the root. */
  judge(path: string, parent?: V): V;
  /** Whether a directory that is left out has to be walked, because a path below it may not be left out. */
  mayIncludeBelow(directory: string): boolean;
}

/** Settings of a walk. */
export interface Walk<V extends PathVerdict = PathVerdict> {
  /** The local directory. */
  root: string;
  /** The prefix of all entry names; empty, or ending with a slash. */
  prefix: string;
  /** Selects paths to leave out, relative to `root`. */
  ignore?: PathFilter<V> | undefined;
  /** Paths below `root` that are always included. */
  always?: readonly string[] | undefined;
  /** A path below `root` that is always left out. */
  never?: string | undefined;
}

interface OpenDirectory<V> {
  readonly path: string;
  readonly below: string;
  readonly entries: readonly Dirent[];
  /** The pending entry of an ignored directory, which is yielded once a path below it is not ignored. */
  pending: FoundPath | undefined;
  readonly verdict: V | undefined;
  next: number;
}

/** Matches names that UTF-16 and UTF-8 may order differently. */
const surrogate = /[\ud800-\udfff]/;

/** Compares names by their bytes in UTF-8, the order in which other programs list directories. */
export function compareNames(a: string, b: string): number {
  if (surrogate.test(a) || surrogate.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : Number(a > b);
}

function isUnreadable(error: unknown): boolean {
  const code = errorCode(error);
  return code === "EACCES" || code === "EPERM";
}

async function list(path: string, ignored: boolean): Promise<Dirent[]> {
  try {
    return (await readdir(path, { withFileTypes: true })).sort((a, b) => compareNames(a.name, b.name));
  } catch (error) {
    // an ignored directory is read only for possible exceptions; a missing permission is not an error
    if (ignored && isUnreadable(error)) return [];
    throw packError(path, error);
  }
}

/**
 * Finds one path, without following a symbolic link.
 *
 * @returns undefined for a socket.
 * @throws {@link ArchiveError} when it does not exist or cannot be read.
 */
export async function findPath(path: string, name: string): Promise<FoundPath | undefined> {
  try {
    const type = entryTypeOf(await lstat(path));
    return type && { path, name, type };
  } catch (error) {
    throw packError(path, error);
  }
}

/**
 * Walks a directory tree, parents before children, sorted by name. The root itself is not yielded.
 *
 * @returns the found paths, in consecutive lists.
 * @throws {@link ArchiveError} when a directory cannot be listed.
 */
export async function* walk<V extends PathVerdict>({
  root,
  prefix,
  ignore,
  always = [],
  never,
}: Walk<V>): AsyncGenerator<readonly FoundPath[], void, undefined> {
  const open = async (path: string, below: string, pending?: FoundPath, verdict?: V): Promise<OpenDirectory<V>> => {
    return { path, below, entries: await list(path, pending !== undefined), pending, verdict, next: 0 };
  };
  const trail: OpenDirectory<V>[] = [await open(root, "")];
  let found: FoundPath[] = [];
  for (let directory = trail.at(-1); directory; directory = trail.at(-1)) {
    const entry = directory.entries[directory.next++];
    if (!entry) {
      trail.pop();
      continue;
    }
    const type = entryTypeOf(entry);
    const below = directory.below + entry.name;
    if (!type || below === never) continue;
    const here: FoundPath = { path: `${directory.path}/${entry.name}`, name: prefix + below, type };
    const verdict = ignore?.judge(below, directory.verdict);
    const ignored = verdict?.ignored === true && !always.includes(below);
    if (!ignored) {
      for (const parent of trail) {
        if (parent.pending) found.push(parent.pending);
        parent.pending = undefined;
      }
      found.push(here);
    }
    if (type !== "directory") continue;
    if (ignored && !ignore?.mayIncludeBelow(below) && !always.some((path) => path.startsWith(`${below}/`))) continue;
    if (found.length > 0) yield found;
    found = [];
    trail.push(await open(here.path, `${below}/`, ignored ? here : undefined, verdict));
  }
  if (found.length > 0) yield found;
}
