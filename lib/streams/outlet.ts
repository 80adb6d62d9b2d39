import type { Readable, Writable } from "node:stream";
import { OutputStreamError } from "../errors/usage-errors.js";
import type { Exchange } from "../transport/exchange.js";
import { deferClose } from "../transport/resilient-socket.js";

/**
 * Writes to the caller's streams and tracks when they have accepted the data. The exchange fails when one of them fails or
 * is closed.
 */
export class Outlet {
  readonly #streams: ReadonlySet<Writable>;
  readonly #exchange: Exchange;
  readonly #onRoom: (() => void) | undefined;
  /** The number of writes in progress. */
  #pending = 0;
  #onIdle: (() => void)[] = [];

  /**
   * @param streams - the streams to write to.
   * @param exchange - fails with them.
   * @param onRoom - called when all of them accept data again after one of them was full.
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

  /** Writes to one of the streams. Returns whether it accepts more data now. */
  write(stream: Writable, data: Buffer | string): boolean {
    this.#pending += 1;
    return stream.write(data, this.#onWritten) || !stream.writableNeedDrain;
  }

  /**
   * Keeps a source that has ended open until everything written has been accepted, so that the call can still be aborted and
   * can still fail.
   */
  holdOpen(source: Readable): void {
    deferClose(source, (close) => {
      this.#exchange.setCanceller(close);
      this.#whenIdle(close);
    });
  }

  /** Waits until everything written has been accepted, or the source is closed. */
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

  /** Removes the listeners from the streams. */
  release(): void {
    for (const stream of this.#streams) {
      stream.off("error", this.#onError).off("close", this.#onClose).off("drain", this.#onDrain);
      allowListeners(stream, -1);
    }
  }

  #whenIdle(notify: () => void): void {
    if (this.#pending === 0) notify();
    else this.#onIdle.push(notify);
  }

  readonly #onWritten = (error?: Error | null): void => {
    this.#pending -= 1;
    // a stream that is already destroyed reports it only here
    if ((error as NodeJS.ErrnoException | undefined)?.code === "ERR_STREAM_DESTROYED") this.#onClose();
    else if (error) this.#onError(error);
    if (this.#pending > 0) return;
    for (const notify of this.#onIdle.splice(0)) notify();
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

/** Node.js warns about more than ten listeners, but any number of calls may write to one stream. */
function allowListeners(stream: Writable, more: number): void {
  const most = stream.getMaxListeners();
  if (most > 0) stream.setMaxListeners(most + more);
}
