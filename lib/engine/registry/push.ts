import { createGzip } from "node:zlib";
import { EngineError } from "../engine-error.js";
import { digestOf } from "../store/blobs.js";
import { formatName, isDigestKey, keyOf, type NamedReference, parseName } from "../store/image-reference.js";
import type { ImageStore, StoredImage } from "../store/images.js";
import type { CompressedLayer, Layer } from "../store/layers.js";
import { type Descriptor, mediaTypes } from "../store/manifest.js";
import { type ReportProgress, shortId, transferMessage } from "../store/progress.js";
import { runConcurrently } from "./concurrency.js";
import { RegistryClient, type RegistryOptions } from "./registry-client.js";
import { uploadBlob } from "./upload.js";

/** The number of layers that are pushed at a time, as in Docker. */
const AT_ONCE = 5;

/** Options for {@link pushImage}. */
export interface PushOptions extends RegistryOptions {
  /** Receives the messages of the engine. */
  report?: ReportProgress;
}

/** A push to one repository. */
class Push {
  readonly #store: ImageStore;
  readonly #client: RegistryClient;
  readonly #target: NamedReference;
  readonly #report: ReportProgress;

  constructor(store: ImageStore, client: RegistryClient, target: NamedReference, report: ReportProgress) {
    this.#store = store;
    this.#client = client;
    this.#target = target;
    this.#report = report;
  }

  /** Pushes an image under a tag. */
  async run(image: StoredImage, tag: string): Promise<void> {
    // the forms that earlier pushes made are in the store, not in the image
    const diffIds = new Set(image.layers.map(({ diffId }) => diffId).reverse());
    const layers = [...diffIds].map((diffId) => this.#store.layers.get(diffId)).filter((layer) => layer !== undefined);
    for (const layer of layers) this.#say("Preparing", layer);
    const forms = new Map<string, CompressedLayer>();
    const push = (layer: Layer) => async (): Promise<void> => void forms.set(layer.diffId, await this.#layer(layer));
    await runConcurrently(AT_ONCE, layers.map(push));
    const config = await this.#store.configBytes(image.id);
    await this.#config(image.id, config);
    const bytes = encodeManifest(image, config.length, forms);
    const type = (JSON.parse(bytes.toString()) as { mediaType: string }).mediaType;
    const headers = { "content-type": type, "content-length": String(bytes.length) };
    (await this.#client.request(`/manifests/${tag}`, { method: "PUT", headers, body: bytes }, [200, 201, 202])).resume();
    const digest = digestOf(bytes);
    await this.#store.tag(image, { ...this.#target, tag: undefined, digest }, false);
    this.#report({ status: `${tag}: digest: ${digest} size: ${bytes.length}` });
    this.#report({ progressDetail: {}, aux: { Tag: tag, Digest: digest, Size: bytes.length } });
  }

  async #layer(layer: Layer): Promise<CompressedLayer> {
    const { digest: fromSource, path } = this.#source(layer) ?? {};
    const known = layer.compressed.find(({ digest }) => digest === fromSource) ?? layer.compressed[0];
    if (known && (await this.#has(known.digest))) {
      this.#say("Layer already exists", layer);
      return known;
    }
    const form = known ?? (await this.#compress(layer));
    if (!known && (await this.#has(form.digest))) {
      this.#say("Layer already exists", layer);
      return form;
    }
    const isMounted = await uploadBlob(this.#client, this.#store.blobs, form, {
      from: path,
      report: (current) => this.#report(transferMessage("Pushing", shortId(layer.diffId), current, form.size)),
    });
    this.#say(isMounted ? `Mounted from ${path ?? ""}` : "Pushed", layer);
    return form;
  }

  async #config(id: string, config: Buffer): Promise<void> {
    if (!(await this.#has(id))) await uploadBlob(this.#client, this.#store.blobs, { digest: id, size: config.length });
  }

  async #has(digest: string): Promise<boolean> {
    const response = await this.#client.request(`/blobs/${digest}`, { method: "HEAD" }, [200, 404]);
    response.resume();
    return response.statusCode === 200;
  }

  /** Compresses a layer that was not pulled. The compressed form is kept for the next push. */
  async #compress(layer: Layer): Promise<CompressedLayer> {
    const archive = this.#store.layers.open(layer.diffId);
    const gzip = createGzip();
    archive.on("error", (error) => gzip.destroy(error)).pipe(gzip);
    const form: CompressedLayer = { ...(await this.#store.blobs.write(gzip)), compression: "gzip" };
    await this.#store.layers.addForm(layer, form);
    return form;
  }

  /** Finds another repository of the registry that has a layer, because an image that has it was pulled from there or pushed. */
  #source(layer: Layer): { digest: string; path: string } | undefined {
    const [form] = layer.compressed;
    if (!form) return undefined;
    for (const image of this.#store.all().values()) {
      if (!image.layers.some(({ diffId }) => diffId === layer.diffId)) continue;
      const names = this.#store.references.of(image.id).filter(isDigestKey).map(parseName);
      const other = names.find(({ registry, path }) => registry === this.#target.registry && path !== this.#target.path);
      if (other) return { digest: form.digest, path: other.path };
    }
    return undefined;
  }

  #say(status: string, { diffId }: Layer): void {
    this.#report({ status, progressDetail: {}, id: shortId(diffId) });
  }
}

/** Encodes the manifest of an image as Docker does: schema 2, or OCI if a layer is compressed with zstd. */
function encodeManifest(image: StoredImage, configSize: number, forms: ReadonlyMap<string, CompressedLayer>): Buffer {
  const all = image.layers.map(({ diffId }) => forms.get(diffId)).filter((form) => form !== undefined);
  const isOci = all.some(({ compression }) => compression === "zstd");
  const typeOf = ({ compression }: CompressedLayer): string => {
    if (!isOci) return mediaTypes.dockerLayer;
    return compression === "zstd" ? mediaTypes.zstdLayer : mediaTypes.gzipLayer;
  };
  // the order of the members is Docker's, which decides on the digest
  const manifest = {
    schemaVersion: 2,
    mediaType: isOci ? mediaTypes.ociManifest : mediaTypes.dockerManifest,
    config: { mediaType: isOci ? mediaTypes.ociConfig : mediaTypes.dockerConfig, size: configSize, digest: image.id },
    layers: all.map((form): Descriptor => ({ mediaType: typeOf(form), size: form.size, digest: form.digest })),
  };
  return Buffer.from(JSON.stringify(manifest, undefined, 3));
}

/**
 * Pushes an image, as `docker push` does.
 *
 * @param store - the images.
 * @param name - the name. Without a tag, all tags of the repository are pushed.
 * @param options - credentials and messages.
 * @throws {@link EngineError} when there is no such image, or the registry refuses it.
 */
export async function pushImage(store: ImageStore, name: NamedReference, options: PushOptions = {}): Promise<void> {
  if (name.digest !== undefined) throw new EngineError(400, "cannot push a digest reference");
  const { report = () => undefined } = options;
  report({ status: `The push refers to repository [${name.registry}/${name.path}]` });
  const tags = [...store.all().values()].flatMap((image) =>
    store.references
      .of(image.id)
      .filter((key) => !isDigestKey(key))
      .map((key) => ({ image, reference: parseName(key) }))
      .filter(({ reference }) => reference.repository === name.repository)
      .filter(({ reference }) => name.tag === undefined || keyOf(reference) === keyOf(name)),
  );
  if (tags.length === 0) {
    throw new EngineError(404, `An image does not exist locally with the tag: ${formatName({ ...name, tag: undefined })}`);
  }
  const client = await RegistryClient.open(name, "pull,push", options);
  for (const { image, reference } of tags) await new Push(store, client, name, report).run(image, reference.tag ?? "latest");
}
