import type { Readable } from "node:stream";
import { ProtocolError } from "../errors/connection-errors.js";
import type { ResponseBody } from "../transport/response-body.js";
import type { Exchange } from "../transport/exchange.js";

/** What a broken connection means once an answer has begun: part of it is missing. */
export function bodyError(cause: unknown, exchange: Exchange): Error {
  const error = exchange.errorOf(cause);
  const { code } = cause as { code?: string }; // any error has a code or has none
  if (error === exchange.failure || (code !== "ECONNRESET" && code !== "ERR_STREAM_PREMATURE_CLOSE")) return error;
  const { operation, endpoint } = exchange;
  return new ProtocolError(`the response to ${operation} was cut off by ${endpoint}`, { cause, operation, endpoint });
}

/**
 * Reads a body that is JSON. `T` says what the engine documents; nothing is checked or copied.
 *
 * @throws {@link ProtocolError} when it is not JSON.
 */
export async function readJson<T>(body: ResponseBody, exchange: Exchange): Promise<T> {
  return parseJson(await body.content(), exchange) as T; // the engine's answer is taken at its word
}

/**
 * Parses a body that has been read and is JSON, as {@link readJson} does.
 *
 * @throws {@link ProtocolError} when it is not JSON.
 */
export function parseJson(content: Buffer, exchange: Exchange): unknown {
  try {
    return JSON.parse(content.toString());
  } catch (cause) {
    const { operation, endpoint } = exchange;
    throw new ProtocolError(`the response to ${operation} is not JSON`, { cause, operation, endpoint });
  }
}

/** Gives a body's chunks, whose errors are errors of this package. */
export async function* chunksOf(body: Readable, exchange: Exchange): AsyncGenerator<Buffer, void, void> {
  // all of an answer may have come, and what has not been read of it is not wanted any more
  exchange.setCanceller((error) => body.destroy(error));
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw bodyError(error, exchange);
  }
  // it may fail after its last chunk
  if (exchange.failure) throw exchange.failure;
}
