import { Readable } from "node:stream";
import { isBytes } from "../../wire/realm.js";
import { openFifo } from "./fifo.js";
import { FileError } from "./file-error.js";
import type { FileSystem, Location, MountPoint, OpenFlags } from "./file-system.js";
import { type FoundFile, MountTable } from "./mount-table.js";
import { named, OpenedFile } from "./opened-file.js";
import { type Credentials, EXECUTE, isAllowed, isRemovable, mayGive, READ, WRITE } from "./permissions.js";
import type { FileChanges, FileStatus, NewFile, OpenFile, Tree } from "./tree.js";
import { childPath, compareNames, looseParts, parentPath } from "./tree-path.js";

/** Who uses and creates files. */
export interface FileOwner extends Credentials {
  /** The permission bits that new files do not get. The default is 0022. */
  readonly umask?: number;
}

/** The number of bytes that are read from a stream at once. */
const CHUNK = 65_536;

const missing = new Set(["EACCES", "ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG"]);

/** The permissions that the ways to open a file need. */
const needs: Readonly<Record<OpenFlags, number>> = {
  r: READ,
  "r+": READ | WRITE,
  w: WRITE,
  "w+": READ | WRITE,
  wx: WRITE,
  a: WRITE,
  "a+": READ | WRITE,
};

/** The files of a container: a root tree and the trees that are mounted in it. */
export class MountedFiles implements FileSystem {
  /** What is mounted where. All views of {@link MountedFiles.forOwner} share it. */
  readonly mounts: MountTable;
  readonly #owner: FileOwner;
  readonly #signal: AbortSignal | undefined;

  /**
   * @param mounts - the mounted trees.
   * @param owner - who uses the files and owns new ones. The default is root, which may do everything.
   * @param signal - ends what waits, such as the opening of a FIFO.
   */
  constructor(mounts: MountTable, owner: FileOwner = { uid: 0, gid: 0 }, signal?: AbortSignal) {
    this.mounts = mounts;
    this.#owner = owner;
    this.#signal = signal;
  }

  /** Returns the files of a tree without further mounts. */
  static of(root: Tree, readOnly = false): MountedFiles {
    return new MountedFiles(new MountTable({ path: "/", tree: root, readOnly }));
  }

  /** Returns a view of the same files for another user. */
  forOwner(owner: FileOwner): MountedFiles {
    return new MountedFiles(this.mounts, owner);
  }

  /**
   * Mounts a tree. Its mount point, which may lead through links, is created if it does not exist: a directory, or a file for a tree
   * whose root is not a directory. This is possible on read-only mounts, too.
   *
   * @returns the mount with its canonical path.
   */
  async mount(mount: MountPoint): Promise<MountPoint> {
    const isDirectory = (await mount.tree.status("/"))?.kind === "directory";
    const parts = looseParts(mount.path);
    let found = await this.mounts.find("/", true);
    for (const [index, part] of parts.entries()) {
      const path = childPath(found.absolute, part);
      found = await this.mounts.find(path, true); // a link that leads nowhere is created where it leads
      if (found.status) continue;
      const { tree, path: place } = found;
      if (isDirectory || index < parts.length - 1)
        await named(path, () => tree.makeDirectory(place, { mode: index < parts.length - 1 ? 0o755 : (mount.mode ?? 0o755) }));
      else await named(path, () => tree.create(place, { mode: 0o755 }));
    }
    const mounted = { ...mount, path: found.absolute };
    if ((found.status?.kind === "directory") !== isDirectory && found.status) throw new FileError("ENOTDIR", mount.path);
    this.mounts.add(mounted);
    return mounted;
  }

  async locate(path: string, follow = false): Promise<Location> {
    const { tree, path: place, absolute } = await this.#find(path, follow);
    return { tree, path: place, absolute };
  }

  async realPath(path: string): Promise<string> {
    return (await this.#existing(path, true)).absolute;
  }

  async stat(path: string): Promise<FileStatus> {
    return (await this.#existing(path, true)).status;
  }

  async lstat(path: string): Promise<FileStatus> {
    return (await this.#existing(path, false)).status;
  }

  async exists(path: string): Promise<boolean> {
    try {
      return (await this.#find(path, true)).status !== undefined;
    } catch (error) {
      if (error instanceof FileError && missing.has(error.code)) return false;
      throw error;
    }
  }

  async list(path: string): Promise<string[]> {
    const found = await this.#existing(path, true);
    if (found.status.kind !== "directory") throw new FileError("ENOTDIR", path);
    this.#check(found, path, READ);
    const names = await named(path, () => found.tree.list(found.path));
    return [...new Set([...names, ...this.mounts.namesIn(found.absolute)])].sort(compareNames);
  }

  async readFile(path: string): Promise<Buffer> {
    const stream = await this.read(path);
    return named(path, async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
      return Buffer.concat(chunks);
    });
  }

  async read(path: string): Promise<Readable> {
    const found = await this.#existing(path, true);
    if (found.status.kind === "directory") throw new FileError("EISDIR", path);
    if (found.status.kind === "fifo") return streamOf(await this.open(path, "r"));
    this.#check(found, path, READ);
    return found.tree.read(found.path);
  }

  async writeFile(path: string, content: string | Uint8Array | Readable, file?: Partial<NewFile>): Promise<void> {
    const opened = await this.open(path, "w", file);
    try {
      if (typeof content === "string") await opened.write(Buffer.from(content));
      else if (isBytes(content)) await opened.write(content);
      else for await (const chunk of content as AsyncIterable<Uint8Array>) await opened.write(chunk);
    } finally {
      await opened.close();
    }
  }

  async open(path: string, flags: OpenFlags, file: Partial<NewFile> = {}): Promise<OpenFile> {
    const creates = flags.startsWith("w") || flags.startsWith("a");
    const found = await this.#find(path, flags !== "wx");
    if (!found.status && !creates) throw new FileError("ENOENT", path);
    if (found.status && flags === "wx") throw new FileError("EEXIST", path);
    if (found.status?.kind === "directory" || (!found.status && path.endsWith("/"))) throw new FileError("EISDIR", path);
    if (found.status) this.#check(found, path, needs[flags]);
    else await this.#checkParent(found, path);
    // devices and FIFOs are written on read-only mounts, too
    if (flags !== "r" && found.mount.readOnly && !isDevice(found.status?.kind)) throw new FileError("EROFS", path);
    const { status, tree } = found;
    if (status?.kind === "fifo") {
      const fifo = { tree, path: found.path, inode: status.inode };
      return new OpenedFile(await openFifo(fifo, flags, path, this.#signal), flags, path);
    }
    return named(path, async () => {
      if (!found.status) await found.tree.create(found.path, this.#newFile(file, 0o666));
      const opened = new OpenedFile(await found.tree.open(found.path), flags, path);
      if (found.status && flags.startsWith("w")) await opened.truncate(0);
      return opened;
    });
  }

  async makeDirectory(path: string, options: Partial<NewFile> & { parents?: boolean } = {}): Promise<void> {
    const { parents = false, ...file } = options;
    if (parents) {
      let at = "/";
      for (const part of looseParts(path)) {
        at = childPath(at, part);
        const found = await this.#find(at, true);
        if (!found.status) await this.#makeDirectory(at, file);
        else if (found.status.kind !== "directory") throw new FileError(at.length < path.length ? "ENOTDIR" : "EEXIST", path);
      }
      return;
    }
    await this.#makeDirectory(path, file);
  }

  async makeLink(target: string, path: string): Promise<void> {
    if (target === "") throw new FileError("ENOENT", path);
    await this.#creating(path, (tree, place) => tree.makeLink(place, target, this.#newFile({}, 0o777)));
  }

  async link(existing: string, path: string): Promise<void> {
    const source = await this.#existing(existing, false);
    const target = await this.#find(path, false);
    if (target.status) throw new FileError("EEXIST", path);
    if (source.status.kind === "directory") throw new FileError("EPERM", existing);
    if (source.mount !== target.mount) throw new FileError("EXDEV", path);
    await this.#creating(path, (tree, place) => tree.link(place, source.path));
  }

  async makeFifo(path: string, mode?: number): Promise<void> {
    await this.#creating(path, (tree, place) =>
      tree.makeNode(place, "fifo", this.#newFile(mode === undefined ? {} : { mode }, 0o666)),
    );
  }

  async change(path: string, changes: FileChanges, follow = true): Promise<void> {
    const found = writable(await this.#existing(path, follow), path);
    this.#checkChange(found, path, changes);
    await named(path, () => found.tree.change(found.path, changes));
  }

  async remove(path: string, options: { recursive?: boolean } = {}): Promise<void> {
    const found = await this.#find(path, false);
    const recursive = options.recursive === true;
    if (!found.status) {
      if (recursive) return;
      throw new FileError("ENOENT", path);
    }
    const { status, tree, absolute } = found;
    if (recursive && status.kind === "directory")
      for (const name of await this.list(absolute)) await this.remove(childPath(absolute, name), options);
    if (this.mounts.isBusy(absolute, true)) throw new FileError("EBUSY", path);
    await this.#checkParent(found, path);
    writable(found, path);
    await named(path, () => tree.remove(found.path));
  }

  async rename(from: string, to: string): Promise<void> {
    const source = await this.#existing(from, false);
    const target = await this.#find(to, false);
    if (this.mounts.isBusy(source.absolute, true)) throw new FileError("EBUSY", from);
    if (this.mounts.isBusy(target.absolute, true)) throw new FileError("EBUSY", to);
    if (source.mount !== target.mount) throw new FileError("EXDEV", to);
    if (to.endsWith("/") && source.status.kind !== "directory") throw new FileError("ENOTDIR", to);
    await this.#checkParent(source, from);
    await this.#checkParent(target, to);
    writable(source, from);
    await named(to, () => source.tree.rename(source.path, target.path));
  }

  async #existing(path: string, follow: boolean): Promise<FoundFile & { status: FileStatus }> {
    const found = await this.#find(path, follow);
    if (!found.status) throw new FileError("ENOENT", path);
    return { ...found, status: found.status };
  }

  #find(path: string, follow: boolean): Promise<FoundFile> {
    return this.mounts.find(path, follow, "/", this.#owner);
  }

  /** Checks what the user may do with a file. */
  #check({ status }: FoundFile, path: string, wanted: number): void {
    if (status && !isAllowed(status, this.#owner, wanted)) throw new FileError("EACCES", path);
  }

  /** Checks that the user may create, remove or rename a file. */
  async #checkParent({ absolute, status }: FoundFile, path: string): Promise<void> {
    if (this.#owner.uid === 0) return;
    const parent = await this.mounts.find(parentPath(absolute), true);
    this.#check(parent, path, WRITE | EXECUTE);
    if (status && parent.status && !isRemovable(parent.status, status, this.#owner)) throw new FileError("EPERM", path);
  }

  /** Checks that the user may change attributes. Who may write to a file may set its time. */
  #checkChange(found: FoundFile & { status: FileStatus }, path: string, { mtime, ...changes }: FileChanges): void {
    const { status } = found;
    const { uid } = this.#owner;
    if (uid === 0) return;
    const isOwn = uid === status.uid;
    const needsOwner = changes.mode !== undefined || changes.attributes !== undefined;
    if (!mayGive(status, this.#owner, changes) || (needsOwner && !isOwn)) throw new FileError("EPERM", path);
    if (mtime !== undefined && !isOwn) this.#check(found, path, WRITE);
  }

  #newFile(file: Partial<NewFile>, mode: number): NewFile {
    const { uid, gid, umask = 0o022 } = this.#owner;
    return { uid, gid, ...file, mode: file.mode ?? mode & ~umask };
  }

  async #makeDirectory(path: string, file: Partial<NewFile>): Promise<void> {
    await this.#creating(path, (tree, place) => tree.makeDirectory(place, this.#newFile(file, 0o777)), true);
  }

  /** Creates a file where none is. */
  async #creating(path: string, make: (tree: Tree, place: string) => Promise<void>, directory = false): Promise<void> {
    const found = await this.#find(directory ? path.replace(/\/+$/, "") || "/" : path, false);
    if (found.status) throw new FileError("EEXIST", path);
    if (path.endsWith("/") && !directory) throw new FileError("ENOENT", path);
    await this.#checkParent(found, path);
    writable(found, path);
    await named(path, () => make(found.tree, found.path));
  }
}

const isDevice = (kind: FileStatus["kind"] | undefined): boolean => kind === "character" || kind === "fifo";

/** Returns what is read from a file without positions, to its end. */
function streamOf(file: OpenFile): Readable {
  async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
    try {
      for (let data = await file.read(0, CHUNK); data.length > 0; data = await file.read(0, CHUNK)) yield data;
    } finally {
      await file.close();
    }
  }
  return Readable.from(chunks(), { objectMode: false });
}

/** Checks that a file is not on a read-only mount. */
function writable<T extends FoundFile>(found: T, path: string): T {
  if (found.mount.readOnly) throw new FileError("EROFS", path);
  return found;
}
