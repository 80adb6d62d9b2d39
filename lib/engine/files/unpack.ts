import type { Readable } from "node:stream";
import { type DetailedEntry, readDetails } from "../../archive/read-details.js";
import { quoted } from "../../errors/quote.js";
import { EngineError } from "../engine-error.js";
import { FileError } from "./file-error.js";
import type { FoundFile } from "./mount-table.js";
import type { MountedFiles } from "./mounted-files.js";
import { archivePath } from "./pack-path.js";
import type { NewFile } from "./tree.js";
import { insideParts } from "./tree-path.js";

/** Settings of {@link unpackInto}. */
export interface UnpackOptions {
  /** Whether it is an error to replace a directory by another file, or another file by a directory. The default is false. */
  readonly noOverwriteDirNonDir?: boolean;
  /** The owner of all unpacked files. By default, owners come from the archive. */
  readonly owner?: { readonly uid: number; readonly gid: number };
}

/** An archive that is being unpacked. */
class Unpacking {
  readonly #files: MountedFiles;
  readonly #root: string;
  readonly #options: UnpackOptions;
  /** The times of directories, which are set last, because unpacking into a directory changes its time. */
  readonly #times = new Map<string, bigint>();

  constructor(files: MountedFiles, root: string, options: UnpackOptions) {
    this.#files = files;
    this.#root = root;
    this.#options = options;
  }

  async run(tar: Readable): Promise<void> {
    for await (const entry of readDetails(tar)) await this.#take(entry);
    for (const [path, mtime] of this.#times) await this.#files.change(path, { mtime });
  }

  async #take(entry: DetailedEntry): Promise<void> {
    const parts = insideParts(entry.name);
    if (!parts) throw new EngineError(500, `invalid entry name ${quoted(entry.name)}`);
    if (parts.length === 0) return;
    await this.#makeParents(parts.slice(0, -1));
    const found = await this.#find(parts);
    if (await this.#makesRoom(entry, found)) await this.#create(entry, found);
  }

  /** Finds the place of an entry. Links among its directories are followed within the destination. */
  #find(parts: readonly string[]): Promise<FoundFile> {
    return this.#files.mounts.find(`/${parts.join("/")}`, false, this.#root);
  }

  async #makeParents(parts: readonly string[]): Promise<void> {
    for (let count = 1; count <= parts.length; count++) {
      const path = `/${parts.slice(0, count).join("/")}`;
      const found = await this.#files.mounts.find(path, true, this.#root);
      if (found.status) continue;
      checkWritable(found);
      await found.tree.makeDirectory(found.path, { mode: 0o755 });
    }
  }

  /** Removes what an entry replaces. Returns false for a directory that exists and only gets new attributes. */
  async #makesRoom(entry: DetailedEntry, { status, absolute }: FoundFile): Promise<boolean> {
    const isDirectory = entry.type === "directory";
    if (!status) return true;
    const wasDirectory = status.kind === "directory";
    if (this.#options.noOverwriteDirNonDir && wasDirectory !== isDirectory) {
      const [was, is] = wasDirectory ? ["directory", "non-directory"] : ["non-directory", "directory"];
      throw new EngineError(
        500,
        `cannot overwrite ${was} ${quoted(entry.name.replace(/\/+$/, ""))} with ${is} ${quoted(this.#root)}`,
      );
    }
    if (wasDirectory && isDirectory) {
      const { mtime = 0n, ...attributes } = this.#attributes(entry);
      await this.#files.change(absolute, attributes);
      this.#times.set(absolute, mtime);
      return false;
    }
    await this.#files.remove(absolute, { recursive: true });
    for (const path of this.#times.keys()) if (path === absolute || path.startsWith(`${absolute}/`)) this.#times.delete(path);
    return true;
  }

  async #create(entry: DetailedEntry, found: FoundFile): Promise<void> {
    checkWritable(found);
    const { tree, path, absolute } = found;
    const file = this.#attributes(entry);
    switch (entry.type) {
      case "directory":
        await tree.makeDirectory(path, file);
        this.#times.set(absolute, entry.mtimeNanoseconds);
        return;
      case "file":
        return tree.create(path, file, entry.content);
      case "symlink":
        return tree.makeLink(path, entry.linkname ?? "", file);
      case "link":
        return this.#link(entry, path, absolute);
      case "fifo":
        return tree.makeNode(path, "fifo", file);
      case "character-device":
        return tree.makeNode(path, "character", file, entry.device);
      case "block-device":
        return tree.makeNode(path, "block", file, entry.device);
      case undefined:
        throw new EngineError(500, `unhandled tar header type of ${quoted(entry.name)}`);
    }
  }

  async #link(entry: DetailedEntry, path: string, absolute: string): Promise<void> {
    const parts = insideParts(entry.linkname ?? "");
    if (!parts) throw new EngineError(500, `invalid hardlink target ${quoted(entry.linkname ?? "")}`);
    const target = await this.#find(parts);
    const place = this.#files.mounts.place(absolute);
    if (!target.status) throw new FileError("ENOENT", target.absolute);
    if (target.mount !== place.mount) throw new FileError("EXDEV", absolute);
    await place.tree.link(path, target.path);
  }

  #attributes(entry: DetailedEntry): NewFile {
    const { mode, mtimeNanoseconds: mtime, attributes } = entry;
    const { uid, gid } = this.#options.owner ?? entry;
    return { mode, uid, gid, mtime, ...(attributes && { attributes }) };
  }
}

/** Checks that a file is not on a read-only mount below the destination. */
function checkWritable({ mount, absolute }: FoundFile): void {
  if (mount.readOnly) throw new FileError("EROFS", absolute);
}

/**
 * Unpacks an archive into a directory of a container, as `PUT /containers/{id}/archive` does. Names and links of the archive never leave
 * the directory.
 *
 * @param files - the files of the container.
 * @param path - the path of the directory as the request has it. Links in it are followed.
 * @param tar - the uncompressed archive.
 * @param options - what may be replaced, and owners.
 * @throws {@link EngineError} when the path is not a directory or is read-only, or an entry of the archive is invalid.
 * @throws {@link FileError} when the path does not exist, or a file cannot be created.
 * @throws {@link ArchiveError} when the archive is corrupt or cut off. What came before is unpacked.
 */
export async function unpackInto(files: MountedFiles, path: string, tar: Readable, options: UnpackOptions = {}): Promise<void> {
  const found = await files.mounts.find(archivePath(path).lookup, true);
  if (!found.status) throw new FileError("ENOENT", path);
  if (found.status.kind !== "directory") throw new EngineError(400, "extraction point is not a directory");
  if (found.mount.readOnly) {
    const what = found.mount.path === "/" ? "container rootfs" : "mounted volume";
    throw new EngineError(400, `${what} is marked read-only`);
  }
  await new Unpacking(files, found.absolute, options).run(tar);
}
