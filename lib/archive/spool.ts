import { open as openCallback, rmSync } from "node:fs";
import { mkdtemp, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { DockerError } from "../errors/docker-error.js";
import { InputStreamError } from "../errors/usage-errors.js";
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
export async function* readInput(name: string, stream: Readable): AsyncGenerator<Buffer, void, undefined> {
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
 */
export async function spool(name: string, stream: Readable): Promise<{ size: number; content: Buffer | EntryBody }> {
  const input = readInput(name, stream);
  const held: Buffer[] = [];
  let size = 0;
  for (let next = await input.next(); !next.done; next = await input.next()) {
    held.push(next.value);
    size += next.value.length;
    if (size > IN_MEMORY) return await spoolToFile(held, input);
  }
  return { size, content: Buffer.concat(held, size) };
}

async function spoolToFile(
  held: readonly Buffer[],
  input: AsyncGenerator<Buffer, void, undefined>,
): Promise<{ size: number; content: EntryBody }> {
  const directory = await mkdtemp(join(tmpdir(), "dockerclient-"));
  const remove = (): void => rmSync(directory, { recursive: true, force: true });
  try {
    const path = join(directory, "content");
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
    const body = fileBody(path, await openFile(path, "r"), size);
    return { size, content: { chunks: body.chunks, close: () => (body.close(), remove()) } };
  } catch (error) {
    remove();
    throw error;
  }
}
