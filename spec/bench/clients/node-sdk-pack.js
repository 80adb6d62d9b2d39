// Packs a context with tar-stream, one file at a time, for a client that accepts only archives.

import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { pipeline } from "node:stream/promises";
import tar from "tar-stream";

/** Larger files are streamed. */
const SMALL = 1024 * 1024;

const addSmall = (archive, header, content) =>
  new Promise((resolve, reject) => archive.entry(header, content, (error) => (error ? reject(error) : resolve())));

async function addAll(archive, context) {
  for (const entry of await readdir(context, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const { size, mode, mtime } = await stat(path);
    const header = { name: relative(context, path), size, mode, mtime };
    if (size > SMALL) await pipeline(createReadStream(path, { highWaterMark: 256 * 1024 }), archive.entry(header));
    else await addSmall(archive, header, await readFile(path));
  }
  archive.finalize();
}

/**
 * Packs a folder into a tar archive as a web stream.
 *
 * @param {string} context
 */
export function pack(context) {
  const archive = tar.pack();
  addAll(archive, context).catch((error) => archive.destroy(error));
  return ReadableStream.from(archive);
}
