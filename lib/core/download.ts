import type { Readable } from "node:stream";
import { forward } from "../streams/forward.js";
import { type ByteSink } from "../wire/byte-sink.js";
import { rawDecoder } from "../wire/frames.js";
import type { OpenResponse } from "./request.js";

/** The destination of a download. */
export interface DownloadOptions {
  /** Receives the bytes, and is not ended afterwards. By default, the call returns a stream. */
  outputStream?: ByteSink | undefined;
}

/**
 * Writes the body of a response to the caller's stream, with backpressure, or returns it as a stream.
 *
 * The request must have used its own connection (`ownConnection`).
 *
 * @throws {@link OutputStreamError} when the caller's stream fails or is closed early.
 * @throws {@link ProtocolError} when the response is cut off.
 */
export async function download({ body, exchange }: OpenResponse, options: DownloadOptions): Promise<Readable | undefined> {
  const { outputStream } = options;
  if (!outputStream) return body;
  await forward(body, rawDecoder, { outputStream }, exchange);
  return undefined;
}
