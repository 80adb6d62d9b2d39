import { EngineError } from "../engine-error.js";
import { digestOf } from "../store/blobs.js";
import { type Descriptor, type ImageIndex, type ImageManifest, mediaTypes, parseManifest } from "../store/manifest.js";
import { readBody } from "./http.js";
import type { RegistryClient } from "./registry-client.js";

/** The manifests that the engine understands, for the header `Accept`. */
const accepted = [mediaTypes.dockerManifest, mediaTypes.dockerList, mediaTypes.ociManifest, mediaTypes.ociIndex].join(", ");

/** A manifest or an index of a registry. */
export interface FetchedManifest {
  /** What describes it. */
  readonly descriptor: Descriptor;
  /** The manifest. */
  readonly manifest: ImageManifest | ImageIndex;
}

/**
 * Fetches a manifest or an index.
 *
 * @param client - the repository.
 * @param reference - a tag or a digest. The content must have the digest.
 * @throws {@link RegistryError} when there is none.
 */
export async function fetchManifest(client: RegistryClient, reference: string): Promise<FetchedManifest> {
  const response = await client.request(`/manifests/${reference}`, { headers: { accept: accepted } });
  const bytes = await readBody(response);
  const digest = digestOf(bytes);
  if (reference.includes(":") && digest !== reference) {
    throw new EngineError(500, `manifest verification failed for digest ${reference}`);
  }
  const type = response.headers["content-type"]?.split(";")[0];
  const manifest = parseManifest(bytes);
  return { descriptor: { mediaType: manifest.mediaType ?? type ?? "", digest, size: bytes.length }, manifest };
}
