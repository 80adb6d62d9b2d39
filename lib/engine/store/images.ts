import { errorMessage } from "../../wire/realm.js";
import { EngineError, notFound } from "../engine-error.js";
import { type BlobStore, MissingBlobError } from "./blobs.js";
import type { DataRoot } from "./data-root.js";
import { UNPACKED_LIMIT } from "./decompress.js";
import { formatTime, type ImageConfigFile, parseImageConfig, parseTime } from "./image-config.js";
import { formatName, keyOf, type NamedReference, parseName, withDefaultTag } from "./image-reference.js";
import { chainIds, type Layer, LayerStore } from "./layers.js";
import { Mutex } from "./mutex.js";
import { type ReferenceRecord, ReferenceStore } from "./references.js";

/** An image as it is recorded beside its configuration. */
interface ImageRecord {
  /** ID of the image that it was built on or committed from, if that is on this engine. */
  readonly parent?: string;
  /** When it was last tagged, in RFC 3339 format. */
  readonly lastTagged?: string;
}

/** An image on this engine. */
export interface StoredImage extends ImageRecord {
  /** Its ID: the digest of its configuration. */
  readonly id: string;
  /** Its configuration. */
  readonly config: ImageConfigFile;
  /** When it was created, in nanoseconds since 1970; undefined if it does not say so. */
  readonly created: bigint | undefined;
  /** Its layers, lowest first, with the compressed forms that they had when the image was added. */
  readonly layers: readonly Layer[];
  /** The chain IDs of its layers, lowest first. */
  readonly chain: readonly string[];
  /** The size of all its layers, in bytes. */
  readonly size: number;
}

/** A container that uses an image. */
export interface ImageUser {
  /** ID of the container. */
  readonly id: string;
  /** Whether it is running, or paused. */
  readonly running: boolean;
  /** ID of its image. The image itself may have been removed by force. */
  readonly image: string;
  /** The layers of the container, lowest first, by the digests of their uncompressed archives. */
  readonly layers: readonly string[];
}

/** What happens to an image. */
type ImageAction = "tag" | "untag" | "delete";

/** Options for {@link ImageStore.open}. */
export interface ImageStoreOptions {
  /** Returns the time in nanoseconds since 1970. By default that of the system. */
  now?: () => bigint;
  /** Returns the containers, which use images. By default there are none. */
  users?: () => Iterable<ImageUser>;
  /** Is called after a change of an image. `name` is the name in the event: that of a new tag, or else the ID. */
  onChange?: (action: ImageAction, image: StoredImage, name: string) => void;
  /** The most bytes that a layer or an archive of images may have when it is decompressed. */
  unpackedLimit?: number;
  /** Is told which images are left out because they cannot be read. By default nobody is. */
  report?: (message: string) => void;
}

/** How many configurations are read at once. */
const READ_AT_ONCE = 32;

/** Returns the record with the members that are set. */
const recordOf = ({ parent, lastTagged }: Record<"parent" | "lastTagged", string | undefined>): ImageRecord => ({
  ...(parent !== undefined && { parent }),
  ...(lastTagged !== undefined && { lastTagged }),
});

/** The images of an engine: their configurations, layers and names. */
export class ImageStore {
  /** The layers. */
  readonly layers: LayerStore;
  /** The names. */
  readonly references: ReferenceStore;
  readonly #root: DataRoot;
  readonly #records: Map<string, StoredImage>;
  readonly #save: (id: string, record: ImageRecord | undefined) => Promise<void>;
  readonly #options: Required<ImageStoreOptions>;
  readonly #mutex = new Mutex();

  private constructor(
    root: DataRoot,
    parts: Pick<ImageStore, "layers" | "references">,
    save: (id: string, record: ImageRecord | undefined) => Promise<void>,
    options: ImageStoreOptions,
  ) {
    this.#root = root;
    this.layers = parts.layers;
    this.references = parts.references;
    this.#save = save;
    this.#records = new Map();
    this.#options = {
      now: () => BigInt(Date.now()) * 1_000_000n,
      users: () => [],
      onChange: () => undefined,
      unpackedLimit: UNPACKED_LIMIT,
      report: () => undefined,
      ...options,
    };
  }

  /** Opens the images in a data root. An image whose configuration or layers are missing or damaged is left out. */
  static async open(root: DataRoot, options: ImageStoreOptions = {}): Promise<ImageStore> {
    const records = await root.records<ImageRecord>("images");
    const layers = new LayerStore(root.blobs, await root.records<Layer>("layers"), {
      isNamed: (digest) => records.get(digest) !== undefined,
      unpackedLimit: options.unpackedLimit ?? UNPACKED_LIMIT,
    });
    const references = new ReferenceStore(await root.records<ReferenceRecord>("references"));
    const save = (id: string, record: ImageRecord | undefined): Promise<void> =>
      record ? records.put(id, record) : records.remove(id);
    const store = new ImageStore(root, { layers, references }, save, options);
    const all = [...records.all()];
    for (let start = 0; start < all.length; start += READ_AT_ONCE) {
      const batch = all.slice(start, start + READ_AT_ONCE);
      const images = await Promise.all(batch.map(([id, record]) => store.#read(id, record)));
      for (const image of images) if (image) store.#records.set(image.id, image);
    }
    return store;
  }

  async #read(id: string, record: ImageRecord): Promise<StoredImage | undefined> {
    try {
      return this.#assemble(id, parseImageConfig(await this.#root.blobs.bytes(id)), record);
    } catch (error) {
      // the engine ended between the record and the configuration, or before it had removed the record
      if (error instanceof MissingBlobError) return undefined;
      this.#options.report(`image ${id} is left out: ${errorMessage(error)}`);
      return undefined;
    }
  }

  /** Returns the layers of each image and of each of their users, lowest first, by the digests of their uncompressed archives. */
  stacks(): (readonly string[])[] {
    const ofImages = [...this.#records.values()].map(({ layers }) => layers.map(({ diffId }) => diffId));
    return [...ofImages, ...[...this.users()].map(({ layers }) => layers)];
  }

  /** The most bytes that an archive of images may have when it is decompressed. */
  get unpackedLimit(): number {
    return this.#options.unpackedLimit;
  }

  /** The blobs of layers and configurations. */
  get blobs(): BlobStore {
    return this.#root.blobs;
  }

  /** Returns all images by ID, in the order in which they were added. */
  all(): ReadonlyMap<string, StoredImage> {
    return this.#records;
  }

  /** Returns an image by its whole ID. */
  get(id: string): StoredImage | undefined {
    return this.#records.get(id);
  }

  /**
   * Finds an image by tag, digest, ID or the start of an ID that no other image shares.
   *
   * @throws {@link EngineError} with status 404 when there is none, or 400 when the name is invalid.
   */
  find(name: string): StoredImage {
    if (/^(?:sha256:)?[0-9a-f]{64}$/.test(name)) {
      const image = this.#records.get(name.includes(":") ? name : `sha256:${name}`);
      if (image) return image;
      throw notFound(`No such image: ${name.includes(":") ? name : `sha256:${name}`}`);
    }
    const reference = parseName(name);
    const id = this.references.get(reference) ?? this.#idWithPrefix(name);
    const image = id === undefined ? undefined : this.#records.get(id);
    if (!image) throw notFound(`No such image: ${formatName(withDefaultTag(reference))}`);
    return image;
  }

  /** Returns whether a name is an ID of this image, or the start of it, rather than a tag or digest. */
  isIdOf(image: StoredImage, name: string): boolean {
    return image.id.startsWith(name) || image.id.slice("sha256:".length).startsWith(name);
  }

  /** Returns the images that were built on or committed from an image. */
  children(id: string): StoredImage[] {
    return [...this.#records.values()].filter(({ parent }) => parent === id);
  }

  /** Returns the IDs of all images with children. */
  parents(): Set<string> {
    return new Set(Array.from(this.#records.values(), ({ parent }) => parent).filter((parent) => parent !== undefined));
  }

  /** Returns the containers, which use images. */
  users(): Iterable<ImageUser> {
    return this.#options.users();
  }

  /** Returns the configuration of an image, byte for byte. */
  configBytes(id: string): Promise<Buffer> {
    return this.#root.blobs.bytes(id);
  }

  /**
   * Adds an image. Its layers must be in the store, held by the caller. If the image exists, only its parent is set.
   *
   * @param config - the bytes of its configuration.
   * @param parent - ID of the image that it was built on or committed from.
   * @throws {@link EngineError} when the configuration is invalid, a layer is missing, or there are too many layers.
   */
  async add(config: Uint8Array, parent?: string): Promise<StoredImage> {
    const parsed = parseImageConfig(config);
    const { digest: id } = await this.#root.blobs.write(config);
    return this.exclusive(async () => {
      const known = this.#records.get(id);
      const record = recordOf({ parent: parent ?? known?.parent, lastTagged: known?.lastTagged });
      if (known && known.parent === record.parent) return known;
      const image = this.#assemble(id, parsed, record);
      if (!image) throw new EngineError(500, "layer does not exist");
      await this.#save(id, record);
      this.#records.set(id, image);
      return image;
    });
  }

  /**
   * Names an image. A tag that another image has moves; a name with a digest records where the image was pulled from.
   *
   * @param image - the image.
   * @param name - the name.
   * @param isReported - whether it is a change of its own, rather than a part of a load, pull or push. By default true.
   */
  async tag(image: StoredImage, name: NamedReference, isReported = true): Promise<void> {
    await this.exclusive(async () => {
      const current = this.#records.get(image.id);
      if (!current) throw notFound(`No such image: ${image.id}`);
      if (name.digest === undefined) {
        const lastTagged = formatTime(this.#options.now());
        await this.#save(image.id, recordOf({ parent: current.parent, lastTagged }));
        this.#records.set(image.id, { ...current, lastTagged });
      }
      await this.references.set(name, image.id);
    });
    if (isReported) this.#options.onChange("tag", image, name.digest === undefined ? keyOf(name) : formatName(name));
  }

  /** Removes one name of an image, for changes that run exclusively. */
  async untag(image: StoredImage, name: string): Promise<void> {
    await this.references.remove(name);
    this.#options.onChange("untag", image, image.id);
  }

  /**
   * Removes an image without names, for changes that run exclusively. Its children lose their parent.
   *
   * @returns the chain IDs of the layers that are removed with it, highest first.
   */
  async drop(image: StoredImage): Promise<string[]> {
    for (const child of this.children(image.id)) {
      const { parent: _, ...orphan } = child;
      await this.#save(child.id, recordOf({ parent: undefined, lastTagged: orphan.lastTagged }));
      this.#records.set(child.id, orphan);
    }
    await this.#save(image.id, undefined);
    this.#records.delete(image.id);
    const used = this.#chainsInUse();
    await this.collectLayers();
    await this.#root.blobs.remove(image.id);
    this.#options.onChange("delete", image, image.id);
    return image.chain.filter((id) => !used.has(id)).reverse();
  }

  /** Runs a change of several steps; no other change happens meanwhile. */
  exclusive<T>(change: () => Promise<T>): Promise<T> {
    return this.#mutex.run(change);
  }

  /** Removes the layers that neither an image nor a container nor a hold needs: after the removal of a container. */
  collectLayers(): Promise<void> {
    return this.layers.collect(new Set(this.stacks().flat()));
  }

  /**
   * Removes what nothing refers to: blobs of interrupted pulls and removals, and names without an image. Called once at the start
   * of an engine, when its containers are known.
   */
  async sweep(): Promise<void> {
    await this.references.sweep((id) => this.#records.has(id));
    await this.collectLayers();
    const named = new Set(this.#records.keys());
    for (const { diffId, compressed } of this.layers.all())
      for (const digest of [diffId, ...compressed.map((form) => form.digest)]) named.add(digest);
    for (const { digest } of await this.#root.blobs.list()) if (!named.has(digest)) await this.#root.blobs.remove(digest);
  }

  #chainsInUse(): Set<string> {
    const used = new Set<string>();
    for (const { chain } of this.#records.values()) for (const id of chain) used.add(id);
    for (const { layers } of this.users()) for (const id of chainIds(layers)) used.add(id);
    return used;
  }

  #idWithPrefix(name: string): string | undefined {
    const prefix = /^(?:sha256:)?([0-9a-f]+)$/.exec(name)?.[1];
    if (prefix === undefined) return undefined;
    const found = [...this.#records.keys()].filter((id) => id.startsWith(`sha256:${prefix}`));
    return found.length === 1 ? found[0] : undefined;
  }

  /** Puts an image together; returns undefined if a layer is missing. */
  #assemble(id: string, config: ImageConfigFile, record: ImageRecord): StoredImage | undefined {
    const diffIds = config.rootfs.diff_ids ?? [];
    const layers = diffIds.map((diffId) => this.layers.get(diffId)).filter((layer) => layer !== undefined);
    if (layers.length < diffIds.length) return undefined;
    return {
      id,
      config,
      created: parseTime(config.created),
      layers,
      chain: chainIds(diffIds),
      size: layers.reduce((sum, { size }) => sum + size, 0),
      ...record,
    };
  }
}
