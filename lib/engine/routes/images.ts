import type { ImageInspect, ImageSummary } from "../../types/image.js";
import { errorMessage } from "../../wire/realm.js";
import { encodeTimestamp } from "../../wire/timestamp.js";
import { parseJson } from "../bounded-json.js";
import { badRequest, EngineError, notFound } from "../engine-error.js";
import type { EventLog } from "../events/event-log.js";
import type { ImageSearch } from "../registry/image-search.js";
import type { Exchange } from "../server/exchange.js";
import { filterFlag, type Filters, parseFlag } from "../server/query.js";
import type { Route } from "../server/router.js";
import { listImages } from "../store/image-list.js";
import { pruneImages } from "../store/image-prune.js";
import { parseTarget } from "../store/image-reference.js";
import { removeImage } from "../store/image-removal.js";
import { imageHistory, inspectImage } from "../store/image-views.js";
import type { ImageStore, StoredImage } from "../store/images.js";
import { chooseManifest, formatPlatform, type ManifestPlatform } from "../store/manifest.js";

/** What the routes of images need. */
export interface ImageRouteParts {
  /** The images. */
  readonly images: ImageStore;
  /** The events of the engine. */
  readonly events: EventLog;
  /** The name of the storage driver. */
  readonly driver: string;
  /** Finds images in registries. Without it, search is answered with status 501. */
  readonly search?: ImageSearch | undefined;
}

/** Returns the number after the point of an API version. */
const minorOf = (version: string): number => Number(version.split(".")[1]);

/** Routes of images that are on the engine. */
export function imageRoutes(parts: ImageRouteParts): Route[] {
  const { images } = parts;
  return [
    { method: "GET", path: "/images/json", handle: (exchange) => list(exchange, images) },
    { method: "GET", path: "/images/search", handle: (exchange) => search(exchange, parts.search) },
    { method: "POST", path: "/images/prune", since: "1.25", handle: (exchange) => prune(exchange, parts) },
    { method: "GET", path: "/images/**:name/json", handle: (exchange) => inspect(exchange, parts) },
    { method: "GET", path: "/images/**:name/history", handle: (exchange) => history(exchange, images) },
    { method: "POST", path: "/images/**:name/tag", handle: (exchange) => tag(exchange, images) },
    { method: "DELETE", path: "/images/**:name", handle: (exchange) => remove(exchange, images) },
  ];
}

/** Parses the earliest of some points in time, in nanoseconds since 1970. */
function earliest(values: readonly string[] | undefined): bigint | undefined {
  const times = (values ?? []).map((value) => {
    const day = /^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value;
    const encoded = encodeTimestamp(/^\d{4}-\d\d-\d\dT[\d:.]+$/.test(day) ? `${day}Z` : day);
    if (encoded === undefined) throw new EngineError(500, `failed to parse value as time or duration: ${JSON.stringify(value)}`);
    const [seconds = "0", decimals = ""] = encoded.split(".");
    return BigInt(seconds) * 1_000_000_000n + BigInt(decimals.padEnd(9, "0"));
  });
  return times.reduce<bigint | undefined>((least, time) => (least === undefined || time < least ? time : least), undefined);
}

/** Returns the values of a filter, or undefined if there are none. */
function valuesOf(filters: Filters, name: string): readonly string[] | undefined {
  const values = filters.get(name);
  return values?.length ? values : undefined;
}

/** Returns an image of a list in the form of early API versions. */
function earlySummary(image: ImageSummary, minor: number): ImageSummary {
  const isUntagged = image.RepoTags.length === 0 && image.RepoDigests.length === 0;
  return {
    ...image,
    ...(minor < 44 && { VirtualSize: image.Size }),
    ...(minor < 43 && isUntagged && { RepoTags: ["<none>:<none>"], RepoDigests: ["<none>@<none>"] }),
  };
}

function list(exchange: Exchange, images: ImageStore): void {
  const { query, version } = exchange;
  const filters = query.filters(["before", "dangling", "label", "reference", "since", "until"]);
  const minor = minorOf(version);
  const early = minor < 41 && query.text("filter") !== "" ? [query.text("filter")] : undefined;
  const found = listImages(images, {
    all: query.flag("all"),
    sharedSize: query.flag("shared-size"),
    dangling: filters.has("dangling") ? filterFlag(filters, "dangling", false) : undefined,
    labels: valuesOf(filters, "label"),
    references: valuesOf(filters, "reference") ?? early,
    before: valuesOf(filters, "before"),
    since: valuesOf(filters, "since"),
    until: earliest(filters.get("until")),
  });
  exchange.json(found.map((image) => earlySummary(image, minor)));
}

async function search(exchange: Exchange, find: ImageSearch | undefined): Promise<void> {
  const limit = exchange.query.integer("limit") ?? 25;
  if (limit < 1 || limit > 100) throw badRequest(`limit ${limit} is outside the range of [1, 100]`);
  const filters = exchange.query.filters(["is-automated", "is-official", "stars"]);
  const official = filters.has("is-official") ? parseFlag(filters, "is-official") : undefined;
  const automated = filters.has("is-automated") ? parseFlag(filters, "is-automated") : undefined;
  const stars = Math.max(0, ...(filters.get("stars") ?? []).map(parseStars));
  if (!find) throw new EngineError(501, "this engine has no search provider");
  const results = await find(exchange.query.text("term"), limit);
  const isEarly = minorOf(exchange.version) < 12;
  const found = results.filter(
    (result) =>
      (official === undefined || result.is_official === official) &&
      (automated === undefined || result.is_automated === automated) &&
      result.star_count >= stars,
  );
  exchange.json(isEarly ? found.map(({ is_automated: is_trusted, ...result }) => ({ ...result, is_trusted })) : found);
}

function parseStars(value: string): number {
  if (!/^\d+$/.test(value)) throw badRequest(`invalid filter 'stars=[${value}]'`);
  return Number(value);
}

async function prune(exchange: Exchange, { images, events }: ImageRouteParts): Promise<void> {
  const filters = exchange.query.filters(["dangling", "label", "label!", "until"]);
  if ((filters.get("until")?.length ?? 0) > 1) throw badRequest("more than one until filter specified");
  const result = await pruneImages(images, {
    dangling: filterFlag(filters, "dangling", true),
    labels: valuesOf(filters, "label"),
    withoutLabels: valuesOf(filters, "label!"),
    until: earliest(filters.get("until")),
  });
  events.emit("image", "prune", "", { reclaimed: String(result.SpaceReclaimed) });
  exchange.json(result);
}

/** Parses a platform in a query, which is a JSON object. */
export function platformOf(exchange: Exchange, key = "platform"): ManifestPlatform | undefined {
  const text = exchange.query.text(key);
  if (text === "") return undefined;
  try {
    const value = parseJson(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw badRequest(`failed to parse platform: ${errorMessage(error)}`);
  }
  throw badRequest("failed to parse platform: not an object");
}

/** Finds the image of a request, for the platform that the request may name. */
function findImage(exchange: Exchange, images: ImageStore): StoredImage {
  const name = exchange.param("name");
  const image = images.find(name);
  const wanted = platformOf(exchange);
  const { architecture, os, variant } = image.config;
  const platform: ManifestPlatform = {
    ...(os !== undefined && { os }),
    ...(architecture !== undefined && { architecture }),
    ...(variant !== undefined && { variant }),
  };
  const descriptor = { mediaType: "", digest: image.id, size: 0, platform };
  if (!wanted || chooseManifest({ manifests: [descriptor] }, wanted)) return image;
  const actual = formatPlatform(platform);
  throw notFound(
    `image with reference ${name} was found but its platform (${actual}) does not match the specified platform (${formatPlatform(wanted)})`,
  );
}

function inspect(exchange: Exchange, { driver, images }: ImageRouteParts): void {
  const minor = minorOf(exchange.version);
  const found = inspectImage(images, findImage(exchange, images), driver, minor);
  exchange.json(minor < 12 ? earlyDetails(found) : found);
}

/** Returns the details of an image with the names that they have below API 1.12. */
function earlyDetails(image: ImageInspect): object {
  return {
    id: image.Id,
    parent: image.Parent,
    comment: image.Comment,
    created: image.Created,
    container: image.Container,
    container_config: image.ContainerConfig,
    docker_version: image.DockerVersion,
    author: image.Author,
    config: image.Config,
    architecture: image.Architecture,
    os: image.Os,
    Size: image.Size,
  };
}

function history(exchange: Exchange, images: ImageStore): void {
  exchange.json(imageHistory(images, findImage(exchange, images)));
}

async function tag(exchange: Exchange, images: ImageStore): Promise<void> {
  const repository = exchange.query.text("repo");
  if (repository === "") {
    exchange.empty(200);
    return;
  }
  const target = parseTarget(repository, exchange.query.text("tag"));
  await images.tag(images.find(exchange.param("name")), target);
  exchange.empty(201);
}

async function remove(exchange: Exchange, images: ImageStore): Promise<void> {
  const { query } = exchange;
  const removed = await removeImage(images, exchange.param("name"), {
    force: query.flag("force"),
    prune: !query.flag("noprune"),
  });
  exchange.json(removed);
}
