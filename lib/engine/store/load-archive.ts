import { Readable } from "node:stream";
import { badRequest } from "../engine-error.js";
import { ArchiveFiles } from "./archive-files.js";
import { decompress, sniff } from "./decompress.js";
import { parseImageConfig } from "./image-config.js";
import { ImageLoad, type LoadOptions } from "./image-load.js";
import type { ImageStore, StoredImage } from "./images.js";
import { loadLayout } from "./load-layout.js";
import { loadLegacy } from "./load-legacy.js";

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null;

const isStrings = (value: unknown): value is string[] => Array.isArray(value) && value.every((item) => typeof item === "string");

/** Loads the images that `manifest.json` lists. */
async function loadManifest(load: ImageLoad): Promise<void> {
  const items = load.files.parse("manifest.json");
  if (!Array.isArray(items)) throw badRequest("invalid archive: manifest.json is not a list");
  for (const item of items as unknown[]) {
    const { Config, RepoTags, Layers } = isObject(item) ? item : {};
    const tags = RepoTags ?? [];
    if (typeof Config !== "string" || !isStrings(Layers ?? []) || !isStrings(tags))
      throw badRequest("invalid archive: invalid manifest.json");
    const paths = (Layers ?? []) as readonly string[];
    const config = load.files.json(Config);
    const diffIds = parseImageConfig(config).rootfs.diff_ids ?? [];
    if (diffIds.length !== paths.length) {
      throw badRequest(`invalid manifest, layers length mismatch: expected ${paths.length}, got ${diffIds.length}`);
    }
    for (const [at, path] of paths.entries()) await load.layer(path, diffIds[at]);
    await load.image(config, tags);
  }
}

/**
 * Loads the images of an archive: what `docker save` of any version writes, or an OCI layout. The archive may be compressed.
 *
 * @param store - the images.
 * @param source - the archive.
 * @param options - where messages go, and the platform.
 * @returns the loaded images.
 * @throws {@link EngineError} when the archive is invalid. Images that were loaded before the fault stay.
 */
export async function loadImages(
  store: ImageStore,
  source: AsyncIterable<Buffer>,
  options: LoadOptions = {},
): Promise<StoredImage[]> {
  const hold = store.layers.hold();
  let files: ArchiveFiles | undefined;
  try {
    const { compression, content } = await sniff(source);
    const tar = Readable.from(decompress(content, compression, store.unpackedLimit), { objectMode: false });
    files = await ArchiveFiles.read(tar, store.blobs, hold);
    const load = new ImageLoad(store, files, hold, options);
    if (files.has("manifest.json")) await loadManifest(load);
    else if (files.has("index.json")) await loadLayout(load);
    else await loadLegacy(load);
    load.finish();
    return load.images;
  } finally {
    hold[Symbol.dispose]();
    for (const digest of files?.digests ?? []) await store.layers.discard(digest);
    await store.collectLayers();
  }
}
