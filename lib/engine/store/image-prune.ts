import type { ImageDeleteItem, ImagesPruneResponse } from "../../types/image-results.js";
import { EngineError } from "../engine-error.js";
import { type ImageFilters, matchesLabels } from "./image-list.js";
import { removeImage } from "./image-removal.js";
import type { ImageStore, StoredImage } from "./images.js";
import { tagsAmong } from "./references.js";

/** The size of every layer by its chain ID. */
function layerSizes(store: ImageStore): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const { chain, layers } of store.all().values()) chain.forEach((id, at) => sizes.set(id, layers[at]?.size ?? 0));
  return sizes;
}

/** Removes an image or a name; what other objects need stays. */
async function removeUnused(store: ImageStore, name: string): Promise<ImageDeleteItem[]> {
  try {
    return await removeImage(store, name);
  } catch (error) {
    if (error instanceof EngineError && (error.status === 409 || error.status === 404)) return [];
    throw error;
  }
}

/**
 * Removes images that no container uses.
 *
 * @param store - the images.
 * @param filters - which images: with `dangling`, which is the default, those without tags, otherwise all; `labels`,
 * `withoutLabels` and `until` apply too.
 * @returns what was removed, and the size of the layers that were removed. The list is null if there is nothing in it.
 */
export async function pruneImages(
  store: ImageStore,
  filters: Pick<ImageFilters, "dangling" | "labels" | "withoutLabels" | "until"> = {},
): Promise<Omit<ImagesPruneResponse, "ImagesDeleted"> & { ImagesDeleted: ImageDeleteItem[] | null }> {
  const { dangling = true, until } = filters;
  const sizes = layerSizes(store);
  const names = store.references.byImage();
  const parents = store.parents();
  const isPruned = (image: StoredImage): boolean => {
    const own = names.get(image.id) ?? [];
    if (parents.has(image.id) && (dangling || own.length === 0)) return false;
    if (until !== undefined && !(image.created !== undefined && image.created <= until)) return false;
    return matchesLabels(image, filters) && !(dangling && tagsAmong(own).length > 0);
  };
  const removed: ImageDeleteItem[] = [];
  for (const image of [...store.all().values()].filter(isPruned)) {
    for (const name of names.get(image.id) ?? [image.id]) removed.push(...(await removeUnused(store, name)));
  }
  const reclaimed = removed.reduce((sum, { Deleted = "" }) => sum + (sizes.get(Deleted) ?? 0), 0);
  return { ImagesDeleted: removed.length > 0 ? removed : null, SpaceReclaimed: reclaimed };
}
