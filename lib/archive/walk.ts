import type { Dirent } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { errorCode } from "../wire/realm.js";
import { packError } from "./errors.js";
import type { IgnoreMatcher, IgnoreVerdict } from "./ignore-file.js";
import { entryTypeOf, type FoundPath } from "./loaded-entry.js";

/** Settings of a walk. */
export interface Walk {
  /** The local directory. */
  root: string;
  /** The prefix of all entry names; empty, or ending with a slash. */
  prefix: string;
  /** Selects paths to leave out, relative to `root`. */
  ignore?: IgnoreMatcher | undefined;
  /** Paths below `root` that are always included. */
  always?: readonly string[] | undefined;
  /** A path below `root` that is always left out. */
  never?: string | undefined;
}

interface OpenDirectory {
  readonly path: string;
  readonly below: string;
  readonly entries: readonly Dirent[];
  /** The pending entry of an ignored directory, which is yielded once a path below it is not ignored. */
  pending: FoundPath | undefined;
  readonly verdict: IgnoreVerdict | undefined;
  next: number;
}

const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : 1);

function isUnreadable(error: unknown): boolean {
  const code = errorCode(error);
  return code === "EACCES" || code === "EPERM";
}

async function list(path: string, ignored: boolean): Promise<Dirent[]> {
  try {
    return (await readdir(path, { withFileTypes: true })).sort(byName);
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
export async function* walk({
  root,
  prefix,
  ignore,
  always = [],
  never,
}: Walk): AsyncGenerator<readonly FoundPath[], void, undefined> {
  const open = async (path: string, below: string, pending?: FoundPath, verdict?: IgnoreVerdict): Promise<OpenDirectory> => {
    return { path, below, entries: await list(path, pending !== undefined), pending, verdict, next: 0 };
  };
  const trail: OpenDirectory[] = [await open(root, "")];
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
