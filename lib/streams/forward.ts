import type { Readable, Writable } from "node:stream";
import { ProtocolError } from "../errors/connection-errors.js";
import { StreamError } from "../errors/stream-errors.js";
import type { Exchange } from "../transport/exchange.js";
import { bodyError } from "./body.js";
import { type FrameDecoder, type FrameSink, STDERR, SYSTEM_ERROR } from "../wire/frames.js";
import { Outlet } from "./outlet.js";

/** Where output is written. What has no place is dropped. */
export interface OutputStreams {
  /** Gets what the container writes to standard output, or to its terminal. Not ended when the output ends. */
  outputStream?: Writable | undefined;
  /** Gets what the container writes to standard error. Not ended when the output ends. */
  errorStream?: Writable | undefined;
}

/** Options that say where output goes, so that nothing is left to be read. */
export type WithOutput<O> = O &
  (
    | {
        /** Gets standard output. */
        outputStream: Writable;
      }
    | {
        /** Gets standard error. */
        errorStream: Writable;
      }
  );

/** Gathers the engine's own report that a stream failed, which comes as frames of a stream of its own. */
export class SystemErrors {
  readonly #parts: Buffer[] = [];

  /** Takes a payload when it is part of a report. Says whether it was. */
  take(stream: number, data: Buffer): boolean {
    if (stream !== SYSTEM_ERROR) return false;
    this.#parts.push(data);
    return true;
  }

  /**
   * Says that the stream has ended.
   *
   * @throws {@link StreamError} when there was a report.
   */
  end(exchange: Exchange): void {
    if (this.#parts.length === 0) return;
    const { operation, endpoint } = exchange;
    const message = Buffer.concat(this.#parts).toString().trim();
    throw new StreamError({ status: 200, method: "", path: "", message, operation, endpoint });
  }
}

/** Reads a stream to its end: every chunk is given to `take`, and the end to `end`. Both may throw. */
function consume(source: Readable, exchange: Exchange, take: (chunk: Buffer) => void, end: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let ended = false;
    source.on("data", (chunk: Buffer) => {
      if (exchange.failure) return;
      try {
        take(chunk);
      } catch (error) {
        exchange.fail(exchange.errorOf(error));
      }
    });
    source.on("end", () => {
      ended = true;
      // a connection whose input the engine no longer reads would never close by itself
      source.destroy();
    });
    source.on("error", (error) => reject(bodyError(error, exchange)));
    source.on("close", () => {
      exchange.finish();
      try {
        if (exchange.failure) throw exchange.failure;
        if (!ended) throw bodyError(new ProtocolError(`the stream of ${exchange.operation} was cut off`), exchange);
        end();
        resolve();
      } catch (error) {
        const failure = error as Error; // thrown above or by end, which throws errors of this package
        reject(failure);
      }
    });
    if (source.closed) {
      reject(bodyError(source.errored ?? new ProtocolError(`the stream of ${exchange.operation} is closed`), exchange));
    } else {
      // all of an answer may have come, and wait for a sink that takes no more
      exchange.setCanceller((error) => source.destroy(error));
    }
  });
}

/**
 * Writes what comes over a connection to the caller's streams, until it ends and they have taken all of it.
 *
 * A stream that is full holds the connection back: a slow reader never becomes memory.
 *
 * @throws {@link OutputStreamError} when a stream of the caller fails.
 * @throws {@link ProtocolError} when the connection's bytes are not frames, or end within one.
 */
export async function forward(
  source: Readable,
  decoder: FrameDecoder,
  streams: OutputStreams,
  exchange: Exchange,
): Promise<void> {
  const { outputStream, errorStream } = streams;
  const given = [outputStream, errorStream].filter((stream) => stream !== undefined);
  const outlet = new Outlet(given, exchange, () => source.resume());
  outlet.holdOpen(source);
  const errors = new SystemErrors();
  const write: FrameSink = (stream, data) => {
    if (errors.take(stream, data)) return;
    const to = stream === STDERR ? errorStream : outputStream;
    if (to && data.length > 0 && !outlet.write(to, data)) source.pause();
  };
  try {
    await consume(
      source,
      exchange,
      (chunk) => {
        decoder.decode(chunk, write, true);
      },
      () => {
        decoder.end();
        errors.end(exchange);
      },
    );
  } finally {
    outlet.release();
  }
}
