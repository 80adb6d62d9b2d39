import { buffer } from "node:stream/consumers";
import { packEntries, type PackEntry } from "../../lib/archive/index.js";
import type { ImageConfigFile } from "../../lib/engine/store/image-config.js";
import { parseTarget } from "../../lib/engine/store/image-reference.js";
import type { ImageStore, StoredImage } from "../../lib/engine/store/images.js";

/** Packs files as the archive of a layer, with the same bytes every time. */
export const layerArchive = (files: Readonly<Record<string, string>>): Promise<Buffer> =>
  buffer(packEntries(Object.entries(files).map(([name, content]): PackEntry => ({ name, content, mtime: new Date(0) }))));

/** What an image of a spec is made of. */
export interface SampleImage {
  /** The files of each layer. */
  layers?: readonly Readonly<Record<string, string>>[];
  /** ID of the parent. */
  parent?: string;
  /** Tags. */
  tags?: readonly string[];
  /** Further members of the configuration. */
  config?: Partial<ImageConfigFile>;
}

/** Adds an image to a store. */
export async function addSampleImage(
  store: ImageStore,
  { layers = [], parent, tags = [], config }: SampleImage,
): Promise<StoredImage> {
  using hold = store.layers.hold();
  const diffIds: string[] = [];
  for (const files of layers) {
    const { diffId } = await store.layers.add(
      (async function* () {
        yield await layerArchive(files);
      })(),
      hold,
    );
    diffIds.push(diffId);
  }
  const file: ImageConfigFile = {
    architecture: "amd64",
    os: "linux",
    created: "2026-01-02T03:04:05.678Z",
    config: { Cmd: ["sh"] },
    history: diffIds.map((_, at) => ({ created: "2026-01-02T03:04:05Z", created_by: `step ${at}` })),
    rootfs: { type: "layers", diff_ids: diffIds },
    ...config,
  };
  const image = await store.add(Buffer.from(JSON.stringify(file)), parent);
  for (const tag of tags) await store.tag(image, parseTarget(tag, ""));
  return store.get(image.id) ?? image;
}
