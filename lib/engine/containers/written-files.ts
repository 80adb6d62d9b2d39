import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type Durability, moveIntoPlace, removeOthers, temporaryPath } from "../../store/safe-files.js";
import type { ContentSource } from "../files/content-source.js";
import type { RootTree } from "../files/root-tree.js";
import type { ContainerRecord } from "./record.js";

/**
 * What containers wrote over the layers of their images, as archives that outlive the engine.
 *
 * Each time, a new archive is written, since files may still be read from the one before. The record of the container names the
 * archive that counts.
 */
export class WrittenFiles {
  readonly #folder: string;
  readonly #durability: Durability;
  /** The archives from which files are read. */
  readonly #opened = new Map<string, string>();

  private constructor(folder: string, durability: Durability) {
    this.#folder = folder;
    this.#durability = durability;
  }

  /**
   * Opens the archives in a folder, and removes those that no container has: an engine that was killed has left them.
   *
   * @param folder - holds a folder for each container.
   * @param records - the containers by ID.
   */
  static async open(
    folder: string,
    records: ReadonlyMap<string, ContainerRecord>,
    durability: Durability,
  ): Promise<WrittenFiles> {
    const files = new WrittenFiles(folder, durability);
    await removeOthers(folder, (id) => records.has(id));
    for (const id of await readdir(folder)) {
      const record = records.get(id);
      if (record) await files.settle(record);
    }
    return files;
  }

  /** Writes what a container wrote. The caller saves the record. */
  async keep(record: ContainerRecord, root: RootTree): Promise<void> {
    const folder = join(this.#folder, record.id);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const name = `${Number.parseInt(record.written ?? "0") + 1}.tar`;
    const temporary = temporaryPath(folder);
    try {
      await pipeline(root.diff(), createWriteStream(temporary, { mode: 0o600, flush: this.#durability === "power" }));
      await moveIntoPlace(temporary, join(folder, name), this.#durability);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    record.written = name;
  }

  /** Removes the archives of a container that neither its record nor open files need. */
  async settle({ id, written }: ContainerRecord): Promise<void> {
    const opened = this.#opened.get(id);
    await removeOthers(join(this.#folder, id), (name) => name === written || name === opened);
  }

  /** Returns the archive of a container; undefined if it has written nothing yet. */
  source({ id, written }: ContainerRecord): ContentSource | undefined {
    if (written === undefined) return undefined;
    this.#opened.set(id, written);
    const path = join(this.#folder, id, written);
    return { read: (from, to) => readPart(path, from, to) };
  }

  /** Removes the archives of a container. */
  async remove(id: string): Promise<void> {
    this.#opened.delete(id);
    await rm(join(this.#folder, id), { recursive: true, force: true });
  }
}

/** Streams a part of a file. */
function readPart(path: string, start = 0, to = Infinity): Readable {
  return to <= start ? Readable.from([]) : createReadStream(path, { start, end: to - 1 });
}
