import type { Readable } from "node:stream";

/** Waits until a stream has something to read, has ended, or a process is killed. */
async function readiness(source: Readable, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const settle = (): void => {
      for (const event of ["readable", "end", "close", "error"]) source.off(event, settle);
      signal.removeEventListener("abort", settle);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve();
    };
    for (const event of ["readable", "end", "close", "error"]) source.on(event, settle);
    signal.addEventListener("abort", settle);
  });
}

/**
 * Returns the chunks of a stream. Leaving the loop leaves the stream as it is: other processes may share it.
 *
 * @param source - the stream.
 * @param signal - ends a wait for the next chunk with the signal's reason.
 */
export async function* chunksOf(source: Readable, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  for (;;) {
    signal.throwIfAborted();
    const chunk = source.read() as Buffer | string | null;
    if (chunk !== null) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    else if (source.errored) throw source.errored;
    else if (source.readableEnded || source.destroyed) return;
    else await readiness(source, signal);
  }
}

/**
 * Returns the lines of a stream as byte strings: all that became complete with a chunk at once. The lines keep their ends, so
 * that the last one shows whether it has an end.
 *
 * @param chunks - the stream.
 * @param separator - the character that ends a line.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>, separator = "\n"): AsyncGenerator<string[], void, undefined> {
  const rest: string[] = [];
  for await (const chunk of chunks) {
    const text = chunk.toString("latin1");
    const first = text.indexOf(separator);
    if (first < 0) {
      rest.push(text);
      continue;
    }
    rest.push(text.slice(0, first + 1));
    const lines = [rest.join("")];
    rest.length = 0;
    let start = first + 1;
    for (let end = text.indexOf(separator, start); end >= 0; end = text.indexOf(separator, start)) {
      lines.push(text.slice(start, end + 1));
      start = end + 1;
    }
    if (start < text.length) rest.push(text.slice(start));
    yield lines;
  }
  if (rest.length > 0) yield [rest.join("")];
}

/** Returns a line without its end. */
export const withoutEnd = (line: string, separator = "\n"): string => (line.endsWith(separator) ? line.slice(0, -1) : line);
