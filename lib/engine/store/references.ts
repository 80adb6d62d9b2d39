import type { Records } from "../../store/records.js";
import { isDigestKey, keyOf, type NamedReference } from "./image-reference.js";

/** What a name refers to. */
export interface ReferenceRecord {
  /** ID of the image. */
  readonly image: string;
}

/** The names of images: tags such as `busybox:latest`, and digests such as `busybox@sha256:…`. */
export class ReferenceStore {
  readonly #records: Records<ReferenceRecord>;

  /** @param records - the names, as Docker shows them. */
  constructor(records: Records<ReferenceRecord>) {
    this.#records = records;
  }

  /** Returns the ID of the image with a name. A name with a digest and a tag is looked up by its digest. */
  get(name: NamedReference): string | undefined {
    return this.#records.get(keyOf(name))?.image;
  }

  /** Sets a name. A tag that another image has moves. */
  set(name: NamedReference, image: string): Promise<void> {
    return this.#records.put(keyOf(name), { image });
  }

  /** Removes a name. */
  remove(name: string): Promise<void> {
    return this.#records.remove(name);
  }

  /** Returns the names of an image, sorted: tags and digests. */
  of(image: string): string[] {
    return this.byImage().get(image) ?? [];
  }

  /** Returns the sorted names of every image that has one. */
  byImage(): Map<string, string[]> {
    const names = new Map<string, string[]>();
    for (const [name, { image }] of this.#records.all()) {
      const list = names.get(image);
      if (list) list.push(name);
      else names.set(image, [name]);
    }
    for (const list of names.values()) list.sort();
    return names;
  }

  /** Removes the names of images that do not exist. */
  async sweep(exists: (image: string) => boolean): Promise<void> {
    for (const [name, { image }] of [...this.#records.all()]) if (!exists(image)) await this.#records.remove(name);
  }
}

/** Returns the tags among the names of an image. */
export const tagsAmong = (names: readonly string[]): string[] => names.filter((name) => !isDigestKey(name));

/** Returns the digests among the names of an image. */
export const digestsAmong = (names: readonly string[]): string[] => names.filter(isDigestKey);
