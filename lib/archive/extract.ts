import { constants } from "node:fs";
import { chmod, chown, type FileHandle, lchown, link, lutimes, open, readlink, symlink, unlink, utimes } from "node:fs/promises";
import type { Readable } from "node:stream";
import { quoted } from "../errors/quote.js";
import { ArchiveError } from "../errors/usage-errors.js";
import { ignoreErrors } from "../wire/quiet.js";
import { extractError } from "./errors.js";
import type { ArchiveEntry, ArchiveEntryHeader } from "./open-entry.js";
import { readArchive } from "./read-archive.js";
import { componentsOf, TargetTree } from "./target-tree.js";

/** Options for {@link extractTo}. */
export interface ExtractOptions {
  /** The number of leading components to strip from every name. Entries without remaining components are skipped. By default 0. */
  strip?: number | undefined;
  /** A replacement for the first remaining component of every name. By default, the component is kept. */
  rootName?: string | undefined;
  /** Selects the entries to extract. By default all. */
  filter?: ((entry: ArchiveEntryHeader) => boolean) | undefined;
  /** Whether to restore owners and groups from the archive, which requires root. Defaults to false. */
  keepOwner?: boolean | undefined;
  /** Whether to keep setuid and setgid bits. Defaults to false. */
  keepSetuid?: boolean | undefined;
  /**
   * How to handle devices and named pipes, which are never created: `skip` them (the default), or `refuse` them with an error.
   */
  devices?: "skip" | "refuse" | undefined;
  /** The maximum total size of the files, in bytes. No limit by default. */
  maxBytes?: number | undefined;
}

/** The summary of an extraction. */
export interface ExtractSummary {
  /** Number of extracted entries. */
  entries: number;
  /** Number of bytes of content written. */
  bytes: number;
  /** Number of skipped entries: filtered or stripped ones, devices and named pipes. */
  skipped: number;
}

const NEW_FILE = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL;

/** Extracts entries into one target. */
class Extraction {
  readonly summary: ExtractSummary = { entries: 0, bytes: 0, skipped: 0 };
  readonly #tree: TargetTree;
  readonly #options: ExtractOptions;
  /**
   * The extracted directories. Their modes and times are set last, because a read-only directory could not be filled, and filling
   * a directory changes its time.
   */
  readonly #directories: { components: readonly string[]; entry: ArchiveEntryHeader }[] = [];

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
    for (const { components, entry } of this.#directories.reverse()) {
      try {
        const path = await this.#tree.directory(entry.name, components);
        if (this.#options.keepOwner) await chown(path, entry.uid, entry.gid);
        await chmod(path, this.#modeOf(entry));
        await utimes(path, entry.mtime, entry.mtime);
      } catch (error) {
        throw extractError(quoted(entry.name), error);
      }
    }
  }

  /** Applies the options to the name of an entry. */
  #place(name: string): string[] {
    const { strip = 0, rootName } = this.#options;
    const components = componentsOf(name).slice(strip);
    return rootName === undefined || components.length === 0 ? components : [...componentsOf(rootName), ...components.slice(1)];
  }

  #modeOf(entry: ArchiveEntryHeader): number {
    return this.#options.keepSetuid ? entry.mode : entry.mode & ~0o6000;
  }

  /** @returns whether the entry was created. */
  async #make(entry: ArchiveEntry, components: readonly string[]): Promise<boolean> {
    switch (entry.type) {
      case "directory":
        await this.#tree.makeDirectory(entry.name, components);
        this.#directories.push({ components, entry });
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
        throw new ArchiveError(
          `archive entry ${quoted(entry.name)} has an unknown type; it may be a sparse file, which is not supported`,
        );
      default:
        if (this.#options.devices === "refuse")
          throw new ArchiveError(`archive entry ${quoted(entry.name)} is a ${entry.type}, which is not allowed`);
        return false;
    }
  }

  async #writeFile(entry: ArchiveEntry, path: string): Promise<void> {
    const limit = this.#options.maxBytes ?? Number.POSITIVE_INFINITY;
    if (this.summary.bytes + entry.size > limit)
      throw new ArchiveError(`the archive exceeds ${limit} bytes at ${quoted(entry.name)}`);
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
    // changing the owner clears setuid and setgid bits, so it comes before the mode
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
    // some systems follow symbolic links when they create hard links
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
 * Modes and times are kept; owners and setuid bits are kept on request. Nothing outside the target is ever written, changed or
 * linked to: names and hard links that lead outside are rejected, as is every path through a symbolic link, even one that existed
 * before the extraction. Symbolic links are created unchanged. Existing files are replaced, not overwritten in place. On Linux with `/proc`,
 * all this holds even if another program replaces directories in the target with links during the extraction. On other systems,
 * there is no protection against this.
 *
 * @param tar - the uncompressed archive. It is read with backpressure.
 * @param target - the directory; created if it does not exist.
 * @param options - settings for the extraction.
 * @throws {@link ArchiveError} when the archive is corrupt or cut off, or an entry would escape the target or cannot be written;
 * the message names the entry. Files that were already extracted remain.
 * @throws {@link InputStreamError} when the stream fails. If it fails with one of this package's errors, that error is thrown
 * unchanged.
 */
export async function extractTo(tar: Readable, target: string, options: ExtractOptions = {}): Promise<ExtractSummary> {
  tar.on("error", ignoreErrors); // if the stream has failed by then, the first read reports the failure
  const tree = await openTarget(tar, target);
  try {
    const extraction = new Extraction(tree, options);
    for await (const entry of readArchive(tar)) {
      try {
        await extraction.take(entry);
      } catch (error) {
        throw extractError(quoted(entry.name), error);
      }
    }
    await extraction.finish();
    return extraction.summary;
  } finally {
    await tree.close();
  }
}
