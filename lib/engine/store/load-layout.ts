import { quoted } from "../../errors/quote.js";
import { badRequest } from "../engine-error.js";
import { digestOf, hexOf } from "./blobs.js";
import { parseImageConfig } from "./image-config.js";
import type { ImageLoad } from "./image-load.js";
import { parseName } from "./image-reference.js";
import {
  chooseManifest,
  type Descriptor,
  formatPlatform,
  hostPlatform,
  type ImageManifest,
  isIndex,
  mediaTypes,
  parseManifest,
} from "./manifest.js";

/** How deeply indexes may be nested. */
const DEPTH = 4;

const pathOf = (digest: string): string => `blobs/sha256/${hexOf(digest) ?? ""}`;

/** Reads a manifest, an index or a configuration, and checks its digest. */
function checkedJson(load: ImageLoad, { digest }: Descriptor): Buffer {
  const bytes = load.files.json(pathOf(digest));
  const actual = digestOf(bytes);
  if (actual !== digest) throw badRequest(`invalid archive: ${quoted(pathOf(digest))} has the digest ${actual}`);
  return bytes;
}

/** Follows indexes to the manifest of the platform. */
function findManifest(load: ImageLoad, descriptor: Descriptor): ImageManifest {
  let at = descriptor;
  for (let depth = 0; depth < DEPTH; depth += 1) {
    const manifest = parseManifest(checkedJson(load, at));
    if (!isIndex(manifest)) return manifest;
    const wanted = load.platform ?? hostPlatform();
    const chosen = chooseManifest(manifest, wanted);
    if (!chosen) throw badRequest(`invalid archive: no image for the platform ${formatPlatform(wanted)}`);
    at = chosen;
  }
  throw badRequest("invalid archive: too many nested indexes");
}

/** Returns the name of an image, if it has a whole one. A tag alone names no repository. */
function nameOf({ annotations = {} }: Descriptor): string[] {
  const name = annotations["io.containerd.image.name"] ?? annotations["org.opencontainers.image.ref.name"];
  if (typeof name !== "string" || !/[/:]/.test(name)) return [];
  return parseName(name).tag === undefined ? [] : [name];
}

/**
 * Loads the images of an OCI layout.
 *
 * @param load - the archive.
 */
export async function loadLayout(load: ImageLoad): Promise<void> {
  const index = parseManifest(load.files.json("index.json"));
  if (!isIndex(index)) throw badRequest("invalid archive: index.json is not an index");
  for (const descriptor of index.manifests) {
    const { config, layers } = findManifest(load, descriptor);
    const { ociConfig, dockerConfig } = mediaTypes;
    if (config.mediaType !== ociConfig && config.mediaType !== dockerConfig) {
      throw badRequest(`invalid archive: ${quoted(config.mediaType)} is not the configuration of an image`);
    }
    const bytes = checkedJson(load, config);
    const diffIds = parseImageConfig(bytes).rootfs.diff_ids ?? [];
    if (diffIds.length !== layers.length) {
      throw badRequest(`invalid manifest, layers length mismatch: expected ${layers.length}, got ${diffIds.length}`);
    }
    for (const [at, { digest }] of layers.entries()) await load.layer(pathOf(digest), diffIds[at], digest);
    await load.image(bytes, nameOf(descriptor));
  }
}
