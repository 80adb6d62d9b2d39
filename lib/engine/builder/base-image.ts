import { EngineError } from "../engine-error.js";
import { emitImageEvent } from "../events/image-events.js";
import { pullImage } from "../registry/pull.js";
import { formatName, parseName, withDefaultTag } from "../store/image-reference.js";
import type { StoredImage } from "../store/images.js";
import { isForPlatform, type ManifestPlatform } from "../store/manifest.js";
import type { BuildOptions, BuildParts } from "./build-options.js";

/** Finds an image on the engine; returns undefined if there is none. */
function findImage({ images }: BuildParts, name: string): StoredImage | undefined {
  try {
    return images.find(name);
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return undefined;
    throw error;
  }
}

/**
 * Finds the image that a stage is built on, and pulls it if it is missing, is for another platform, or if the request
 * asks for new images.
 *
 * @param parts - the engine.
 * @param name - the name of the image.
 * @param options - settings of the build.
 * @param platform - the platform of the image; undefined for any.
 * @throws {@link EngineError} when its name is invalid, or the pull fails.
 */
export async function baseImage(
  parts: BuildParts,
  name: string,
  { report, signal, pulls, credentials }: Pick<BuildOptions, "report" | "signal" | "pulls" | "credentials">,
  platform: ManifestPlatform | undefined,
): Promise<StoredImage> {
  const found = findImage(parts, name);
  const known = found && (!platform || isForPlatform(found.config, platform)) ? found : undefined;
  if (known && !(pulls && !parts.images.isIdOf(known, name))) return known;
  const reference = withDefaultTag(parseName(name));
  const [image] = await pullImage(parts.images, reference, {
    report,
    signal,
    platform,
    insecureRegistries: parts.insecureRegistries,
    credentials: credentials.get(reference.registry) ?? {},
  });
  if (!image) throw new EngineError(404, `No such image: ${formatName(reference)}`);
  emitImageEvent(parts.events, "pull", image, reference.repository, formatName(reference));
  return image;
}
