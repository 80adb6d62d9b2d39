import type { Readable, Writable } from "node:stream";

import { forward } from "../streams/forward.js";
import { rawDecoder } from "../wire/frames.js";
import type { OpenResponse } from "./request.js";

/** Where the bytes of an answer go. */
export interface DownloadOptions {
  /** Gets the bytes. Not ended when they end. By default the call gives a stream to read. */
  outputStream?: Writable | undefined;
}

/**
 * Hands on the bytes of an answer: written to the caller's stream, at its pace and to the end, or as a stream to read.
 *
 * The request must have had a connection of its own (`ownConnection`).
 *
 * @throws {@link OutputStreamError} when the caller's stream fails or is closed early.
 * @throws {@link ProtocolError} when the answer is cut off.
 */
export async function download(answer: OpenResponse, options: DownloadOptions): Promise<Readable | undefined> {
  const { body, exchange } = answer;
  const { outputStream } = options;
  if (!outputStream) return body;
  await forward(body, rawDecoder, { outputStream }, exchange);
  return undefined;
}
