import { FileError } from "./file-error.js";
import type { Location, MountPoint } from "./file-system.js";
import { type Credentials, EXECUTE, isAllowed } from "./permissions.js";
import type { FileStatus } from "./tree.js";
import { childPath, isWithin, lastPart, looseParts, NAME_MAX, parentPath, PATH_MAX } from "./tree-path.js";

/** The maximum number of symbolic links in a path. */
const MAX_LINKS = 40;

/** A file that was found. */
export interface FoundFile extends Location {
  /** The mount that holds it. */
  readonly mount: MountPoint;
  /** Its status; undefined if it does not exist. */
  readonly status: FileStatus | undefined;
}

/** A root tree and the trees mounted in it, and the way from a path to a file in one of them. */
export class MountTable {
  readonly #mounts = new Map<string, MountPoint>();

  /** @param root - the mount at `/`. */
  constructor(root: MountPoint) {
    this.#mounts.set("/", { ...root, path: "/" });
  }

  /**
   * Mounts a tree. It hides what is mounted at the path or below it.
   *
   * @param mount - its path is canonical, and leads to a file that exists.
   */
  add(mount: MountPoint): void {
    for (const path of [...this.#mounts.keys()]) if (isWithin(path, mount.path)) this.#mounts.delete(path);
    this.#mounts.set(mount.path, mount);
  }

  /** Unmounts the tree at a path. Returns false if none is mounted there. The root stays. */
  delete(path: string): boolean {
    return path !== "/" && this.#mounts.delete(path);
  }

  /** Returns all mounts, that of the root first. */
  list(): MountPoint[] {
    return [...this.#mounts.values()];
  }

  /** Returns the names of the mount points in a directory. */
  namesIn(directory: string): string[] {
    return [...this.#mounts.keys()].filter((path) => path !== "/" && parentPath(path) === directory).map(lastPart);
  }

  /** Returns whether a tree is mounted at a path or, with `below`, somewhere below it. */
  isBusy(absolute: string, below: boolean): boolean {
    if (this.#mounts.has(absolute)) return true;
    return below && [...this.#mounts.keys()].some((path) => isWithin(path, absolute));
  }

  /** Finds the tree that holds a path without links, and the path in it. */
  place(absolute: string): Location & { mount: MountPoint } {
    for (let at = absolute; ; at = parentPath(at)) {
      const mount = this.#mounts.get(at);
      if (!mount) continue;
      const rest = at === "/" ? absolute : absolute.slice(at.length) || "/";
      return { tree: mount.tree, path: rest, absolute, mount };
    }
  }

  /**
   * Finds a file. Its directory must exist, the file itself need not.
   *
   * @param path - the absolute path, possibly with links, `.` and `..`.
   * @param follow - whether to follow a link as the last part. A slash at the end does so, too.
   * @param scope - a directory without links in its path, in which paths and links start and which they do not leave. By default `/`.
   * @param user - who searches the directories. By default root.
   */
  async find(path: string, follow: boolean, scope = "/", user?: Credentials): Promise<FoundFile> {
    checkPath(path);
    const directory = /\/\.?$/.test(path);
    const rest = looseParts(path).reverse();
    let links = 0;
    let found = await this.#look(scope);
    for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
      if (!found.status) throw new FileError("ENOENT", path);
      if (found.status.kind !== "directory") throw new FileError("ENOTDIR", path);
      if (user && !isAllowed(found.status, user, EXECUTE)) throw new FileError("EACCES", path);
      if (Buffer.byteLength(part) > NAME_MAX) throw new FileError("ENAMETOOLONG", path);
      const { absolute } = found;
      if (part !== "..") found = await this.#look(childPath(absolute, part));
      else if (absolute !== scope) found = await this.#look(parentPath(absolute));
      if (found.status?.kind !== "symlink" || (rest.length === 0 && !follow && !directory)) continue;
      if (++links > MAX_LINKS) throw new FileError("ELOOP", path);
      const { target = "" } = found.status;
      if (target === "") throw new FileError("ENOENT", path);
      rest.push(...looseParts(target).reverse());
      found = await this.#look(target.startsWith("/") ? scope : absolute);
    }
    if (directory && found.status && found.status.kind !== "directory") throw new FileError("ENOTDIR", path);
    return found;
  }

  async #look(absolute: string): Promise<FoundFile> {
    const place = this.place(absolute);
    return { ...place, status: await place.tree.status(place.path) };
  }
}

function checkPath(path: string): void {
  if (path === "") throw new FileError("ENOENT", path);
  if (!path.startsWith("/") || path.includes("\0")) throw new FileError("EINVAL", path);
  if (Buffer.byteLength(path) >= PATH_MAX) throw new FileError("ENAMETOOLONG", path);
}
