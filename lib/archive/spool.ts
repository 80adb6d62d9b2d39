import { open as openCallback, rmSync } from "node:fs";
import { mkdtemp, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { DockerError } from "../errors/docker-error.js";
import { ArchiveError, InputStreamError } from "../errors/usage-errors.js";
import { fileBody } from "./file-source.js";
import type { EntryBody } from "./loaded-entry.js";

const openFile = promisify(openCallback);

/** Contents of unknown length up to this many bytes wait in memory, longer ones in a temporary file. */
const IN_MEMORY = 1024 * 1024;

/**
 * Reads a caller's stream as bytes.
 *
 * @param name - whose content it is, for errors.
 * @throws {@link InputStreamError} when the stream fails, is closed before its end or yields anything but bytes and text.
 */
async function* readInput(name: string, stream: Readable): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const chunk of stream as AsyncIterable<unknown>) {
      if (typeof chunk === "string") yield Buffer.from(chunk);
      else if (chunk instanceof Uint8Array) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      else throw new InputStreamError(`the content stream of ${name} yields neither bytes nor text`);
    }
  } catch (error) {
    if (error instanceof DockerError) throw error;
    throw new InputStreamError(`the content stream of ${name} failed`, { cause: error });
  }
}

/**
 * A content that is read from a caller's stream while the archive is written.
 *
 * @param name - whose content it is.
 * @param size - how many bytes the stream will yield.
 */
export function streamBody(name: string, stream: Readable, size: number): EntryBody {
  async function* chunks(): AsyncGenerator<Buffer, void, undefined> {
    let length = 0;
    for await (const chunk of readInput(name, stream)) {
      length += chunk.length;
      if (length > size) throw new InputStreamError(`the content stream of ${name} holds more than its ${size} bytes`);
      yield chunk;
    }
    if (length < size) throw new InputStreamError(`the content stream of ${name} ended after ${length} of ${size} bytes`);
  }
  return { chunks, close: () => stream.destroy() };
}

/**
 * Takes a caller's stream of unknown length in, since an archive says how long a content is before the content itself.
 * A long one goes to a file, with access for this user only, in the system's directory for temporary files; closing the body removes it.
 *
 * @param name - whose content it is, for errors.
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
    const reason = error instanceof Error ? error.message : String(error);
    throw new ArchiveError(`cannot keep the content of ${name} in a temporary file: ${reason}`, { cause: error });
  }
}

/** Writes what has been read of a stream, and what is left of it, to a new file, and tells how many bytes that are. */
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
