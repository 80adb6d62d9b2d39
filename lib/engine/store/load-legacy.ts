import type { ContainerConfig } from "../../types/container-config.js";
import { badRequest } from "../engine-error.js";
import { encodeImageConfig, type HistoryEntry, type ImageConfigFile } from "./image-config.js";
import type { ImageLoad } from "./image-load.js";
import type { StoredImage } from "./images.js";

/** The description of a layer in the layout of Docker before 1.10. */
interface LegacyImage {
  readonly id: string;
  readonly parent?: string;
  readonly created?: string;
  readonly author?: string;
  readonly comment?: string;
  readonly container_config?: ContainerConfig;
}

/** Members that the configuration of an image does not take over from the description. */
const leftOut = ["id", "parent", "parent_id", "layer_id", "throwaway", "Size"];

/** An image and all that its children need to know of it. */
interface LoadedLegacy {
  readonly image: StoredImage;
  readonly diffIds: readonly string[];
  readonly history: readonly HistoryEntry[];
}

function descriptionOf(load: ImageLoad, id: string): LegacyImage {
  if (!/^[0-9a-f]{64}$/.test(id)) throw badRequest(`invalid archive: invalid image ID ${JSON.stringify(id)}`);
  const value = load.files.parse(`${id}/json`);
  const isImage = typeof value === "object" && value !== null && "id" in value && value.id === id;
  if (!isImage) throw badRequest(`invalid archive: ${id}/json does not describe the image`);
  return value as LegacyImage; // the configuration that is made of it is checked as a whole
}

/** Loads an image after its parents. */
class LegacyLoad {
  readonly #load: ImageLoad;
  readonly #done = new Map<string, LoadedLegacy>();

  constructor(load: ImageLoad) {
    this.#load = load;
  }

  /** Loads an image and the parents that are not loaded yet. */
  async image(id: string): Promise<LoadedLegacy> {
    const chain: LegacyImage[] = [];
    for (let at: string | undefined = id; at !== undefined && at !== "" && !this.#done.has(at); at = chain.at(-1)?.parent) {
      if (chain.some((one) => one.id === at)) throw badRequest("invalid archive: an image is its own parent");
      chain.push(descriptionOf(this.#load, at));
    }
    for (const description of chain.reverse()) await this.#add(description);
    const loaded = this.#done.get(id);
    if (!loaded) throw badRequest(`invalid archive: ${id} is missing`);
    return loaded;
  }

  async #add(description: LegacyImage): Promise<void> {
    const { id, parent, created, author, comment, container_config: container } = description;
    const below = parent === undefined ? undefined : this.#done.get(parent);
    const diffIds = [...(below?.diffIds ?? []), await this.#load.layer(`${id}/layer.tar`)];
    const step: HistoryEntry = {
      ...(created !== undefined && { created }),
      ...(author && { author }),
      ...(container?.Cmd?.length && { created_by: container.Cmd.join(" ") }),
      ...(comment && { comment }),
    };
    const history = [...(below?.history ?? []), step];
    const config = { ...description, history, rootfs: { type: "layers", diff_ids: diffIds } };
    const kept = Object.fromEntries(Object.entries(config).filter(([key]) => !leftOut.includes(key)));
    const image = await this.#load.image(encodeImageConfig(kept as unknown as ImageConfigFile), [], below?.image.id);
    this.#done.set(id, { image, diffIds, history });
  }
}

/** The file `repositories`: IDs by repository and tag. */
function readRepositories(load: ImageLoad): [name: string, id: string][] {
  const value = load.files.parse("repositories");
  const repositories = Object.entries((value ?? {}) as Record<string, unknown>);
  return repositories.flatMap(([repository, tags]) => {
    if (typeof tags !== "object" || tags === null) throw badRequest("invalid archive: invalid repositories");
    return Object.entries(tags).map(([tag, id]): [string, string] => [`${repository}:${tag}`, String(id)]);
  });
}

/**
 * Loads the images of the layout that `docker save` wrote before 1.10: a folder for each image with `json` and `layer.tar`.
 *
 * @param load - the archive.
 */
export async function loadLegacy(load: ImageLoad): Promise<void> {
  const legacy = new LegacyLoad(load);
  const ids = load.files
    .paths()
    .map((path) => /^([0-9a-f]{64})\/json$/.exec(path)?.[1])
    .filter((id) => id !== undefined);
  // the words of Docker, which looks for the last of the files that a layout may have
  if (ids.length === 0) throw badRequest("open docker-import/repositories: no such file or directory");
  for (const id of ids) await legacy.image(id);
  if (!load.files.has("repositories")) return;
  for (const [name, id] of readRepositories(load)) await load.name((await legacy.image(id)).image, name);
}
