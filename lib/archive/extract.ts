import { constants } from "node:fs";
import { chmod, chown, type FileHandle, lchown, link, lutimes, open, readlink, symlink, unlink, utimes } from "node:fs/promises";
import type { Readable } from "node:stream";
import { ArchiveError } from "../errors/usage-errors.js";
import { ignoreErrors } from "../wire/quiet.js";
import type { ArchiveEntry, ArchiveEntryHeader } from "./open-entry.js";
import { readArchive } from "./read-archive.js";
import { componentsOf, TargetTree } from "./target-tree.js";
import { extractError } from "./errors.js";

/** Options of {@link extractTo}. */
export interface ExtractOptions {
  /** How many leading components of every name are dropped. Entries with nothing left are skipped. By default 0. */
  strip?: number | undefined;
  /** What takes the place of the first component that is left of every name. By default that stays. */
  rootName?: string | undefined;
  /** Tells which entries to extract. By default all. */
  filter?: ((entry: ArchiveEntryHeader) => boolean) | undefined;
  /** Whether files belong to the users and groups that the archive says, which only a superuser may ask for. By default false. */
  keepOwner?: boolean | undefined;
  /** Whether files keep their setuid and setgid bits. By default false. */
  keepSetuid?: boolean | undefined;
  /** What becomes of devices and named pipes, which are never made: skipped, or refused with an error. By default `skip`. */
  devices?: "skip" | "refuse" | undefined;
  /** Most bytes of content that the archive may hold. By default any number. */
  maxBytes?: number | undefined;
}

/** What an extraction has done. */
export interface ExtractSummary {
  /** Number of entries that were extracted. */
  entries: number;
  /** Bytes of content that were written. */
  bytes: number;
  /** Number of entries that were skipped: filtered or stripped away, devices and named pipes. */
  skipped: number;
}

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** Extracts entries into one target. */
class Extraction {
  readonly summary: ExtractSummary = { entries: 0, bytes: 0, skipped: 0 };
  readonly #tree: TargetTree;
  readonly #options: ExtractOptions;
  /** Directories get their modes and times last: a read-only one could not be filled, and filling one changes its time. */
  readonly #directories: { path: string; entry: ArchiveEntryHeader }[] = [];

  constructor(tree: TargetTree, options: ExtractOptions) {
    this.#tree = tree;
    this.#options = options;
  }

  async take(entry: ArchiveEntry): Promise<void> {
    const components = this.#place(entry.name);
    const made = components.length > 0 && (this.#options.filter?.(entry) ?? true) && (await this.#make(entry, components));
    this.summary[made ? "entries" : "skipped"]++;
  }

  async finish(): Promise<void> {
    for (const { path, entry } of this.#directories.reverse()) {
      try {
        if (this.#options.keepOwner) await chown(path, entry.uid, entry.gid);
        await chmod(path, this.#modeOf(entry));
        await utimes(path, entry.mtime, entry.mtime);
      } catch (error) {
        throw extractError(entry.name, error);
      }
    }
  }

  /** Where an entry of that name goes, by the options. */
  #place(name: string): string[] {
    const { strip = 0, rootName } = this.#options;
    const components = componentsOf(name).slice(strip);
    return rootName === undefined || components.length === 0 ? components : [...componentsOf(rootName), ...components.slice(1)];
  }

  #modeOf(entry: ArchiveEntryHeader): number {
    return this.#options.keepSetuid ? entry.mode : entry.mode & ~0o6000;
  }

  /** @returns whether there is something at the place now. */
  async #make(entry: ArchiveEntry, components: readonly string[]): Promise<boolean> {
    switch (entry.type) {
      case "directory":
        this.#directories.push({ path: await this.#tree.makeDirectory(entry.name, components), entry });
        return true;
      case "file":
        await this.#writeFile(entry, await this.#tree.vacate(entry.name, components));
        return true;
      case "symlink":
        await this.#makeSymlink(entry, entry.linkname ?? "", await this.#tree.vacate(entry.name, components));
        return true;
      case "link":
        await this.#makeLink(entry, components);
        return true;
      case undefined:
        throw new ArchiveError(`the archive's entry ${entry.name} is of an unknown kind`);
      default:
        if (this.#options.devices === "refuse") throw new ArchiveError(`the archive's entry ${entry.name} is a ${entry.type}`);
        return false;
    }
  }

  async #writeFile(entry: ArchiveEntry, path: string): Promise<void> {
    const limit = this.#options.maxBytes ?? Number.POSITIVE_INFINITY;
    if (this.summary.bytes + entry.size > limit)
      throw new ArchiveError(`the archive holds more than ${limit} bytes: ${entry.name}`);
    const file = await open(path, NEW_FILE, 0o600);
    try {
      await this.#fill(entry, file);
    } catch (error) {
      await unlink(path);
      throw error;
    } finally {
      await file.close();
    }
    this.summary.bytes += entry.size;
  }

  async #fill(entry: ArchiveEntry, file: FileHandle): Promise<void> {
    for await (const chunk of entry.chunks()) await file.writeFile(chunk);
    // a change of the owner takes setuid and setgid bits away, so that it comes before the mode
    if (this.#options.keepOwner) await file.chown(entry.uid, entry.gid);
    await file.chmod(this.#modeOf(entry));
    await file.utimes(entry.mtime, entry.mtime);
  }

  async #makeSymlink(entry: ArchiveEntry, target: string, path: string): Promise<void> {
    await symlink(target, path);
    if (this.#options.keepOwner) await lchown(path, entry.uid, entry.gid);
    await lutimes(path, entry.mtime, entry.mtime);
  }

  async #makeLink(entry: ArchiveEntry, components: readonly string[]): Promise<void> {
    const target = this.#place(entry.linkname ?? "");
    if (target.join("/") === components.join("/")) return;
    const { path, isLink } = await this.#tree.find(entry.name, target);
    const place = await this.#tree.vacate(entry.name, components);
    // some systems follow a symbolic link when they link to it
    if (isLink) await this.#makeSymlink(entry, await readlink(path), place);
    else await link(path, place);
  }
}

async function openTarget(tar: Readable, target: string): Promise<TargetTree> {
  try {
    return await TargetTree.open(target);
  } catch (error) {
    tar.destroy();
    throw error;
  }
}

/**
 * Extracts a tar archive into a directory.
 *
 * Modes and times are kept; owners and setuid bits on demand. Whatever the archive says, nothing outside the target is written, changed or
 * linked to: names and hard links that lead out of it are refused, and so is every path through a symbolic link, whether the archive
 * made it or it was there before. Symbolic links themselves are made as they are, and what is in an entry's place is replaced, not
 * written through. That another program turns a directory of the target into a link meanwhile is not guarded against.
 *
 * @param tar - the archive, not compressed. It is read as fast as the files can be written.
 * @param target - the directory; it is made when it is not there.
 * @param options - what to extract, and how.
 * @throws {@link ArchiveError} when the archive is damaged or cut off, an entry would lead out of the target, or cannot be written; it
 * names the entry. What was extracted before that stays.
 * @throws {@link InputStreamError} when the stream fails; an error of this package is passed on as it is.
 */
export async function extractTo(tar: Readable, target: string, options: ExtractOptions = {}): Promise<ExtractSummary> {
  tar.on("error", ignoreErrors); // a failure before the first read is reported by that read
  const extraction = new Extraction(await openTarget(tar, target), options);
  for await (const entry of readArchive(tar)) {
    try {
      await extraction.take(entry);
    } catch (error) {
      throw extractError(entry.name, error);
    }
  }
  await extraction.finish();
  return extraction.summary;
}
