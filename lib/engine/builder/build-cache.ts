import { isDeepStrictEqual } from "node:util";
import { EngineError } from "../engine-error.js";
import { encodeImageConfig, type HistoryEntry } from "../store/image-config.js";
import type { ImageStore, StoredImage } from "../store/images.js";
import type { Stage } from "./stage.js";

const historyOf = (image: StoredImage | undefined): readonly HistoryEntry[] => image?.config.history ?? [];

const layersOf = (image: StoredImage | undefined): readonly string[] => image?.layers.map(({ diffId }) => diffId) ?? [];

const beginsWith = (list: readonly unknown[], start: readonly unknown[]): boolean =>
  start.length <= list.length && isDeepStrictEqual(list.slice(0, start.length), start);

/** Whether an image was made on top of another one, or of nothing. */
const isMadeOn = (image: StoredImage, base: StoredImage | undefined): boolean =>
  beginsWith(historyOf(image), historyOf(base)) && beginsWith(layersOf(image), layersOf(base));

/** The images of earlier builds. */
export class BuildCache {
  readonly #images: ImageStore;
  readonly #names: readonly string[];
  #sources: StoredImage[] | undefined;

  /** @param names - names of the images that steps are taken from; none for those that were built on this engine. */
  constructor(images: ImageStore, names: readonly string[]) {
    this.#images = images;
    this.#names = names;
  }

  /** Finds the image of a step on the image of a stage. Returns undefined if there is none. */
  async find(stage: Stage, createdBy: string): Promise<StoredImage | undefined> {
    const local = this.#local(stage, createdBy);
    if (this.#names.length === 0) return local;
    const sources = (this.#sources ??= this.#named());
    if (local && sources.some((source) => isMadeOn(source, local))) return local;
    const { length } = historyOf(stage.image);
    const source = sources.find((image) => isMadeOn(image, stage.image) && historyOf(image)[length]?.created_by === createdBy);
    if (!source) return undefined;
    // the steps after this one come from the same image
    this.#sources = [source];
    return this.#restore(stage, source, length + 1);
  }

  #local({ image, config, author }: Stage, createdBy: string): StoredImage | undefined {
    return [...this.#images.all().values()].findLast(
      ({ parent, config: built }) =>
        parent === image?.id &&
        built.history?.length === (image?.config.history?.length ?? 0) + 1 &&
        built.history.at(-1)?.created_by === createdBy &&
        (built.author ?? "") === author &&
        isDeepStrictEqual(built.config, JSON.parse(JSON.stringify(config))),
    );
  }

  #named(): StoredImage[] {
    return this.#names.flatMap((name) => {
      try {
        return [this.#images.find(name)];
      } catch (error) {
        if (error instanceof EngineError) return []; // without the image, there is less to take
        throw error;
      }
    });
  }

  /** Returns the image after a number of steps of another image: that image itself after its last one. */
  async #restore({ image: base, config }: Stage, source: StoredImage, steps: number): Promise<StoredImage> {
    if (steps === historyOf(source).length) return this.#images.add(await this.#images.configBytes(source.id), base?.id);
    const history = historyOf(source).slice(0, steps);
    const count = history.filter(({ empty_layer: isEmpty }) => !isEmpty).length;
    const layers = layersOf(source).slice(0, count);
    using hold = this.#images.layers.hold();
    for (const diffId of layers) hold.keep(diffId);
    const created = history.at(-1)?.created;
    const file = {
      ...source.config,
      config: structuredClone(config),
      ...(created === undefined ? {} : { created }),
      history,
      rootfs: { type: "layers" as const, diff_ids: layers },
    };
    return await this.#images.add(encodeImageConfig(file), base?.id);
  }
}
