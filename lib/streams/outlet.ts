import type { Readable, Writable } from "node:stream";
import type { Exchange } from "../transport/exchange.js";
import { failureOfSink, leaveSink, outputClosed, outputFailure } from "../wire/byte-sink.js";
import { allowListeners, ignoreLateError } from "../wire/quiet.js";

/**
 * Writes to the caller's streams and tracks which writes they have accepted. When one of them fails or is closed, the
 * exchange ends.
 */
export class Outlet {
  readonly #streams: ReadonlySet<Writable>;
  readonly #exchange: Exchange;
  readonly #onRoom: (() => void) | undefined;
  readonly #endHold: () => void;
  /** The number of writes that have not been accepted yet. */
  #pending = 0;
  #onIdle: (() => void)[] = [];

  /**
   * @param streams - the caller's streams.
   * @param exchange - the exchange, which ends when one of them fails.
   * @param onRoom - called when all of them accept data again after one was full.
   */
  constructor(streams: Iterable<Writable>, exchange: Exchange, onRoom?: () => void) {
    this.#streams = new Set(streams);
    this.#exchange = exchange;
    this.#onRoom = onRoom;
    this.#endHold = exchange.hold();
    for (const stream of this.#streams) {
      exchange.streams?.handOver(stream);
      const failure = failureOfSink(stream, this.#exchange);
      if (failure) exchange.fail(failure);
      allowListeners(stream, 1);
      stream.on("error", this.#onError).on("close", this.#onClose).on("drain", this.#onDrain);
    }
  }

  /** Writes to one of the streams. Returns whether the stream can accept more data now. */
  write(stream: Writable, data: Buffer | string): boolean {
    this.#pending += 1;
    try {
      return stream.write(data, this.#onWritten) || !stream.writableNeedDrain;
    } catch (error) {
      // the write method of a caller's stream may throw
      this.#onWritten(error as Error);
      return true;
    }
  }

  /** Waits until the streams have accepted all writes, the source has failed, or the exchange has failed. */
  async accepted(source: Readable): Promise<void> {
    if (this.#pending === 0 || (source.closed && !source.readableEnded)) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        source.off("close", onClose);
        resolve();
      };
      const onClose = () => {
        if (!source.readableEnded) done();
      };
      source.on("close", onClose);
      this.#exchange.setCanceller((error) => {
        source.destroy(error);
        done();
      });
      this.#whenIdle(done);
    });
  }

  /** Releases the streams and the exchange. The streams can no longer make the exchange fail. */
  release(): void {
    this.#endHold();
    for (const stream of this.#streams) {
      leaveSink(stream);
      stream.off("error", this.#onError).off("close", this.#onClose).off("drain", this.#onDrain);
      allowListeners(stream, -1);
      ignoreLateError(stream, this.#pending > 0 ? (callback) => this.#whenIdle(callback) : undefined);
    }
  }

  #whenIdle(callback: () => void): void {
    if (this.#pending === 0) callback();
    else this.#onIdle.push(callback);
  }

  readonly #onWritten = (error?: Error | null): void => {
    this.#pending -= 1;
    // if the stream was already destroyed, only the write reports it
    if ((error as NodeJS.ErrnoException | undefined)?.code === "ERR_STREAM_DESTROYED") this.#onClose();
    else if (error) this.#onError(error);
    if (this.#pending > 0) return;
    for (const callback of this.#onIdle.splice(0)) callback();
  };

  readonly #onDrain = (): void => {
    for (const stream of this.#streams) if (stream.writableNeedDrain) return;
    this.#onRoom?.();
  };

  readonly #onError = (cause: unknown): void => this.#exchange.fail(outputFailure(cause, this.#exchange));

  readonly #onClose = (): void => this.#exchange.fail(outputClosed(this.#exchange));
}
