import type { Readable } from "node:stream";
import { packEntries, type PackEntry } from "../../archive/pack-entries.js";
import { notFound } from "../engine-error.js";
import { digestOf, hexOf } from "./blobs.js";
import { formatName, isDigestKey, keyOf, type NamedReference, parseName } from "./image-reference.js";
import type { ImageStore, StoredImage } from "./images.js";
import { type Descriptor, type ImageManifest, mediaTypes } from "./manifest.js";

/** An image to save, with the names that are saved with it. */
interface SavedImage {
  readonly image: StoredImage;
  readonly names: NamedReference[];
}

/** The time of all entries: saving an image twice makes the same archive. */
const mtime = new Date(0);

const blobPath = (digest: string): string => `blobs/sha256/${hexOf(digest) ?? ""}`;

/** Finds the images, in the order of their names. A repository stands for all its tags; an ID has no names. */
function selectImages(store: ImageStore, names: readonly string[]): SavedImage[] {
  const selected = new Map<string, SavedImage>();
  const select = (image: StoredImage, name?: NamedReference): void => {
    const entry = selected.get(image.id) ?? { image, names: [] };
    selected.set(image.id, entry);
    const isKnown = (one: NamedReference): boolean => keyOf(one) === (name && keyOf(name));
    if (name && !entry.names.some(isKnown)) entry.names.push(name);
  };
  for (const name of names) {
    const reference = /^(?:sha256:)?[0-9a-f]{64}$/.test(name) ? undefined : parseName(name);
    const isBare = reference?.tag === undefined && reference?.digest === undefined;
    const tags = reference && isBare ? tagsOf(store, reference.repository) : [];
    for (const [tag, image] of tags) select(image, parseName(tag));
    if (tags.length > 0) continue;
    const image = isBare ? findById(store, name) : store.find(name);
    select(
      image,
      isBare || store.isIdOf(image, name) || reference.tag === undefined ? undefined : { ...reference, digest: undefined },
    );
  }
  return [...selected.values()];
}

/** Finds an image whose name is not a tag; the message of Docker has the name alone. */
function findById(store: ImageStore, name: string): StoredImage {
  try {
    return store.find(name);
  } catch {
    throw notFound(`No such image: ${name}`);
  }
}

function tagsOf(store: ImageStore, repository: string): [tag: string, image: StoredImage][] {
  return [...store.all().values()].flatMap((image) =>
    store.references
      .of(image.id)
      .filter((name) => !isDigestKey(name) && parseName(name).repository === repository)
      .map((name): [string, StoredImage] => [name, image]),
  );
}

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

/**
 * Saves images as an archive in the format of `docker save`: `manifest.json`, `repositories`, and an OCI layout.
 *
 * @param store - the images.
 * @param names - names and IDs. A repository without a tag stands for all its tags.
 * @param onSave - is called with each image.
 * @returns the archive, which is made while it is read.
 * @throws {@link EngineError} with status 404 when there is no such image, before anything is streamed.
 */
export async function saveImages(
  store: ImageStore,
  names: readonly string[],
  onSave: (image: StoredImage) => void = () => undefined,
): Promise<Readable> {
  const blobs = new Map<string, PackEntry>();
  const addBlob = (digest: string, content: Buffer | (() => Readable), size: number): void => {
    const body = Buffer.isBuffer(content) ? content : lazily(content);
    blobs.set(digest, { name: blobPath(digest), content: body, size, mtime });
  };
  const index: Descriptor[] = [];
  const manifests: unknown[] = [];
  const repositories: Record<string, Record<string, string>> = {};
  for (const { image, names: own } of selectImages(store, names)) {
    onSave(image);
    const config = await store.configBytes(image.id);
    addBlob(image.id, config, config.length);
    const layers = image.layers.map(({ diffId, archiveSize }): Descriptor => {
      addBlob(diffId, () => store.layers.open(diffId), archiveSize);
      return { mediaType: mediaTypes.ociLayer, digest: diffId, size: archiveSize };
    });
    const manifest: ImageManifest & { schemaVersion: number } = {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: { mediaType: mediaTypes.ociConfig, digest: image.id, size: config.length },
      layers,
    };
    const bytes = json(manifest);
    const descriptor: Descriptor = { mediaType: mediaTypes.ociManifest, digest: digestOf(bytes), size: bytes.length };
    addBlob(descriptor.digest, bytes, bytes.length);
    if (own.length === 0) index.push(descriptor);
    for (const name of own) {
      const { registry, path, repository, tag = "" } = name;
      const annotations = { "io.containerd.image.name": `${registry}/${path}:${tag}`, "org.opencontainers.image.ref.name": tag };
      index.push({ ...descriptor, annotations });
      (repositories[repository] ??= {})[tag] = hexOf(image.layers.at(-1)?.diffId ?? image.id) ?? "";
    }
    manifests.push({
      Config: blobPath(image.id),
      RepoTags: own.length > 0 ? own.map(formatName) : null,
      Layers: layers.map(({ digest }) => blobPath(digest)),
      LayerSources: Object.fromEntries(layers.map((layer) => [layer.digest, layer])),
    });
  }
  const sorted = [...blobs].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, entry]) => entry);
  return packEntries([
    { name: "blobs", directory: true, mtime },
    { name: "blobs/sha256", directory: true, mtime },
    ...sorted,
    { name: "index.json", content: json({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: index }), mtime },
    { name: "manifest.json", content: json(manifests), mtime },
    { name: "oci-layout", content: '{"imageLayoutVersion": "1.0.0"}', mtime },
    ...(Object.keys(repositories).length > 0 ? [{ name: "repositories", content: json(repositories), mtime }] : []),
  ]);
}

/** Opens a blob only when the archive comes to it: an archive may have hundreds. */
async function* lazily(open: () => Readable): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of open() as AsyncIterable<Buffer>) yield chunk;
}
