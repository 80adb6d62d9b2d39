import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ImageConfig } from "../../types/image.js";
import type { Clock } from "../clock.js";
import { badRequest } from "../engine-error.js";
import type { EventLog } from "../events/event-log.js";
import { emitImageEvent } from "../events/image-events.js";
import { openRemote } from "../remote-content.js";
import type { Exchange } from "../server/exchange.js";
import type { Route } from "../server/router.js";
import { parseTarget } from "../store/image-reference.js";
import type { ImageStore } from "../store/images.js";
import { importImage } from "../store/import-image.js";
import { loadImages } from "../store/load-archive.js";
import { type ManifestPlatform, parsePlatform } from "../store/manifest.js";
import { saveImages } from "../store/save-archive.js";
import { platformOf } from "./images.js";
import { MessageStream } from "./message-stream.js";

/** What the routes of image archives need. */
export interface ImageArchiveParts {
  /** The images. */
  readonly images: ImageStore;
  /** The events of the engine. */
  readonly events: EventLog;
  /** The time of the engine. */
  readonly clock: Clock;
  /** Version of the engine, which imported images record. */
  readonly version: string;
  /**
   * Applies instructions of a Dockerfile, such as `CMD ["sh"]`, to a configuration.
   *
   * @throws {@link EngineError} with status 400 for invalid instructions.
   */
  readonly applyChanges: (config: ImageConfig, changes: readonly string[]) => ImageConfig;
}

/** Routes that save and load images. */
export function imageArchiveRoutes(parts: ImageArchiveParts): Route[] {
  return [
    { method: "GET", path: "/images/get", handle: (exchange) => save(exchange, parts, exchange.query.all("names")) },
    { method: "GET", path: "/images/**:name/get", handle: (exchange) => save(exchange, parts, [exchange.param("name")]) },
    { method: "POST", path: "/images/load", handle: (exchange) => load(exchange, parts) },
  ];
}

async function save(exchange: Exchange, { images, events }: ImageArchiveParts, names: readonly string[]): Promise<void> {
  const archive = await saveImages(images, names, (image) => emitImageEvent(events, "save", image));
  await pipeline(archive, exchange.stream("application/x-tar"), { signal: exchange.signal });
}

async function load(exchange: Exchange, { images, events }: ImageArchiveParts): Promise<void> {
  const platform = platformOf(exchange);
  const messages = new MessageStream(exchange);
  messages.start(); // the engine reports invalid archives in the stream
  await messages.run(async () => {
    const quiet = exchange.query.flag("quiet", true);
    const loaded = await loadImages(images, exchange.request as AsyncIterable<Buffer>, {
      report: messages.report,
      quiet,
      platform,
    });
    for (const image of loaded) emitImageEvent(events, "load", image);
  });
}

/** Opens the content at a URL; one without a scheme is of HTTP. */
function download(url: string, signal: AbortSignal): Promise<Readable> {
  const address = /^https?:\/\//.test(url) ? url : `http://${url}`;
  if (!URL.canParse(address)) throw badRequest(`parse ${JSON.stringify(address)}: invalid URL`);
  return openRemote(address, signal);
}

/** Parses a platform such as `linux/arm64`. */
function importPlatform(text: string): ManifestPlatform | undefined {
  if (text === "") return undefined;
  const platform = parsePlatform(text);
  const isValid = /^[\w.-]+(\/[\w.-]+){0,2}$/.test(text) && platform.os === "linux";
  if (!isValid) throw badRequest(`${JSON.stringify(text)}: unknown operating system or architecture: invalid argument`);
  return platform;
}

/**
 * Imports an image: `POST /images/create` with `fromSrc`, which is `-` for an archive in the body, or a URL.
 *
 * @param exchange - the request.
 * @param parts - the images and what they need.
 */
export async function importFromRequest(exchange: Exchange, parts: ImageArchiveParts): Promise<void> {
  const { images, events, clock, version } = parts;
  const { query } = exchange;
  const source = query.text("fromSrc");
  const target = query.text("repo") === "" ? undefined : parseTarget(query.text("repo"), query.text("tag"));
  const platform = importPlatform(query.text("platform"));
  const config = parts.applyChanges({}, query.all("changes"));
  const comment = query.text("message") || `Imported from ${source}`;
  const messages = new MessageStream(exchange);
  await messages.run(async () => {
    const archive = source === "-" ? exchange.request : await download(source, exchange.signal);
    const image = await importImage(images, archive as AsyncIterable<Buffer>, {
      config,
      comment,
      platform,
      now: clock.now(),
      version,
    });
    if (target) await images.tag(image, target);
    emitImageEvent(events, "import", image);
    messages.report({ status: image.id });
  });
}
