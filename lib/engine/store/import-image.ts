import type { ImageConfig } from "../../types/image.js";
import { encodeImageConfig, formatTime, type ImageConfigFile } from "./image-config.js";
import type { ImageStore, StoredImage } from "./images.js";
import { hostPlatform, type ManifestPlatform } from "./manifest.js";

/** Options for {@link importImage}. */
export interface ImportOptions {
  /** Default settings of containers. */
  config?: ImageConfig;
  /** Comment. By default `Imported from -`. */
  comment?: string | undefined;
  /** Platform of the image. By default that of this machine. */
  platform?: ManifestPlatform | undefined;
  /** When the image is created, in nanoseconds since 1970. */
  now: bigint;
  /** Version of the engine, which the configuration records. */
  version?: string;
}

/**
 * Makes an image with one layer of an archive of a root file system.
 *
 * @param store - the images.
 * @param archive - the archive, uncompressed or compressed with gzip or zstd.
 * @param options - the configuration of the image.
 * @throws {@link EngineError} when it is not an archive.
 */
export async function importImage(
  store: ImageStore,
  archive: AsyncIterable<Buffer>,
  options: ImportOptions,
): Promise<StoredImage> {
  const { comment = "Imported from -", config = {}, version } = options;
  const platform = { ...hostPlatform(), ...options.platform };
  const created = formatTime(options.now);
  using hold = store.layers.hold();
  const { diffId } = await store.layers.add(archive, hold);
  const file: ImageConfigFile = {
    ...(platform.architecture !== undefined && { architecture: platform.architecture }),
    ...(platform.variant !== undefined && { variant: platform.variant }),
    ...(platform.os !== undefined && { os: platform.os }),
    comment,
    config,
    created,
    ...(version !== undefined && { docker_version: version }),
    history: [{ created, comment }],
    rootfs: { type: "layers", diff_ids: [diffId] },
  };
  return await store.add(encodeImageConfig(file));
}
