// Build contexts: folders with many small files and a large one.

import { randomBytes } from "node:crypto";
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MIB } from "./fixtures.js";

const SMALL_FILES_PER_MB = 25;
const FILES_PER_FOLDER = 100;
const text = Buffer.alloc(8192, "export const answer = 42; // a line of a source file\n");

/**
 * Writes a build context.
 *
 * @param {string} folder
 * @param {number} volume - the size of the large file in MiB. The number of small files is proportional to it.
 */
export async function writeContext(folder, volume) {
  for (let number = 0; number < volume * SMALL_FILES_PER_MB; number += 1) {
    const inner = join(folder, `src-${Math.floor(number / FILES_PER_FOLDER)}`);
    if (number % FILES_PER_FOLDER === 0) await mkdir(inner, { recursive: true });
    await writeFile(join(inner, `file-${number}.js`), text.subarray(0, 1 + ((number * 997) % text.length)));
  }
  await writeFile(join(folder, "Dockerfile"), "FROM scratch\nLABEL bench=bench\n");
  // random, so that it is incompressible like most large files
  for (let written = 0; written < volume; written += 1) await appendFile(join(folder, "large.bin"), randomBytes(MIB));
}
