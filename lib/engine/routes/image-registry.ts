import { emitImageEvent } from "../events/image-events.js";
import { parseCredentials } from "../registry/credentials.js";
import { readBody } from "../registry/http.js";
import { fetchManifest } from "../registry/manifests.js";
import { pullImage } from "../registry/pull.js";
import { pushImage } from "../registry/push.js";
import { RegistryClient, type RegistryOptions } from "../registry/registry-client.js";
import type { Exchange } from "../server/exchange.js";
import type { Route } from "../server/router.js";
import { parseImageConfig } from "../store/image-config.js";
import { formatName, type NamedReference, parseName, parseTarget, withDefaultTag } from "../store/image-reference.js";
import type { StoredImage } from "../store/images.js";
import { formatPlatform, isForPlatform, isIndex, type ManifestPlatform, namedPlatform } from "../store/manifest.js";
import { type ImageArchiveParts, importFromRequest } from "./image-archives.js";
import { MessageStream } from "./message-stream.js";

/** What the routes of registries need. */
export interface ImageRegistryParts extends ImageArchiveParts {
  /** Registries, with ports, that may use plain HTTP or invalid certificates. Those on this machine always may. */
  readonly insecureRegistries?: readonly string[];
}

/** Routes that pull and push images, and ask registries. */
export function imageRegistryRoutes(parts: ImageRegistryParts): Route[] {
  return [
    { method: "POST", path: "/images/create", handle: (exchange) => create(exchange, parts) },
    { method: "POST", path: "/images/**:name/push", handle: (exchange) => push(exchange, parts) },
    { method: "GET", path: "/distribution/**:name/json", since: "1.30", handle: (exchange) => distribution(exchange, parts) },
  ];
}

/** Returns how the registry of a request is used. */
function optionsOf(exchange: Exchange, { insecureRegistries = [] }: ImageRegistryParts): RegistryOptions {
  return { credentials: parseCredentials(exchange.header("x-registry-auth")), insecureRegistries, signal: exchange.signal };
}

function create(exchange: Exchange, parts: ImageRegistryParts): Promise<void> {
  return exchange.query.text("fromImage") === "" ? importFromRequest(exchange, parts) : pull(exchange, parts);
}

/** Parses the name of a pull. The tag may be a digest. */
function pulledName(image: string, tag: string): NamedReference {
  const name = parseName(image.replace(/:$/, ""));
  if (tag === "") return name;
  if (tag.includes(":")) return parseName(`${name.repository}@${tag}`);
  return parseTarget(formatName({ ...name, digest: undefined }), tag);
}

/** Returns the warning about an image of another platform than the pull asked for. */
function platformWarning(
  { config }: StoredImage,
  name: NamedReference,
  wanted: ManifestPlatform | undefined,
): string | undefined {
  if (!wanted) return undefined;
  const { architecture = "", os = "", variant = "" } = config;
  const actual = { os, architecture, variant };
  if (isForPlatform(actual, wanted)) return undefined;
  return `WARNING: image with reference ${formatName(name)} was found but its platform (${formatPlatform(actual)}) does not match the specified platform (${formatPlatform(wanted)})`;
}

async function pull(exchange: Exchange, parts: ImageRegistryParts): Promise<void> {
  const { query } = exchange;
  const name = pulledName(query.text("fromImage"), query.text("tag"));
  const platform = namedPlatform(query.text("platform"));
  const messages = new MessageStream(exchange);
  await messages.run(async () => {
    const pulled = await pullImage(parts.images, name, { ...optionsOf(exchange, parts), platform, report: messages.report });
    const [image] = pulled;
    if (!image) return;
    emitImageEvent(parts.events, "pull", image, name.repository, formatName(name));
    const warning = platformWarning(image, name, platform);
    if (warning !== undefined) messages.report({ status: warning });
  });
}

async function push(exchange: Exchange, parts: ImageRegistryParts): Promise<void> {
  const { images, events } = parts;
  const tag = exchange.query.text("tag");
  const target = exchange.param("name");
  const name = tag === "" ? parseName(target) : parseTarget(target, tag);
  const messages = new MessageStream(exchange);
  await messages.run(async () => {
    await pushImage(images, name, { ...optionsOf(exchange, parts), report: messages.report });
    const id = images.references.get(name);
    const image = id === undefined ? undefined : images.get(id);
    if (image) emitImageEvent(events, "push", image, name.repository, formatName(name));
    else events.emit("image", "push", formatName(name), { name: name.repository });
  });
}

async function distribution(exchange: Exchange, parts: ImageRegistryParts): Promise<void> {
  const name = withDefaultTag(parseName(exchange.param("name")));
  const client = await RegistryClient.open(name, "pull", optionsOf(exchange, parts));
  const { descriptor, manifest } = await fetchManifest(client, name.digest ?? name.tag ?? "");
  exchange.json({
    Descriptor: descriptor,
    Platforms: isIndex(manifest)
      ? manifest.manifests.flatMap(({ platform }) => (platform ? [platform] : []))
      : [await configPlatform(client, manifest.config.digest)],
  });
}

/** Returns the platform in the configuration of an image. */
async function configPlatform(client: RegistryClient, digest: string): Promise<ManifestPlatform> {
  const { architecture, os, variant } = parseImageConfig(await readBody(await client.request(`/blobs/${digest}`)));
  return {
    ...(architecture !== undefined && { architecture }),
    ...(os !== undefined && { os }),
    ...(variant !== undefined && { variant }),
  };
}
