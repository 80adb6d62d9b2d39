import { open as openCallback, rmSync } from "node:fs";
import { mkdtemp, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { DockerError } from "../errors/docker-error.js";
import { quoted } from "../errors/quote.js";
import { ArchiveError, InputStreamError } from "../errors/usage-errors.js";
import { errorMessage, isBytes } from "../wire/realm.js";
import { fileBody } from "./file-source.js";
import type { EntryBody } from "./loaded-entry.js";

const openFile = promisify(openCallback);

/**
 * The size, in bytes, up to which content of unknown length is buffered in memory. Longer content is written to a temporary file.
 */
const IN_MEMORY = 1024 * 1024;

/**
 * Reads a caller's stream as bytes.
 *
 * @param name - the name of the entry, for errors.
 * @throws {@link InputStreamError} when the stream fails, is closed before its end, or yields values other than bytes and strings.
 */
async function* readInput(name: string, stream: Readable): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const chunk of stream as AsyncIterable<unknown>) {
      if (typeof chunk === "string") yield Buffer.from(chunk);
      else if (isBytes(chunk)) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      else throw new InputStreamError(`the content stream of ${quoted(name)} yields neither bytes nor strings`);
    }
  } catch (error) {
    if (error instanceof DockerError) throw error;
    throw new InputStreamError(`the content stream of ${quoted(name)} failed`, { cause: error });
  }
}

/**
 * Returns content that is read from a caller's stream while the archive is written.
 *
 * @param name - the name of the entry.
 * @param size - the number of bytes of the stream.
 */
export function streamBody(name: string, stream: Readable, size: number): EntryBody {
  async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
    let length = 0;
    for await (const chunk of readInput(name, stream)) {
      length += chunk.length;
      if (length > size)
        throw new InputStreamError(`the content stream of ${quoted(name)} exceeds its declared size of ${size} bytes`);
      yield chunk;
    }
    if (length < size) throw new InputStreamError(`the content stream of ${quoted(name)} ended after ${length} of ${size} bytes`);
  }
  return { chunks, close: () => stream.destroy() };
}

/**
 * Buffers a caller's stream of unknown length, because an archive stores the length of content before the content itself. A long
 * stream is written to a temporary file that only the current user can access; closing the body removes it.
 *
 * @param name - the name of the entry, for errors.
 * @throws {@link InputStreamError} when the stream fails.
 * @throws {@link ArchiveError} when the file cannot be written.
 */
export async function spool(name: string, stream: Readable): Promise<{ size: number; content: Buffer | EntryBody }> {
  const input = readInput(name, stream);
  const held: Buffer[] = [];
  let size = 0;
  for (let next = await input.next(); !next.done; next = await input.next()) {
    held.push(next.value);
    size += next.value.length;
    if (size > IN_MEMORY) return await spoolToFile(name, held, input);
  }
  return { size, content: Buffer.concat(held, size) };
}

async function spoolToFile(
  name: string,
  held: readonly Buffer[],
  input: AsyncGenerator<Buffer, void, undefined>,
): Promise<{ size: number; content: EntryBody }> {
  let directory: string | undefined;
  const remove = (): void => {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  };
  try {
    directory = await mkdtemp(join(tmpdir(), "dockerclient-"));
    const path = join(directory, "content");
    const size = await writeOut(path, held, input);
    const body = fileBody(path, await openFile(path, "r"), size);
    const close = (): void => {
      body.close();
      remove();
    };
    return { size, content: { chunks: body.chunks, close } };
  } catch (error) {
    remove();
    if (error instanceof DockerError) throw error;
    const reason = errorMessage(error);
    throw new ArchiveError(`cannot buffer the content of ${quoted(name)} in a temporary file: ${reason}`, { cause: error });
  }
}

/** Writes the buffered pieces and the rest of a stream to a new file, and returns the number of bytes. */
async function writeOut(path: string, held: readonly Buffer[], input: AsyncGenerator<Buffer, void, undefined>): Promise<number> {
  const file = await open(path, "wx", 0o600);
  let size = 0;
  const write = async (chunk: Buffer): Promise<void> => {
    await file.writeFile(chunk);
    size += chunk.length;
  };
  try {
    for (const chunk of held) await write(chunk);
    for await (const chunk of input) await write(chunk);
  } finally {
    await file.close();
  }
  return size;
}
