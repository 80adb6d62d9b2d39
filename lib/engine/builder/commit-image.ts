import type { ImageConfig } from "../../types/image.js";
import type { RootTree } from "../files/root-tree.js";
import { encodeImageConfig, formatTime, type HistoryEntry, type ImageConfigFile } from "../store/image-config.js";
import type { ImageStore, StoredImage } from "../store/images.js";
import { hostPlatform } from "../store/manifest.js";

/** What a new image consists of. */
export interface NewImage {
  /** The image below; undefined for an image that starts from nothing. */
  readonly base: StoredImage | undefined;
  /** The files, of which what differs from their layers becomes a layer; undefined for an image without a new layer. */
  readonly files: RootTree | undefined;
  /** Settings of its containers. */
  readonly config: ImageConfig;
  /** The command or the instruction that made it. */
  readonly createdBy: string;
  /** Author. */
  readonly author?: string | undefined;
  /** Comment. */
  readonly comment?: string | undefined;
  /** When it is created, in nanoseconds since 1970. */
  readonly now: bigint;
  /** Version of the engine, which the configuration records. */
  readonly version: string;
}

/** The members of a configuration that belong to an image: those that say nothing about one container. */
const members = [
  "User",
  "ExposedPorts",
  "Env",
  "Cmd",
  "Healthcheck",
  "Volumes",
  "WorkingDir",
  "Entrypoint",
  "OnBuild",
  "Labels",
  "StopSignal",
  "Shell",
] as const;

/** Returns the settings of an image that the configuration of a container holds. Those that are not set are left out. */
export function imageSettings(config: Readonly<Partial<Record<(typeof members)[number], unknown>>>): ImageConfig {
  const set = members.map((name) => [name, config[name]] as const);
  return Object.fromEntries(set.filter(([, value]) => value !== undefined && value !== null && value !== ""));
}

/**
 * Adds an image on top of another one. Without changed files, it has no layer of its own.
 *
 * @param images - the images of the engine.
 * @param image - what the image consists of.
 * @returns the image, whose parent is the image below.
 * @throws {@link EngineError} when it has too many layers.
 */
export async function commitImage(images: ImageStore, image: NewImage): Promise<StoredImage> {
  const { base, files, config, createdBy, author, comment, now, version } = image;
  const isChanged = files !== undefined && (await files.changes()).length > 0;
  using hold = images.layers.hold();
  const layers = base?.layers.map(({ diffId }) => diffId) ?? [];
  for (const diffId of layers) hold.keep(diffId);
  if (isChanged) layers.push((await images.layers.add(files.diff() as AsyncIterable<Buffer>, hold)).diffId);
  const created = formatTime(now);
  const texts = { ...(author && { author }), ...(comment && { comment }) };
  const step: HistoryEntry = { created, created_by: createdBy, ...texts, ...(isChanged ? {} : { empty_layer: true }) };
  const { architecture, variant, os } = { ...hostPlatform(), ...base?.config };
  const file: ImageConfigFile = {
    ...(architecture !== undefined && { architecture }),
    ...(variant !== undefined && { variant }),
    ...(os !== undefined && { os }),
    ...texts,
    config,
    created,
    docker_version: version,
    history: [...(base?.config.history ?? []), step],
    rootfs: { type: "layers", diff_ids: layers },
  };
  return await images.add(encodeImageConfig(file), base?.id);
}
