import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { ProtocolError } from "../errors/connection-errors.js";
import type { Exchange } from "../transport/exchange.js";

/** What a broken connection means once an answer has begun: part of it is missing. */
export function bodyError(cause: unknown, exchange: Exchange): Error {
  const error = exchange.errorOf(cause);
  const { code } = cause as { code?: string }; // any error has a code or has none
  if (error === exchange.failure || (code !== "ECONNRESET" && code !== "ERR_STREAM_PREMATURE_CLOSE")) return error;
  const { operation, endpoint } = exchange;
  return new ProtocolError(`the answer to ${operation} was cut off by ${endpoint}`, { cause, operation, endpoint });
}

/**
 * Reads a body to its end, in one piece.
 *
 * @param limit - bytes after which the rest is not kept.
 */
export function readAll(body: IncomingMessage, exchange: Exchange, limit = Infinity): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    body.on("data", (chunk: Buffer) => {
      if (length < limit) chunks.push(chunk);
      length += chunk.length;
    });
    body.on("end", () => {
      exchange.finish();
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    });
    body.on("error", (error) => reject(bodyError(error, exchange)));
  });
}

/**
 * Reads a body that is JSON. `T` says what the engine documents; nothing is checked or copied.
 *
 * @throws {@link ProtocolError} when it is not JSON.
 */
export async function readJson<T>(body: IncomingMessage, exchange: Exchange): Promise<T> {
  const content = await readAll(body, exchange);
  try {
    return JSON.parse(content.toString()) as T; // the engine's answer is taken at its word
  } catch (cause) {
    const { operation, endpoint } = exchange;
    throw new ProtocolError(`the answer to ${operation} is not JSON`, { cause, operation, endpoint });
  }
}

/**
 * Lets a body's errors be errors of this package wherever the body is read.
 *
 * The body itself is handed on, because a stream around it would cost a tenth of a large transfer.
 */
export function typedErrors(body: Readable, exchange: Exchange): Readable {
  const destroy = body._destroy.bind(body);
  body._destroy = (error, done) => destroy(error, (late) => done(late ? bodyError(late, exchange) : late));
  return body;
}

/** Gives a body's chunks, whose errors are errors of this package. */
export async function* chunksOf(body: Readable, exchange: Exchange): AsyncGenerator<Buffer, void, void> {
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw bodyError(error, exchange);
  }
}
