import type { Readable, Writable } from "node:stream";
import { OutputStreamError } from "../errors/usage-errors.js";
import type { Exchange } from "../transport/exchange.js";

/**
 * Writes to the caller's streams, and knows when they have taken what was written. When one of them fails or is closed,
 * the exchange ends.
 */
export class Outlet {
  readonly #streams: ReadonlySet<Writable>;
  readonly #exchange: Exchange;
  readonly #onRoom: (() => void) | undefined;
  /** Writes that have not been taken yet. */
  #pending = 0;
  #onIdle: (() => void)[] = [];

  /**
   * @param streams - the streams that will be written to.
   * @param exchange - what ends with them.
   * @param onRoom - called when all of them take more again after one of them was full.
   */
  constructor(streams: Iterable<Writable>, exchange: Exchange, onRoom?: () => void) {
    this.#streams = new Set(streams);
    this.#exchange = exchange;
    this.#onRoom = onRoom;
    for (const stream of this.#streams) {
      if (stream.destroyed || stream.writableEnded) this.#onClose();
      allowListeners(stream, 1);
      stream.on("error", this.#onError).on("close", this.#onClose).on("drain", this.#onDrain);
    }
  }

  /** Writes to one of the streams. Says whether it takes more now. */
  write(stream: Writable, data: Buffer | string): boolean {
    this.#pending += 1;
    return stream.write(data, this.#onWritten) || !stream.writableNeedDrain;
  }

  /**
   * Keeps a source that has ended open until everything that was written has been taken, so that until then the call can
   * still be aborted, and still fail.
   */
  holdOpen(source: Readable): void {
    const destroy = source._destroy.bind(source);
    source._destroy = (error, done) => {
      if (error || !source.readableEnded) {
        destroy(error, done);
        return;
      }
      let isClosing = false;
      const close = () => {
        if (!isClosing) destroy(null, done);
        isClosing = true;
      };
      this.#exchange.setCanceller(close);
      this.#whenIdle(close);
    };
  }

  /** Waits until everything that was written has been taken, or the source is closed. */
  async taken(source: Readable): Promise<void> {
    if (this.#pending === 0 || source.closed) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        source.off("close", done);
        resolve();
      };
      source.on("close", done);
      this.#whenIdle(done);
    });
  }

  /** Lets go of the streams. */
  release(): void {
    for (const stream of this.#streams) {
      stream.off("error", this.#onError).off("close", this.#onClose).off("drain", this.#onDrain);
      allowListeners(stream, -1);
    }
  }

  #whenIdle(told: () => void): void {
    if (this.#pending === 0) told();
    else this.#onIdle.push(told);
  }

  readonly #onWritten = (error?: Error | null): void => {
    this.#pending -= 1;
    // of a write to a stream that had been destroyed nothing else tells
    if ((error as NodeJS.ErrnoException | undefined)?.code === "ERR_STREAM_DESTROYED") this.#onClose();
    else if (error) this.#onError(error);
    if (this.#pending > 0) return;
    for (const told of this.#onIdle.splice(0)) told();
  };

  readonly #onDrain = (): void => {
    for (const stream of this.#streams) if (stream.writableNeedDrain) return;
    this.#onRoom?.();
  };

  readonly #onError = (cause: unknown): void => {
    const { operation, endpoint } = this.#exchange;
    this.#exchange.fail(new OutputStreamError(`the output stream of ${operation} failed`, { cause, operation, endpoint }));
  };

  readonly #onClose = (): void => {
    const { operation, endpoint } = this.#exchange;
    const message = `the output stream of ${operation} was closed before the output ended`;
    this.#exchange.fail(new OutputStreamError(message, { operation, endpoint }));
  };
}

/** Node.js warns of more than ten listeners, and any number of calls may write to one stream. */
function allowListeners(stream: Writable, more: number): void {
  const most = stream.getMaxListeners();
  if (most > 0) stream.setMaxListeners(most + more);
}
