import type { Readable } from "node:stream";
import { ProtocolError } from "../errors/connection-errors.js";
import type { Exchange } from "../transport/exchange.js";
import type { ResponseBody } from "../transport/response-body.js";

/** Converts the error of a connection that broke in the middle of a response. */
export function bodyError(cause: unknown, exchange: Exchange): Error {
  const error = exchange.errorOf(cause);
  const { code } = cause as { code?: string }; // code is optional on any error
  if (error === exchange.failure || (code !== "ECONNRESET" && code !== "ERR_STREAM_PREMATURE_CLOSE")) return error;
  return exchange.cutOff(cause);
}

/**
 * Reports the error when a source breaks before its end, even if it already has, or when the exchange fails. The exchange ends
 * when the source is closed.
 *
 * @param broken - receives the error. It may be called more than once.
 */
export function watchSource(source: Readable, exchange: Exchange, broken: (error: Error) => void): void {
  const onClose = () => {
    exchange.finish();
    const { operation, endpoint, failure } = exchange;
    if (failure) broken(failure);
    else if (source.errored) broken(bodyError(source.errored, exchange));
    else if (!source.readableEnded) broken(new ProtocolError(`the stream of ${operation} was cut off`, { operation, endpoint }));
  };
  source.on("error", (error) => broken(bodyError(error, exchange)));
  if (source.closed) onClose();
  else source.on("close", onClose);
}

/**
 * Reads a JSON body. `T` is the documented type; nothing is validated.
 *
 * @throws {@link ProtocolError} when it is not JSON.
 */
export async function readJson<T = unknown>(body: ResponseBody, exchange: Exchange): Promise<T> {
  return parseJson(await body.text(), exchange) as T; // the documented type
}

/**
 * Parses a JSON body that has been read.
 *
 * @throws {@link ProtocolError} when it is not JSON.
 */
export function parseJson(text: string, exchange: Exchange): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { operation, endpoint } = exchange;
    throw exchange.hide(new ProtocolError(`the response to ${operation} is not JSON`, { cause, operation, endpoint }));
  }
}

/** Yields the chunks of a body. Throws this package's errors. */
export async function* chunksOf(body: Readable, exchange: Exchange): AsyncGenerator<Buffer, void, void> {
  // the whole response may have arrived already: cancelling then discards the unread rest
  exchange.setCanceller((error) => body.destroy(error));
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw bodyError(error, exchange);
  }
  // the exchange may fail after the last chunk
  if (exchange.failure) throw exchange.failure;
}
