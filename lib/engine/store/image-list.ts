import type { ImageSummary } from "../../types/image.js";
import { compileGlob } from "./glob.js";
import { repositoryOf } from "./image-reference.js";
import type { ImageStore, StoredImage } from "./images.js";
import { digestsAmong, tagsAmong } from "./references.js";

/** Which images {@link listImages} and {@link pruneImages} take. Conditions that are absent do not restrict them. */
export interface ImageFilters {
  /** Whether images without tags are taken, or all others. */
  dangling?: boolean | undefined;
  /** Labels that an image must have: all of them, as `name` or `name=value`. */
  labels?: readonly string[] | undefined;
  /** Labels that an image must not have: none of them. */
  withoutLabels?: readonly string[] | undefined;
  /** Patterns of names. One of them must match. */
  references?: readonly string[] | undefined;
  /** Images that an image must be older than: all of them. */
  before?: readonly string[] | undefined;
  /** Images that an image must be newer than: all of them. */
  since?: readonly string[] | undefined;
  /** Time that an image must be older than, in nanoseconds since 1970. */
  until?: bigint | undefined;
}

/** Options for {@link listImages}. */
export interface ListImagesOptions extends ImageFilters {
  /** Also lists the intermediate images of builds. By default false. */
  all?: boolean | undefined;
  /** Calculates the sizes that are shared with other images. By default false. */
  sharedSize?: boolean | undefined;
}

/** Returns whether labels include one, given as `name` or `name=value`. */
function hasLabel(labels: Readonly<Record<string, string>>, wanted: string): boolean {
  const equals = wanted.indexOf("=");
  const name = equals < 0 ? wanted : wanted.slice(0, equals);
  return Object.hasOwn(labels, name) && (equals < 0 || labels[name] === wanted.slice(equals + 1));
}

/** Returns whether the labels of an image satisfy the filters. */
export function matchesLabels(image: StoredImage, { labels = [], withoutLabels = [] }: ImageFilters): boolean {
  const own = image.config.config?.Labels ?? {};
  return labels.every((label) => hasLabel(own, label)) && !withoutLabels.some((label) => hasLabel(own, label));
}

/** Returns the creation time of the oldest or newest of some images; undefined if none has one. */
function bound(store: ImageStore, names: readonly string[] | undefined, pick: "oldest" | "newest"): bigint | undefined {
  const times = (names ?? []).map((name) => store.find(name).created).filter((time) => time !== undefined);
  return times.reduce<bigint | undefined>((best, time) => {
    if (best === undefined) return time;
    return (pick === "oldest") === time < best ? time : best;
  }, undefined);
}

/** Returns the size of the layers of each image that it shares with other images. */
function sharedSizes(store: ImageStore): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { chain } of store.all().values()) for (const id of chain) counts.set(id, (counts.get(id) ?? 0) + 1);
  const sizeOf = ({ chain, layers }: StoredImage): number =>
    layers.reduce((sum, { size }, at) => sum + ((counts.get(chain[at] ?? "") ?? 0) > 1 ? size : 0), 0);
  return new Map(Array.from(store.all().values(), (image) => [image.id, sizeOf(image)]));
}

/** Returns the number of containers of each image. */
function containerCounts(store: ImageStore): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { image } of store.users()) counts.set(image, (counts.get(image) ?? 0) + 1);
  return counts;
}

/** Returns whole seconds since 1970. */
export const secondsOf = (nanoseconds: bigint | undefined): number => {
  if (nanoseconds === undefined) return 0;
  const second = 1_000_000_000n;
  return Number((nanoseconds - (((nanoseconds % second) + second) % second)) / second);
};

/**
 * Lists images, newest first.
 *
 * @param store - the images.
 * @param options - which images, and what to calculate.
 * @throws {@link EngineError} with status 404 when an image of `before` or `since` does not exist, and 500 when a pattern is
 * malformed.
 */
export function listImages(store: ImageStore, options: ListImagesOptions = {}): ImageSummary[] {
  const { all = false, dangling, references } = options;
  const patterns = references?.map(compileGlob);
  const matches = (name: string): boolean =>
    !patterns || patterns.some((pattern) => pattern.test(name) || pattern.test(repositoryOf(name)));
  const oldest = bound(store, options.before, "oldest");
  const before = options.until !== undefined && (oldest === undefined || options.until < oldest) ? options.until : oldest;
  const since = bound(store, options.since, "newest");
  const names = store.references.byImage();
  const parents = store.parents();
  const isListed = (image: StoredImage, shown: readonly string[]): boolean => {
    if (dangling === true && parents.has(image.id)) return false;
    if (before !== undefined && !(image.created !== undefined && image.created < before)) return false;
    if (since !== undefined && !(image.created !== undefined && image.created > since)) return false;
    if (!matchesLabels(image, options)) return false;
    if (shown.length > 0) return !(dangling === true && tagsAmong(shown).length > 0);
    return (all || !parents.has(image.id)) && dangling !== false && !patterns;
  };
  const shared = options.sharedSize ? sharedSizes(store) : undefined;
  const containers = containerCounts(store);
  return [...store.all().values()]
    .map((image) => ({ image, shown: (names.get(image.id) ?? []).filter(matches) }))
    .filter(({ image, shown }) => isListed(image, shown))
    .sort((one, other) => secondsOf(other.image.created) - secondsOf(one.image.created))
    .map(({ image, shown }) => ({
      Containers: containers.get(image.id) ?? 0,
      Created: secondsOf(image.created),
      Id: image.id,
      // null without labels, as the engine has it
      Labels: image.config.config?.Labels ?? (null as unknown as Record<string, string>),
      ParentId: image.parent ?? "",
      RepoDigests: digestsAmong(shown),
      RepoTags: tagsAmong(shown),
      SharedSize: shared?.get(image.id) ?? -1,
      Size: image.size,
    }));
}
