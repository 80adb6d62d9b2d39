import { open } from "node:fs/promises";
import type { Readable } from "node:stream";
import { InvalidOptionError } from "../../errors/usage-errors.js";

/** Size of the chunks in which files are read, in bytes. */
const CHUNK = 256 * 1024;

/**
 * Opens a local file for an upload. The file is closed along with the stream.
 *
 * @param path - path of the file.
 * @param option - name of the option that contains the path, for the error.
 * @param operation - name of the method, for the error.
 * @throws {@link InvalidOptionError} when the file cannot be read.
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
