import type { Readable } from "node:stream";
import { StreamError } from "../errors/stream-errors.js";
import type { Exchange } from "../transport/exchange.js";
import { type ByteSink, writableOf } from "../wire/byte-sink.js";
import { type FrameDecoder, type FrameSink, streamName, SYSTEM_ERROR } from "../wire/frames.js";
import { REPORT_LIMIT } from "../wire/limits.js";
import { watchSource } from "./body.js";
import { Outlet } from "./outlet.js";

/** The destinations of output. Output without a destination is dropped. */
export interface OutputStreams {
  /** Receives standard output, or the output of a terminal. It is not ended when the output ends. */
  outputStream?: ByteSink | undefined;
  /** Receives standard error. It is not ended when the output ends. */
  errorStream?: ByteSink | undefined;
}

/** Options with at least one destination for output, so that the method has no output to return. */
export type WithOutput<O> = O &
  (
    | {
        /** Receives standard output. */
        outputStream: ByteSink;
      }
    | {
        /** Receives standard error. */
        errorStream: ByteSink;
      }
  );

/** Collects the engine's report of a failed stream, which arrives as frames of a separate stream. */
export class SystemErrors {
  readonly #parts: Buffer[] = [];
  #length = 0;

  /** Returns whether a payload belongs to a report. If so, it is kept, up to a limit. */
  take(stream: number, data: Buffer): boolean {
    if (stream !== SYSTEM_ERROR) return false;
    const room = REPORT_LIMIT - this.#length;
    if (room <= 0) return true;
    // a copy, because a slice would keep the whole chunk in memory
    const part = Buffer.from(data.subarray(0, room));
    this.#parts.push(part);
    this.#length += part.length;
    return true;
  }

  /**
   * Called at the end of the stream.
   *
   * @throws {@link StreamError} when the engine reported a failure.
   */
  end(exchange: Exchange): void {
    if (this.#parts.length === 0) return;
    const { operation, endpoint } = exchange;
    const message = Buffer.concat(this.#parts).toString().trim();
    throw new StreamError({ status: 200, method: "", path: "", message, operation, endpoint });
  }
}

/** Reads a stream to its end and passes every chunk to `take`, which may throw. */
function consume(source: Readable, exchange: Exchange, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    source.on("data", (chunk: Buffer) => {
      if (exchange.failure) return;
      try {
        take(chunk);
      } catch (error) {
        exchange.fail(exchange.errorOf(error));
      }
    });
    // otherwise, a connection whose input the engine does not read would never close
    source.on("end", () => source.destroy());
    watchSource(source, exchange, reject);
    source.on("close", resolve);
    // the whole response may have arrived, and be waiting for a full destination
    if (!source.closed) exchange.setCanceller((error) => source.destroy(error));
  });
}

/**
 * Writes the output of a connection to the caller's streams, until it ends and they have accepted all of it.
 *
 * A full stream pauses the connection, so that a slow reader does not make the output pile up in memory.
 *
 * @throws {@link OutputStreamError} when a stream of the caller fails.
 * @throws {@link ProtocolError} when a frame is malformed or cut off.
 */
export async function forward(
  source: Readable,
  decoder: FrameDecoder,
  streams: OutputStreams,
  exchange: Exchange,
): Promise<void> {
  const outputStream = streams.outputStream && writableOf(streams.outputStream, "outputStream", exchange);
  const isShared = streams.errorStream === streams.outputStream;
  const errorStream = isShared ? outputStream : streams.errorStream && writableOf(streams.errorStream, "errorStream", exchange);
  const given = [outputStream, errorStream].filter((stream) => stream !== undefined);
  const outlet = new Outlet(given, exchange, () => source.resume());
  const errors = new SystemErrors();
  const write: FrameSink = (stream, data) => {
    if (errors.take(stream, data)) return;
    const to = streamName(stream) === "stderr" ? errorStream : outputStream;
    if (to && data.length > 0 && !outlet.write(to, data)) source.pause();
  };
  try {
    await consume(source, exchange, (chunk) => {
      decoder.decode(chunk, write, true);
    });
    if (!exchange.failure) decoder.flush?.(write);
    await outlet.accepted(source);
    if (exchange.failure) throw exchange.failure;
    decoder.end();
    errors.end(exchange);
  } finally {
    outlet.release();
  }
}
