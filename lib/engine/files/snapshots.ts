import { applyLayer } from "./apply-layer.js";
import type { ContentSource } from "./content-source.js";
import { Snapshot } from "./snapshot.js";

/** A layer of an image. */
export interface ImageLayer {
  /** Digest of the uncompressed archive. */
  readonly diffId: string;
  /** The uncompressed archive. */
  readonly content: ContentSource;
}

/**
 * The snapshots of images. Each layer is read once for all images and containers that have it on the same layers. A snapshot that
 * nobody uses any more takes no memory.
 */
export class Snapshots {
  readonly #known = new Map<string, WeakRef<Snapshot>>();
  readonly #applying = new Map<string, Promise<Snapshot>>();
  readonly #forgotten = new FinalizationRegistry<string>((chain) => {
    if (!this.#known.get(chain)?.deref()) this.#known.delete(chain);
  });

  /**
   * Returns the snapshot of layers.
   *
   * @param layers - the layers, the lowest first. Without any, the snapshot is empty.
   * @throws {@link ArchiveError} when a layer is not a valid archive.
   */
  async of(layers: readonly ImageLayer[]): Promise<Snapshot> {
    let snapshot = Snapshot.empty;
    let chain = "";
    for (const { diffId, content } of layers) {
      chain += `${diffId} `;
      snapshot = this.#known.get(chain)?.deref() ?? (await this.#apply(chain, snapshot, content));
    }
    return snapshot;
  }

  /** The number of snapshots that are in memory. */
  get size(): number {
    return this.#known.size;
  }

  #apply(chain: string, base: Snapshot, content: ContentSource): Promise<Snapshot> {
    const applying =
      this.#applying.get(chain) ??
      applyLayer(base, content)
        .then((snapshot) => {
          this.#known.set(chain, new WeakRef(snapshot));
          this.#forgotten.register(snapshot, chain);
          return snapshot;
        })
        .finally(() => this.#applying.delete(chain));
    this.#applying.set(chain, applying);
    return applying;
  }
}
