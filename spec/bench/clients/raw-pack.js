// A minimal tar writer for contexts that contain only files.

import { closeSync, fstatSync, open, read } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";

const openFile = promisify(open);
const readFile = promisify(read);

/** The number of files that are read concurrently. */
const AHEAD = 16;
/** Files up to this size are read at once. */
const SMALL = 128 * 1024;
/** Larger files are read in blocks of this size, and small files are sent in batches of at least this size. */
const BLOCK = 256 * 1024;

const octal = (number, length) => number.toString(8).padStart(length - 1, "0");

function headerOf(name, { mode, size, mtimeMs }) {
  const header = Buffer.alloc(512);
  header.latin1Write(name, 0);
  header.latin1Write(octal(mode & 0o7777, 8), 100);
  header.latin1Write(octal(0, 8), 108);
  header.latin1Write(octal(0, 8), 116);
  header.latin1Write(octal(size, 12), 124);
  header.latin1Write(octal(Math.floor(mtimeMs / 1000), 12), 136);
  header.latin1Write("        0", 148);
  header.latin1Write("ustar\x0000", 257);
  let sum = 0;
  for (const byte of header) sum += byte;
  header.latin1Write(`${octal(sum, 7)}\0 `, 148);
  return header;
}

async function load(context, path) {
  const fd = await openFile(path, "r");
  // fstat on an open file does not block, so the synchronous call is cheaper than a thread
  const stats = fstatSync(fd);
  const header = headerOf(relative(context, path), stats);
  if (stats.size > SMALL) return { header, fd, size: stats.size };
  const content = Buffer.allocUnsafe(stats.size);
  await readFile(fd, content, 0, stats.size, 0);
  closeSync(fd);
  return { header, content, size: stats.size };
}

const padding = (size) => Buffer.alloc((512 - (size % 512)) % 512);

/**
 * Packs the files of a folder, sorted by name.
 *
 * @param {string} context
 */
export async function* pack(context) {
  const entries = await readdir(context, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  paths.sort();
  const loading = [];
  let pieces = [];
  let length = 0;
  for (let at = 0; at < paths.length;) {
    while (loading.length < AHEAD && at + loading.length < paths.length) loading.push(load(context, paths[at + loading.length]));
    const { header, content, fd, size } = await loading.shift();
    at += 1;
    pieces.push(header);
    length += 1024;
    if (content) {
      pieces.push(content);
      length += size;
    } else {
      yield Buffer.concat(pieces);
      pieces = [];
      length = 0;
      for (let sent = 0; sent < size;) {
        const block = Buffer.allocUnsafe(Math.min(BLOCK, size - sent));
        const { bytesRead } = await readFile(fd, block, 0, block.length, sent);
        if (bytesRead === 0) throw new Error("a file shrank while it was read");
        sent += bytesRead;
        yield block.subarray(0, bytesRead);
      }
      closeSync(fd);
    }
    pieces.push(padding(size));
    if (length < BLOCK) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    length = 0;
  }
  pieces.push(Buffer.alloc(1024));
  yield Buffer.concat(pieces);
}
