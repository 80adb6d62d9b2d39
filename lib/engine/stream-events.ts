import { once } from "node:events";

/** A stream of Node.js. */
type Stream = NodeJS.EventEmitter & { readonly destroyed?: boolean };

/** Waits for the first of several events of a stream. Leaves no listeners behind. @throws the error of the stream, if that is first. */
export async function firstEvent(stream: Stream, ...names: readonly string[]): Promise<void> {
  const settled = new AbortController();
  try {
    await Promise.race(names.map((name) => once(stream, name, { signal: settled.signal })));
  } finally {
    settled.abort();
  }
}

/** Writes to a stream, and waits until it has taken enough or is closed. */
export async function writePatiently(stream: Stream & NodeJS.WritableStream, data: string | Uint8Array): Promise<void> {
  if (stream.destroyed || stream.write(data)) return;
  // a client whose connection fails takes nothing more, as one that is gone
  await firstEvent(stream, "drain", "close").catch(() => undefined);
}
