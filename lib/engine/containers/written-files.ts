import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
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

  /** @param folder - holds a folder for each container. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Writes what a container wrote. The caller saves the record. */
  async keep(record: ContainerRecord, root: RootTree): Promise<void> {
    const folder = join(this.#folder, record.id);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const name = `${Number.parseInt(record.written ?? "0") + 1}.tar`;
    const path = join(folder, name);
    await pipeline(root.diff(), createWriteStream(`${path}.tmp`, { mode: 0o600 }));
    await rename(`${path}.tmp`, path);
    record.written = name;
  }

  /** Returns the archive of a container; undefined if it has written nothing yet. */
  async open({ id, written }: ContainerRecord): Promise<ContentSource | undefined> {
    if (written === undefined) return undefined;
    const folder = join(this.#folder, id);
    for (const name of await readdir(folder)) if (name !== written) await rm(join(folder, name));
    return { read: (from, to) => readPart(join(folder, written), from, to) };
  }

  /** Removes the archives of a container. */
  async remove(id: string): Promise<void> {
    await rm(join(this.#folder, id), { recursive: true, force: true });
  }
}

/** Streams a part of a file. */
function readPart(path: string, start = 0, to = Infinity): Readable {
  return to <= start ? Readable.from([]) : createReadStream(path, { start, end: to - 1 });
}
