import { digestOf } from "../store/blobs.js";
import { isIndex, parseManifest } from "../store/manifest.js";
import { type RegistryCall, type RegistryRoute, sendJson } from "./registry-call.js";
import { RegistryFault } from "./registry-fault.js";
import type { RegistryState, Repository } from "./registry-state.js";

/** The largest manifest, in bytes. */
const LIMIT = 4 * 1024 * 1024;

const unknownManifest = (): RegistryFault => new RegistryFault(404, "MANIFEST_UNKNOWN", "manifest unknown");

/** Returns the digest that a tag or a digest stands for. */
const resolve = (repository: Repository, reference: string): string => repository.tags.get(reference) ?? reference;

function readManifest({ request, response, repository: name, object }: RegistryCall, state: RegistryState): void {
  const repository = state.repository(name);
  const digest = repository ? resolve(repository, object) : "";
  const manifest = repository?.manifests.get(digest);
  if (!manifest) throw unknownManifest();
  const { bytes, type } = manifest;
  response.writeHead(200, {
    "content-type": type,
    "content-length": bytes.length,
    "docker-content-digest": digest,
    etag: `"${digest}"`,
  });
  response.end(request.method === "HEAD" ? undefined : bytes);
}

async function writeManifest({ request, response, repository: name, object }: RegistryCall, state: RegistryState): Promise<void> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LIMIT) throw new RegistryFault(413, "MANIFEST_INVALID", "manifest is too large");
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  const digest = digestOf(bytes);
  const repository = state.ensured(name);
  checkManifest(repository, bytes);
  if (object.includes(":") && object !== digest)
    throw new RegistryFault(400, "DIGEST_INVALID", "provided digest did not match uploaded content");
  const type = request.headers["content-type"] ?? "application/vnd.docker.distribution.manifest.v2+json";
  repository.manifests.set(digest, { type, bytes });
  if (!object.includes(":")) repository.tags.set(object, digest);
  const location = `/v2/${name}/manifests/${digest}`;
  response.writeHead(201, { location, "docker-content-digest": digest, "content-length": 0 }).end();
}

/** Checks that a manifest is one, and that the repository has what it refers to. */
function checkManifest(repository: Repository, bytes: Buffer): void {
  let manifest;
  try {
    manifest = parseManifest(bytes);
  } catch {
    throw new RegistryFault(400, "MANIFEST_INVALID", "manifest invalid");
  }
  const missing = isIndex(manifest)
    ? manifest.manifests.filter(({ digest }) => !repository.manifests.has(digest))
    : [manifest.config, ...manifest.layers].filter(({ digest }) => !repository.blobs.has(digest));
  if (missing.length > 0) throw new RegistryFault(400, "MANIFEST_BLOB_UNKNOWN", "blob unknown to registry");
}

function deleteManifest({ response, repository: name, object }: RegistryCall, state: RegistryState): void {
  const repository = state.known(name);
  const digest = resolve(repository, object);
  if (!repository.manifests.has(digest)) throw unknownManifest();
  if (object !== digest) repository.tags.delete(object);
  else {
    repository.manifests.delete(digest);
    for (const [tag, target] of repository.tags) if (target === digest) repository.tags.delete(tag);
  }
  response.writeHead(202, { "content-length": 0 }).end();
}

function listTags({ response, repository: name, query }: RegistryCall, state: RegistryState): void {
  const last = query.get("last") ?? "";
  const limit = Number(query.get("n") ?? Number.POSITIVE_INFINITY);
  const tags = [...state.known(name).tags.keys()].sort().filter((tag) => tag > last);
  sendJson(response, { name, tags: tags.slice(0, limit) });
}

/** The routes of manifests and tags by method and kind of object. */
export const manifestRoutes: Readonly<Record<string, RegistryRoute>> = {
  "GET manifests": readManifest,
  "HEAD manifests": readManifest,
  "PUT manifests": writeManifest,
  "DELETE manifests": deleteManifest,
  "GET tags/list": listTags,
};
