import { posix } from "node:path";
import type { Readable } from "node:stream";
import type { ArchiveEntry } from "../../archive/open-entry.js";
import { readArchive } from "../../archive/read-archive.js";
import { quoted } from "../../errors/quote.js";
import { parseJson } from "../bounded-json.js";
import { badRequest, refusalIn } from "../engine-error.js";
import { archiveFault } from "../files/archive-fault.js";
import type { BlobStore } from "./blobs.js";
import { CONFIG_LIMIT } from "./image-config.js";
import type { LayerHold } from "./layers.js";

/** The most bytes of JSON files in an archive. */
const JSON_LIMIT = 64 * 1024 * 1024;

/** The most files in an archive. */
const FILES_LIMIT = 20_000;

/** The most links from one file to another. */
const LINKS_LIMIT = 16;

/** Normalizes the name of an entry. @throws {@link EngineError} when it leads outside the archive. */
function inside(name: string): string {
  const path = posix.normalize(name).replace(/^\.\//, "").replace(/\/$/, "");
  if (path.startsWith("/") || path === ".." || path.startsWith("../") || name.includes("\0")) {
    throw badRequest(`invalid archive: ${quoted(name)} leads outside the archive`);
  }
  return path;
}

/** The files of an image archive: JSON files in memory, all others as blobs. */
export class ArchiveFiles {
  readonly #blobs: BlobStore;
  readonly #hold: LayerHold;
  readonly #json = new Map<string, Buffer>();
  readonly #digests = new Map<string, string>();
  readonly #links = new Map<string, string>();
  #jsonSize = 0;

  private constructor(blobs: BlobStore, hold: LayerHold) {
    this.#blobs = blobs;
    this.#hold = hold;
  }

  /**
   * Reads an archive to its end.
   *
   * @param tar - the archive, uncompressed.
   * @param blobs - where the files are stored that are not JSON.
   * @param hold - holds these blobs.
   * @throws {@link EngineError} with status 400 when it is not an archive, leads outside itself, or is too large.
   */
  static async read(tar: Readable, blobs: BlobStore, hold: LayerHold): Promise<ArchiveFiles> {
    const files = new ArchiveFiles(blobs, hold);
    let count = 0;
    try {
      for await (const entry of readArchive(tar)) {
        if (++count > FILES_LIMIT) throw badRequest(`invalid archive: more than ${FILES_LIMIT} files`);
        await files.#take(entry);
      }
    } catch (error) {
      throw refusalIn(error) ?? archiveFault(400, "invalid archive", error);
    }
    return files;
  }

  /** The digests of the files that were stored as blobs. */
  get digests(): Iterable<string> {
    return new Set(this.#digests.values());
  }

  /** Returns whether there is a file at a path. */
  has(path: string): boolean {
    const target = this.#resolve(path);
    return this.#json.has(target) || this.#digests.has(target);
  }

  /** Returns the paths of all files that are JSON. */
  paths(): string[] {
    return [...this.#json.keys()];
  }

  /** Returns a JSON file. @throws {@link EngineError} with status 400 when there is none. */
  json(path: string): Buffer {
    const content = this.#json.get(this.#resolve(path));
    if (!content) throw badRequest(`invalid archive: ${quoted(path)} is missing or not a JSON file`);
    return content;
  }

  /** Returns the value of a JSON file. @throws {@link EngineError} with status 400 when there is none. */
  parse(path: string): unknown {
    const content = this.json(path);
    try {
      return parseJson(content.toString());
    } catch (cause) {
      throw badRequest(`invalid archive: ${quoted(path)} is not JSON`, cause);
    }
  }

  /**
   * Returns the digest of a file in the blob store.
   *
   * @throws {@link EngineError} with status 400 when there is no such file.
   */
  async blob(path: string): Promise<string> {
    const target = this.#resolve(path);
    const json = this.#json.get(target);
    const digest = json ? (await this.#blobs.write(json)).digest : this.#digests.get(target);
    if (digest === undefined) throw badRequest(`invalid archive: ${quoted(path)} is missing`);
    this.#digests.set(target, digest);
    this.#hold.keep(digest);
    return digest;
  }

  async #take(entry: ArchiveEntry): Promise<void> {
    const path = inside(entry.name);
    if (entry.type === "symlink") this.#links.set(path, inside(posix.join(posix.dirname(path), entry.linkname ?? "")));
    else if (entry.type === "link") this.#links.set(path, inside(entry.linkname ?? ""));
    else if (entry.type === "file") await this.#takeFile(path, entry);
    else if (entry.type !== "directory") throw badRequest(`invalid archive: ${quoted(entry.name)} is not a file`);
  }

  async #takeFile(path: string, entry: ArchiveEntry): Promise<void> {
    const chunks = entry.chunks();
    const first = await chunks.next();
    const head = first.done ? Buffer.alloc(0) : first.value;
    const isSmall = entry.size <= CONFIG_LIMIT && this.#jsonSize + entry.size <= JSON_LIMIT;
    const isJson = isSmall && (/^\s*[[{]/.test(head.toString("latin1", 0, 64)) || entry.size < 64);
    async function* all(): AsyncGenerator<Buffer, void, undefined> {
      yield head;
      yield* chunks;
    }
    this.#links.delete(path);
    if (!isJson) {
      const { digest } = await this.#blobs.write(all());
      this.#hold.keep(digest);
      this.#digests.set(path, digest);
      return;
    }
    const parts: Buffer[] = [];
    for await (const chunk of all()) parts.push(chunk);
    this.#jsonSize += entry.size;
    this.#json.set(path, Buffer.concat(parts));
  }

  /** Follows links. */
  #resolve(path: string): string {
    let at = inside(path);
    for (let steps = 0; steps < LINKS_LIMIT; steps += 1) {
      const target = this.#links.get(at);
      if (target === undefined) return at;
      at = target;
    }
    throw badRequest(`invalid archive: too many links from ${quoted(path)}`);
  }
}
