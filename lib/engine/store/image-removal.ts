import type { ImageDeleteItem } from "../../types/image-results.js";
import { conflict, EngineError } from "../engine-error.js";
import { formatName, isDigestKey, keyOf, parseName, repositoryOf, withDefaultTag } from "./image-reference.js";
import type { ImageStore, StoredImage } from "./images.js";

/** Options for {@link removeImage}. */
export interface RemoveImageOptions {
  /** Also removes an image that stopped containers use, or that has several names. By default false. */
  force?: boolean;
  /** Also removes the parents that have no name and no other child. By default true. */
  prune?: boolean;
}

/** Returns the 12 characters of an ID that Docker shows. */
const shortId = (id: string): string => id.replace(/^sha256:/, "").slice(0, 12);

/** A reason against the removal of an image. */
interface Obstacle {
  readonly reason: string;
  /** Whether not even force removes the image. */
  readonly isHard?: true;
  /** Whether a container uses the image. */
  readonly isUsed?: true;
}

/** The kinds of obstacles that count. */
interface Watch {
  readonly names: boolean;
  readonly stopped: boolean;
}

function obstacleTo(store: ImageStore, image: StoredImage, watch: Watch): Obstacle | undefined {
  if (store.children(image.id).length > 0) return { reason: "image has dependent child images", isHard: true };
  const users = [...store.users()].filter((user) => user.image === image.id);
  const running = users.find((user) => user.running);
  if (running) return { reason: `image is being used by running container ${shortId(running.id)}`, isHard: true, isUsed: true };
  if (watch.names && store.references.of(image.id).length > 0) return { reason: "image is referenced in multiple repositories" };
  const [stopped] = users;
  if (!watch.stopped || !stopped) return undefined;
  return { reason: `image is being used by stopped container ${shortId(stopped.id)}`, isUsed: true };
}

const conflictOf = (image: StoredImage, { isHard, reason }: Obstacle): EngineError =>
  conflict(`conflict: unable to delete ${shortId(image.id)} (${isHard ? "cannot be forced" : "must be forced"}) - ${reason}`);

/** Returns whether names are of one repository, with one tag at most. */
function isSingle(names: readonly string[]): boolean {
  if (names.length <= 1) return true;
  return names.filter((name) => !isDigestKey(name)).length <= 1 && new Set(names.map(repositoryOf)).size === 1;
}

/** The removal of an image and its parents. */
class Removal {
  readonly items: ImageDeleteItem[] = [];
  readonly #store: ImageStore;
  readonly #force: boolean;
  readonly #prune: boolean;

  constructor(store: ImageStore, { force = false, prune = true }: RemoveImageOptions) {
    this.#store = store;
    this.#force = force;
    this.#prune = prune;
  }

  /** Removes a name, and the image if that was its last one. */
  async byName(image: StoredImage, name: string): Promise<void> {
    const names = this.#store.references.of(image.id);
    const user = [...this.#store.users()].find((one) => one.image === image.id);
    if (!this.#force && isSingle(names) && user) {
      const using = `container ${shortId(user.id)} is using its referenced image ${shortId(image.id)}`;
      throw conflict(`conflict: unable to remove repository reference ${JSON.stringify(name)} (must force) - ${using}`);
    }
    const reference = withDefaultTag(parseName(name));
    const key = keyOf(reference);
    if (!names.includes(key)) throw new EngineError(404, `reference does not exist`);
    await this.#untag(image, key, formatName(reference));
    let rest = this.#store.references.of(image.id);
    const same = rest.filter((one) => repositoryOf(one) === reference.repository);
    // digests alone would keep an image that has lost its last tag in the repository
    if (reference.digest === undefined && same.every(isDigestKey)) {
      for (const one of same) await this.#untag(image, one);
      rest = rest.filter((one) => !same.includes(one));
    }
    if (rest.length === 0) await this.delete(image, this.#force, true);
  }

  /** Removes an image with its names, unless they are of several repositories. */
  async byId(image: StoredImage): Promise<void> {
    const names = this.#store.references.of(image.id);
    if (isSingle(names)) {
      const obstacle = obstacleTo(this.#store, image, { names: false, stopped: !this.#force });
      if (obstacle) throw conflictOf(image, obstacle);
      for (const name of names) await this.#untag(image, name);
    }
    await this.delete(image, this.#force, false);
  }

  /**
   * Removes an image and, if wanted, its parents without names.
   *
   * @param quiet - whether obstacles are no error, because a name was removed.
   */
  async delete(image: StoredImage, force: boolean, quiet: boolean): Promise<void> {
    const obstacle = obstacleTo(this.#store, image, { names: !force, stopped: !force });
    if (obstacle) {
      const isDangling = this.#store.references.of(image.id).length === 0 && this.#store.children(image.id).length === 0;
      if (quiet && (!isDangling || obstacle.isUsed)) return;
      throw conflictOf(image, obstacle);
    }
    for (const name of this.#store.references.of(image.id)) await this.#untag(image, name);
    const layers = await this.#store.drop(image);
    this.items.push({ Deleted: image.id }, ...layers.map((Deleted) => ({ Deleted })));
    const parent = image.parent === undefined ? undefined : this.#store.get(image.parent);
    if (this.#prune && parent) await this.delete(parent, false, true);
  }

  async #untag(image: StoredImage, key: string, shown = key): Promise<void> {
    await this.#store.untag(image, key);
    this.items.push({ Untagged: shown });
  }
}

/**
 * Removes a name or an image, as `docker rmi` does: a name is removed from an image that has others; else the image is removed,
 * with the parents that only it needs.
 *
 * @param store - the images.
 * @param name - tag, digest or ID.
 * @param options - whether to force it, and to remove parents.
 * @returns what was removed, in order.
 * @throws {@link EngineError} with status 404 when there is no such image, and 409 when containers or images need it.
 */
export function removeImage(store: ImageStore, name: string, options: RemoveImageOptions = {}): Promise<ImageDeleteItem[]> {
  return store.exclusive(async () => {
    const image = store.find(name);
    const removal = new Removal(store, options);
    if (store.isIdOf(image, name)) await removal.byId(image);
    else await removal.byName(image, name);
    return removal.items;
  });
}
