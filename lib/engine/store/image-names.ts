import type { ImageStore } from "./images.js";

/** Finds images by name, and those that are built on others, for filters of containers. */
export class ImageNames {
  readonly #images: ImageStore;

  constructor(images: ImageStore) {
    this.#images = images;
  }

  /** Returns the ID of an image; undefined if no image has the name. */
  idOf(name: string): string | undefined {
    try {
      return this.#images.find(name).id;
    } catch {
      return undefined; // no image has this name
    }
  }

  /** Returns the IDs of an image and of all that were built on it. */
  descendants(id: string): Set<string> {
    const found = new Set([id]);
    // a set also returns what is added while it is read
    for (const ancestor of found) for (const child of this.#images.children(ancestor)) found.add(child.id);
    return found;
  }
}
