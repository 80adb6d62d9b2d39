import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { InvalidOptionError } from "../../errors/usage-errors.js";

/** How much of a file is read at once, in bytes. */
const CHUNK = 256 * 1024;

/**
 * Opens a file of this machine to be sent. It is closed when the stream is.
 *
 * @param path - where it is.
 * @param option - the option that names it, and `operation` the method: for the error.
 * @throws {@link InvalidOptionError} when there is none that can be read.
 */
export async function openFile(path: string, option: string, operation: string): Promise<Readable> {
  try {
    const file = await open(path);
    if (!(await file.stat()).isDirectory()) return file.createReadStream({ highWaterMark: CHUNK });
    await file.close();
  } catch (cause) {
    throw new InvalidOptionError(option, `${operation}: cannot read the file ${path}`, { cause, operation });
  }
  throw new InvalidOptionError(option, `${operation}: ${path} is a directory`, { operation });
}
