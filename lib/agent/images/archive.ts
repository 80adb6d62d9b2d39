import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { ArchiveStream } from "../../archive/archive-stream.js";
import { type ArchiveEntry, readArchive } from "../../archive/index.js";
import type { LoadedEntry } from "../../archive/loaded-entry.js";
import { writeArchive } from "../../archive/pack.js";
import { RpcError } from "../rpc/rpc-error.js";
import type { NamelessFile } from "./nameless-file.js";

/** What an archive holds: a saved image, or the root file system of a container. */
export type ArchiveKind = "image" | "files";

/** The most bytes of a manifest or an index. */
const JSON_LIMIT = 4 * 1024 * 1024;

/**
 * Reads an archive to its end before an engine sees it.
 *
 * @param maxBytes - the most bytes that it may have uncompressed.
 * @throws an error if it is not a whole tar archive, too large, or holds more than one image.
 */
export async function examineArchive(file: NamelessFile, maxBytes: number, signal: AbortSignal): Promise<ArchiveKind> {
  let length = 0;
  const tooLarge = (): RpcError => invalid(`it is larger than ${maxBytes} bytes uncompressed`);
  const measure = async function* (source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      signal.throwIfAborted();
      length += chunk.length;
      if (length > maxBytes) throw tooLarge();
      yield chunk;
    }
  };
  let kind: ArchiveKind = "files";
  let entries = 0;
  try {
    for await (const entry of readArchive(Readable.from(measure(await uncompressed(file))))) {
      entries++;
      const name = plainName(entry);
      if (name === "oci-layout" || name === "manifest.json") kind = "image";
      if (name === "manifest.json") checkManifest(await jsonOf(entry));
    }
  } catch (error) {
    if (signal.aborted || error instanceof RpcError) throw error;
    if (length > maxBytes) throw tooLarge(); // which the reader of the archive has wrapped
    throw invalid("it is not a complete tar archive", error);
  }
  if (entries === 0) throw invalid("it is empty");
  return kind;
}

/**
 * Returns the archive of a saved image without the names in it. An engine would give these to the image, and take them from others
 * that have them.
 */
export function withoutNames(file: NamelessFile): Readable {
  return new ArchiveStream(() => writeArchive(namelessEntries(file)));
}

async function* namelessEntries(file: NamelessFile): AsyncGenerator<LoadedEntry, void, undefined> {
  for await (const entry of readArchive(await uncompressed(file))) {
    const { type, mtime } = entry;
    const name = plainName(entry);
    if (type === undefined || name === "repositories") continue;
    const header = { ...entry, name: entry.name, type, mtime: Math.floor(mtime.getTime() / 1000) };
    const isNaming = name === "manifest.json" || name === "index.json";
    if (isNaming) {
      const content = Buffer.from(JSON.stringify(withoutNamesIn(await jsonOf(entry))));
      yield { header: { ...header, size: content.length }, content };
    } else yield { header, content: { chunks: () => entry.chunks(), close: () => undefined } };
  }
}

/** The annotations with which an index names images. */
const naming = new Set(["io.containerd.image.name", "org.opencontainers.image.ref.name"]);

/** Removes the names from the manifest of a saved image, or from the index of an OCI layout. */
function withoutNamesIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((image: object) => ({ ...image, RepoTags: null }));
  const { manifests, ...rest } = value as { manifests?: { annotations?: object }[] };
  if (!Array.isArray(manifests)) return value;
  return {
    ...rest,
    manifests: manifests.map(({ annotations = {}, ...manifest }) => ({
      ...manifest,
      annotations: Object.fromEntries(Object.entries(annotations).filter(([name]) => !naming.has(name))),
    })),
  };
}

/** Returns the content of an archive that may be compressed. */
async function uncompressed(file: NamelessFile): Promise<Readable> {
  const content = Readable.from(file.chunks());
  if (!(await isGzip(file))) return content;
  return pipeline(content, createGunzip(), () => undefined); // its reader hears of failures
}

async function isGzip(file: NamelessFile): Promise<boolean> {
  for await (const chunk of file.chunks()) return chunk[0] === 0x1f && chunk[1] === 0x8b;
  return false;
}

function plainName({ name }: ArchiveEntry): string {
  return name.replace(/^\.\//, "");
}

async function jsonOf(entry: ArchiveEntry): Promise<unknown> {
  if (entry.size > JSON_LIMIT) throw invalid(`its ${plainName(entry)} is too large`);
  const text = (await entry.buffer(JSON_LIMIT)).toString();
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value;
  } catch (error) {
    throw invalid(`its ${plainName(entry)} is not JSON`, error);
  }
  throw invalid(`its ${plainName(entry)} is neither an object nor an array`);
}

function checkManifest(images: unknown): void {
  if (!Array.isArray(images) || images.length !== 1) throw invalid("it does not hold exactly one image");
}

function invalid(reason: string, cause?: unknown): RpcError {
  return new RpcError("engine", `the image archive is invalid: ${reason}`, {}, cause);
}
