import { quoted } from "../../errors/quote.js";
import { badRequest } from "../engine-error.js";
import type { ArchiveFiles } from "./archive-files.js";
import { formatName, keyOf, parseName } from "./image-reference.js";
import type { ImageStore, StoredImage } from "./images.js";
import type { LayerHold } from "./layers.js";
import type { ManifestPlatform } from "./manifest.js";
import { type ReportProgress, shortId, transferMessage } from "./progress.js";

/** Options for a load. */
export interface LoadOptions {
  /** Receives the messages of the engine. */
  report?: ReportProgress;
  /** Whether the progress of layers is not reported. By default false. */
  quiet?: boolean;
  /** The platform to load from an index. By default that of this machine. */
  platform?: ManifestPlatform | undefined;
}

/** An archive that is being loaded. */
export class ImageLoad {
  /** The files of the archive. */
  readonly files: ArchiveFiles;
  /** The platform to load from an index. */
  readonly platform: ManifestPlatform | undefined;
  /** The loaded images, in order. */
  readonly images: StoredImage[] = [];
  readonly #store: ImageStore;
  readonly #hold: LayerHold;
  readonly #report: ReportProgress;
  readonly #quiet: boolean;
  #named = 0;

  constructor(store: ImageStore, files: ArchiveFiles, hold: LayerHold, { report, quiet = false, platform }: LoadOptions) {
    this.#store = store;
    this.files = files;
    this.#hold = hold;
    this.#report = report ?? (() => undefined);
    this.#quiet = quiet;
    this.platform = platform;
  }

  /**
   * Loads a layer.
   *
   * @param path - its file.
   * @param diffId - the digest that its uncompressed archive must have.
   * @param digest - the digest that the file must have.
   * @returns the digest of its uncompressed archive.
   */
  async layer(path: string, diffId?: string, digest?: string): Promise<string> {
    const known = diffId === undefined ? undefined : this.#store.layers.get(diffId);
    if (known) this.#hold.keep(known.diffId);
    const blob = await this.files.blob(path);
    if (digest !== undefined && blob !== digest) throw badRequest(`invalid archive: ${quoted(path)} has the digest ${blob}`);
    if (known) return known.diffId;
    const total = await this.#store.blobs.size(blob);
    const id = shortId(diffId ?? blob);
    const layer = await this.#store.layers.adopt(blob, this.#hold, diffId, (current) => {
      if (!this.#quiet) this.#report(transferMessage("Loading layer", id, current, total));
    });
    return layer.diffId;
  }

  /** Loads an image whose layers are loaded already, and names it. */
  async image(config: Buffer, names: readonly string[], parent?: string): Promise<StoredImage> {
    const image = await this.#store.add(config, parent);
    this.images.push(image);
    for (const name of names) await this.name(image, name);
    return image;
  }

  /** Names an image, and reports it. */
  async name(image: StoredImage, name: string): Promise<void> {
    const reference = parseName(name);
    if (reference.tag === undefined) throw badRequest(`invalid tag ${JSON.stringify(name)}`);
    const old = this.#store.references.get(reference);
    if (old !== undefined && old !== image.id) {
      const text = `The image ${keyOf(reference)} already exists, renaming the old one with ID ${old} to empty string\n`;
      this.#report({ stream: text });
    }
    await this.#store.tag(image, reference, false);
    this.#report({ stream: `Loaded image: ${formatName(reference)}\n` });
    this.#named += 1;
  }

  /** Reports the IDs of the images if none of them has a name. */
  finish(): void {
    if (this.#named > 0) return;
    for (const { id } of this.images) this.#report({ stream: `Loaded image ID: ${id}\n` });
  }
}
