import type { Readable } from "node:stream";

/**
 * Lets a stream fail before its turn comes: whoever reads it then is told, and until then a failure must not end the process.
 *
 * @param stream - the stream, if there is one.
 */
export function holdFailure(stream: Readable | undefined): void {
  stream?.on("error", () => undefined);
}
