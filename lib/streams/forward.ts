import type { Readable, Writable } from "node:stream";
import { ProtocolError } from "../errors/connection-errors.js";
import { StreamError } from "../errors/stream-errors.js";
import { OutputStreamError } from "../errors/usage-errors.js";
import type { Exchange } from "../transport/exchange.js";
import { bodyError } from "./body.js";
import { Coalescer, type FrameDecoder, type FrameSink, STDERR, SYSTEM_ERROR } from "./frames.js";

/** Where output is written. What has no place is dropped. */
export interface OutputStreams {
  /** Gets what the container writes to standard output, or to its terminal. Not ended when the output ends. */
  outputStream?: Writable | undefined;
  /** Gets what the container writes to standard error. Not ended when the output ends. */
  errorStream?: Writable | undefined;
}

/** Options that say where output goes, so that nothing is left to be read. */
export type WithOutput<O> = O & ({ outputStream: Writable } | { errorStream: Writable });

/** Gathers the engine's own report that a stream failed, which comes as frames of a stream of its own. */
export class SystemErrors {
  #text = "";

  /** Takes a payload when it is part of a report. Says whether it was. */
  take(stream: number, data: Buffer): boolean {
    if (stream !== SYSTEM_ERROR) return false;
    this.#text += data.toString();
    return true;
  }

  /**
   * Says that the stream has ended.
   *
   * @throws {@link StreamError} when there was a report.
   */
  end(exchange: Exchange): void {
    if (this.#text === "") return;
    const { operation, endpoint } = exchange;
    throw new StreamError({ status: 200, method: "", path: "", message: this.#text.trim(), operation, endpoint });
  }
}

/** Writes to the caller's streams, holding the source back while one of them is full. */
class Outlet {
  readonly #source: Readable;
  readonly #exchange: Exchange;
  readonly #streams: Set<Writable>;
  #full = 0;

  constructor(source: Readable, streams: Iterable<Writable>, exchange: Exchange) {
    this.#source = source;
    this.#exchange = exchange;
    this.#streams = new Set(streams);
    for (const stream of this.#streams) {
      if (stream.destroyed || stream.writableEnded) this.#onClose();
      stream.on("error", this.#onError).on("close", this.#onClose);
    }
  }

  write(stream: Writable, data: Buffer): void {
    if (stream.write(data) || stream.writableNeedDrain === false) return;
    this.#full += 1;
    this.#source.pause();
    stream.once("drain", this.#onDrain);
  }

  release(): void {
    for (const stream of this.#streams)
      stream.off("error", this.#onError).off("close", this.#onClose).off("drain", this.#onDrain);
  }

  readonly #onDrain = (): void => {
    this.#full -= 1;
    if (this.#full === 0) this.#source.resume();
  };

  readonly #onError = (cause: unknown): void => {
    const { operation, endpoint } = this.#exchange;
    this.#exchange.fail(new OutputStreamError(`the output stream of ${operation} failed`, { cause, operation, endpoint }));
  };

  readonly #onClose = (): void => {
    const { operation, endpoint } = this.#exchange;
    this.#exchange.fail(
      new OutputStreamError(`the output stream of ${operation} was closed before the output ended`, { operation, endpoint }),
    );
  };
}

/** Reads a stream to its end: every chunk is given to `take`, and the end to `end`. Both may throw. */
export function consume(source: Readable, exchange: Exchange, take: (chunk: Buffer) => void, end: () => void): Promise<void> {
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
        reject(error as Error); // thrown above or by end, which throws errors of this package
      }
    });
    if (exchange.failure) source.destroy(exchange.failure);
    else if (source.closed)
      reject(bodyError(source.errored ?? new ProtocolError(`the stream of ${exchange.operation} is closed`), exchange));
  });
}

/**
 * Writes what comes over a connection to the caller's streams, until it ends.
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
  const outlet = new Outlet(
    source,
    [outputStream, errorStream].filter((stream) => stream !== undefined),
    exchange,
  );
  const errors = new SystemErrors();
  const write: FrameSink = (stream, data) => {
    if (errors.take(stream, data)) return;
    const to = stream === STDERR ? errorStream : outputStream;
    if (to && data.length > 0) outlet.write(to, data);
  };
  const runs = new Coalescer(write);
  try {
    await consume(
      source,
      exchange,
      (chunk) => {
        decoder.decode(chunk, runs.add);
        runs.flush();
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
