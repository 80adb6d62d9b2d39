import { EngineError, notFound } from "../engine-error.js";
import { DigestMismatchError } from "../store/blobs.js";
import { CONFIG_LIMIT, parseImageConfig } from "../store/image-config.js";
import { formatName, type NamedReference } from "../store/image-reference.js";
import type { ImageStore, StoredImage } from "../store/images.js";
import type { LayerHold } from "../store/layers.js";
import {
  chooseManifest,
  type Descriptor,
  formatPlatform,
  hostPlatform,
  type ImageManifest,
  isIndex,
  type ManifestPlatform,
} from "../store/manifest.js";
import { counted, type ReportProgress, shortId, transferMessage } from "../store/progress.js";
import { runConcurrently } from "./concurrency.js";
import { download } from "./download.js";
import { RegistryError } from "./errors.js";
import { fetchManifest } from "./manifests.js";
import { RegistryClient, type RegistryOptions } from "./registry-client.js";

/** The number of layers that are downloaded at a time, as in Docker. */
const AT_ONCE = 3;

/** Options for {@link pullImage}. */
export interface PullOptions extends RegistryOptions {
  /** The platform to take from an index. By default that of this machine. */
  platform?: ManifestPlatform | undefined;
  /** Receives the messages of the engine. */
  report?: ReportProgress;
}

/** Returns the error of a pull in the words of Docker. */
function pullError(error: unknown, name: NamedReference): unknown {
  if (!(error instanceof RegistryError)) return error;
  const shown = formatName(name);
  const texts: Readonly<Record<string, string>> = {
    DENIED: `pull access denied for ${name.repository}, repository does not exist or may require 'docker login'`,
    MANIFEST_UNKNOWN: `manifest for ${shown} not found`,
    NAME_UNKNOWN: `repository ${shown} not found`,
    NOT_FOUND: `manifest for ${shown} not found`,
  };
  const text = texts[error.code];
  return text === undefined ? error : notFound(`${text}: ${error.message}`);
}

/** A pull of one tag or digest. */
class Pull {
  readonly #store: ImageStore;
  readonly #client: RegistryClient;
  readonly #options: PullOptions;
  readonly #report: ReportProgress;
  /** The digests of what was stored. */
  readonly #stored: string[] = [];

  constructor(store: ImageStore, client: RegistryClient, options: PullOptions) {
    this.#store = store;
    this.#client = client;
    this.#options = options;
    this.#report = options.report ?? (() => undefined);
  }

  /** Pulls the image. Returns whether anything has changed on this engine. What was stored for a pull that fails is removed. */
  async run(name: NamedReference): Promise<{ image: StoredImage; isNewer: boolean }> {
    try {
      return await this.#run(name);
    } catch (error) {
      for (const digest of this.#stored) await this.#store.layers.discard(digest);
      throw error;
    }
  }

  async #run(name: NamedReference): Promise<{ image: StoredImage; isNewer: boolean }> {
    const { descriptor, manifest: found } = await fetchManifest(this.#client, name.digest ?? name.tag ?? "latest");
    this.#report({ status: `Pulling from ${name.path}`, id: name.digest === undefined ? (name.tag ?? "") : formatName(name) });
    const manifest = isIndex(found) ? await this.#choose(found) : found;
    using hold = this.#store.layers.hold();
    const known = this.#store.get(manifest.config.digest);
    const image = known ?? (await this.#image(manifest, hold));
    const digested = { ...name, tag: undefined, digest: descriptor.digest };
    const isNewer = !known || this.#store.references.get(name) !== image.id;
    await this.#store.tag(image, digested, false);
    if (name.digest === undefined) await this.#store.tag(image, name, false);
    this.#report({ status: `Digest: ${descriptor.digest}` });
    return { image, isNewer };
  }

  async #choose(index: Parameters<typeof chooseManifest>[0]): Promise<ImageManifest> {
    const wanted = this.#options.platform ?? hostPlatform();
    const chosen = chooseManifest(index, wanted);
    if (!chosen) throw notFound(`no matching manifest for ${formatPlatform(wanted)} in the manifest list entries`);
    const { manifest } = await fetchManifest(this.#client, chosen.digest);
    if (isIndex(manifest)) throw new EngineError(500, "an index in an index is not supported");
    return manifest;
  }

  async #image({ config, layers }: ImageManifest, hold: LayerHold): Promise<StoredImage> {
    const bytes = await this.#config(config);
    const diffIds = parseImageConfig(bytes).rootfs.diff_ids ?? [];
    if (diffIds.length !== layers.length)
      throw new EngineError(500, "manifest and image configuration have different numbers of layers");
    const missing = layers.flatMap((layer, at) => {
      const diffId = diffIds[at] ?? "";
      const isKnown = this.#store.layers.get(diffId) !== undefined;
      if (isKnown) hold.keep(diffId);
      this.#say(isKnown ? "Already exists" : "Pulling fs layer", layer);
      return isKnown ? [] : [{ layer, diffId }];
    });
    const downloads = new Map<string, () => Promise<void>>();
    for (const { layer } of missing) downloads.set(layer.digest, () => this.#download(layer, hold));
    await runConcurrently(AT_ONCE, [...downloads.values()]);
    for (const { layer, diffId } of missing) await this.#extract(layer, diffId, hold);
    return this.#store.add(bytes);
  }

  async #config(config: Descriptor): Promise<Buffer> {
    if (config.size > CONFIG_LIMIT) throw new EngineError(500, `the image configuration is larger than ${CONFIG_LIMIT} bytes`);
    const { digest } = await this.#verified(config, download(this.#client, config, this.#options.signal));
    return this.#store.blobs.bytes(digest);
  }

  async #download(layer: Descriptor, hold: LayerHold): Promise<void> {
    hold.keep(layer.digest);
    if (!(await this.#store.blobs.has(layer.digest))) {
      const content = download(this.#client, layer, this.#options.signal);
      const report = (current: number): void =>
        this.#report(transferMessage("Downloading", shortId(layer.digest), current, layer.size));
      await this.#verified(layer, counted(content, report));
      this.#say("Verifying Checksum", layer);
    }
    this.#say("Download complete", layer);
  }

  async #extract(layer: Descriptor, diffId: string, hold: LayerHold): Promise<void> {
    const report = (current: number): void =>
      this.#report(transferMessage("Extracting", shortId(layer.digest), current, layer.size));
    await this.#store.layers.adopt(layer.digest, hold, diffId, report);
    this.#say("Pull complete", layer);
  }

  /** Stores a blob, whose digest is checked while it is written. */
  async #verified({ digest }: Descriptor, content: AsyncIterable<Buffer>): Promise<{ digest: string }> {
    try {
      const blob = await this.#store.blobs.write(content, digest);
      this.#stored.push(blob.digest);
      return blob;
    } catch (error) {
      if (!(error instanceof DigestMismatchError)) throw error;
      throw new EngineError(500, `filesystem layer verification failed for digest ${digest}`, { cause: error });
    }
  }

  #say(status: string, { digest }: Descriptor): void {
    this.#report({ status, progressDetail: {}, id: shortId(digest) });
  }
}

/**
 * Pulls an image, as `docker pull` does.
 *
 * @param store - the images.
 * @param name - the name. Without tag and digest, all tags of the repository are pulled.
 * @param options - credentials, platform and messages.
 * @returns the pulled images.
 * @throws {@link EngineError} with status 404 when there is no such image, and 500 when the registry cannot be reached.
 */
export async function pullImage(store: ImageStore, name: NamedReference, options: PullOptions = {}): Promise<StoredImage[]> {
  const images: StoredImage[] = [];
  let isNewer = false;
  try {
    const client = await RegistryClient.open(name, "pull", options);
    const isWhole = name.tag === undefined && name.digest === undefined;
    const names = isWhole ? (await client.tags()).map((tag) => ({ ...name, tag })) : [name];
    for (const one of names) {
      const pulled = await new Pull(store, client, options).run(one);
      images.push(pulled.image);
      isNewer ||= pulled.isNewer;
    }
  } catch (error) {
    throw pullError(error, name);
  }
  const what = isNewer ? "Downloaded newer image for" : "Image is up to date for";
  options.report?.({ status: `Status: ${what} ${formatName(name)}` });
  return images;
}
