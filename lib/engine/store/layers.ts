import { createHash } from "node:crypto";
import { PassThrough, Readable } from "node:stream";
import { readArchive } from "../../archive/read-archive.js";
import type { Records } from "../../store/records.js";
import { handled } from "../../wire/quiet.js";
import { archiveFault } from "../files/archive-fault.js";
import { type BlobStore, checkedDigest, hexOf, type StoredBlob } from "./blobs.js";
import { decompress, sniff } from "./decompress.js";
import { counted } from "./progress.js";

/** A layer in compressed form. */
export interface CompressedLayer {
  /** Digest of the compressed bytes. */
  readonly digest: string;
  /** Their number. */
  readonly size: number;
  /** Their compression. */
  readonly compression: "gzip" | "zstd";
}

/** A layer of images. */
export interface Layer {
  /** Digest of the uncompressed archive, under which it is in the blob store. */
  readonly diffId: string;
  /** Size of the files in it, in bytes, as Docker counts it. */
  readonly size: number;
  /** Size of the uncompressed archive, in bytes. */
  readonly archiveSize: number;
  /** The compressed forms that were pulled or pushed. They are kept, so that a push sends the bytes that were pulled. */
  readonly compressed: readonly CompressedLayer[];
}

/** Returns the chain IDs of layers, lowest first: each stands for a layer on top of those below it. */
export function chainIds(diffIds: readonly string[]): string[] {
  const chain: string[] = [];
  for (const diffId of diffIds) {
    const below = chain.at(-1);
    const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
    chain.push(below === undefined ? diffId : `sha256:${hash(`${below} ${diffId}`)}`);
  }
  return chain;
}

/** Counts the size of the files in an archive, as a file system does: a symbolic link has the length of its target. */
async function contentSize(archive: Readable): Promise<number> {
  let size = 0;
  try {
    for await (const { size: length, type, linkname = "" } of readArchive(archive)) {
      size += type === "symlink" ? Buffer.byteLength(linkname) : length;
    }
  } catch (error) {
    throw archiveFault(500, "invalid layer", error);
  }
  return size;
}

/** Layers that a pull, load or build in progress needs, although no image has them yet. */
export class LayerHold implements Disposable {
  readonly #held: Map<string, number>;
  readonly #mine: string[] = [];

  /** @param held - the number of holds by layer. */
  constructor(held: Map<string, number>) {
    this.#held = held;
  }

  /** Holds a layer, whether it exists already or not. */
  keep(diffId: string): void {
    this.#mine.push(diffId);
    this.#held.set(diffId, (this.#held.get(diffId) ?? 0) + 1);
  }

  /** Ends the hold. Layers that have no image by then go with the next collection. */
  [Symbol.dispose](): void {
    for (const diffId of this.#mine.splice(0)) {
      const left = (this.#held.get(diffId) ?? 1) - 1;
      if (left > 0) this.#held.set(diffId, left);
      else this.#held.delete(diffId);
    }
  }
}

/** What {@link LayerStore} needs to know. */
export interface LayerStoreOptions {
  /** Returns whether a blob belongs to something else than a layer. */
  readonly isNamed: (digest: string) => boolean;
  /** The most bytes that a layer may have when it is decompressed. */
  readonly unpackedLimit: number;
}

/** The layers in a data root. */
export class LayerStore {
  readonly #blobs: BlobStore;
  readonly #records: Records<Layer>;
  readonly #options: LayerStoreOptions;
  readonly #held = new Map<string, number>();

  /**
   * @param blobs - the blobs.
   * @param records - the layers by the digests of their uncompressed archives.
   * @param options - what the layers do not know themselves.
   */
  constructor(blobs: BlobStore, records: Records<Layer>, options: LayerStoreOptions) {
    this.#blobs = blobs;
    this.#records = records;
    this.#options = options;
  }

  /** Returns a layer by the digest of its uncompressed archive. */
  get(diffId: string): Layer | undefined {
    return this.#records.get(diffId);
  }

  /** Returns all layers. */
  all(): Iterable<Layer> {
    return this.#records.all().values();
  }

  /** Returns the layer that has this compressed form, if any. */
  withCompressed(digest: string): Layer | undefined {
    for (const layer of this.all()) if (layer.compressed.some((form) => form.digest === digest)) return layer;
    return undefined;
  }

  /** Starts to hold layers, so that no removal of an image takes them away before their own image exists. */
  hold(): LayerHold {
    return new LayerHold(this.#held);
  }

  /** Streams the uncompressed archive of a layer. */
  open(diffId: string): Readable {
    return this.#blobs.read(diffId);
  }

  /**
   * Stores a layer.
   *
   * @param content - its archive, uncompressed or compressed.
   * @param hold - holds the layer until its image exists.
   * @param expected - the digests that the given and the uncompressed bytes must have.
   * @throws {@link DigestMismatchError} when they have others.
   * @throws {@link EngineError} when the content is not an archive.
   */
  async add(
    content: AsyncIterable<Buffer>,
    hold: LayerHold,
    expected: { digest?: string | undefined; diffId?: string | undefined } = {},
  ): Promise<Layer> {
    const { digest } = await this.#blobs.write(content, expected.digest);
    try {
      const layer = await this.adopt(digest, hold, expected.diffId);
      await this.discard(digest);
      return layer;
    } catch (error) {
      await this.discard(digest);
      throw error;
    }
  }

  /**
   * Makes a layer of a blob that is in the store already.
   *
   * @param digest - digest of the blob: an archive, uncompressed or compressed.
   * @param hold - holds the layer until its image exists.
   * @param diffId - the digest that the uncompressed archive must have.
   * @param report - receives the number of bytes of the blob that were read.
   */
  async adopt(
    digest: string,
    hold: LayerHold,
    diffId?: string,
    report: (current: number) => void = () => undefined,
  ): Promise<Layer> {
    const known = this.#records.get(digest) ?? this.withCompressed(digest);
    if (known && (diffId === undefined || diffId === known.diffId)) {
      hold.keep(known.diffId);
      return known;
    }
    const blob = counted(this.#blobs.read(digest) as AsyncIterable<Buffer>, report);
    const { compression, content } = await sniff(blob);
    if (compression !== "none") {
      const isKept = compression === "gzip" || compression === "zstd";
      const form = isKept ? { digest, size: await this.#blobs.size(digest), compression } : undefined;
      return this.#register(
        await this.#unpack(decompress(content, compression, this.#options.unpackedLimit), hold, diffId),
        form,
      );
    }
    checkedDigest(hexOf(digest) ?? "", diffId);
    hold.keep(digest);
    const size = await contentSize(Readable.from(content, { objectMode: false }));
    return this.#register({ diffId: digest, size, archiveSize: await this.#blobs.size(digest), compressed: [] });
  }

  /** Adds a compressed form, in which a layer was pushed, to the layer. */
  async addForm(layer: Layer, form: CompressedLayer): Promise<void> {
    await this.#register(layer, form);
  }

  /** Removes a blob that was stored for a layer, unless an image, a layer or a hold needs it. */
  async discard(digest: string): Promise<void> {
    const isNeeded =
      this.#held.has(digest) || this.#records.get(digest) || this.withCompressed(digest) || this.#options.isNamed(digest);
    if (!isNeeded) await this.#blobs.remove(digest);
  }

  /** Removes all layers but those that are held or in use, with their blobs. */
  async collect(used: ReadonlySet<string>): Promise<void> {
    const isUnused = ({ diffId }: Layer): boolean => !used.has(diffId) && !this.#held.has(diffId);
    for (const layer of [...this.all()].filter(isUnused)) {
      await this.#records.remove(layer.diffId);
      for (const form of layer.compressed) await this.#blobs.remove(form.digest);
      await this.#blobs.remove(layer.diffId);
    }
  }

  /** Writes an archive to the blob store and counts its content in the same pass. */
  async #unpack(content: AsyncIterable<Buffer>, hold: LayerHold, expected?: string): Promise<Layer> {
    const copy = new PassThrough({ highWaterMark: 1024 * 1024 });
    const size = handled(contentSize(copy));
    async function* both(): AsyncGenerator<Buffer, void, undefined> {
      for await (const chunk of content) {
        if (!copy.destroyed && !copy.write(chunk)) await drained(copy);
        yield chunk;
      }
      copy.end();
    }
    let written: StoredBlob | undefined;
    try {
      written = await this.#blobs.write(both(), expected);
      hold.keep(written.digest);
      return { diffId: written.digest, size: await size, archiveSize: written.size, compressed: [] };
    } catch (error) {
      copy.destroy();
      if (written) await this.discard(written.digest);
      throw error;
    }
  }

  /** Records a layer, or a further compressed form of a known one. */
  async #register(layer: Layer, form?: CompressedLayer): Promise<Layer> {
    const known = this.#records.get(layer.diffId);
    const forms = known?.compressed ?? [];
    const isNew = form !== undefined && !forms.some(({ digest }) => digest === form.digest);
    if (known && !isNew) return known;
    const record: Layer = { ...layer, compressed: isNew ? [...forms, form] : forms };
    await this.#records.put(layer.diffId, record);
    return record;
  }
}

function drained(stream: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off("drain", done).off("close", done);
      resolve();
    };
    stream.on("drain", done).on("close", done);
  });
}
