import { Readable } from "node:stream";
import { isError } from "../wire/realm.js";

/** The maximum number of buffered bytes in an archive stream. */
const WAITING = 256 * 1024;

/**
 * A tar archive that is being written: a plain `Readable`, whose `error` event reports failures. `destroy()` closes all open
 * files before the stream emits `close`.
 */
export class ArchiveStream extends Readable {
  readonly #blocks: AsyncGenerator<Buffer, void, undefined>;
  readonly #ending = new AbortController();
  #pulling = false;

  /**
   * @param make - generates the bytes of the archive. Its signal is aborted when the stream is destroyed, to end pending waits.
   */
  constructor(make: (signal: AbortSignal) => AsyncGenerator<Buffer, void, undefined>) {
    super({ highWaterMark: WAITING });
    this.#blocks = make(this.#ending.signal);
  }

  override _read(): void {
    if (!this.#pulling) void this.#pull();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#ending.abort();
    this.#blocks.return().then(
      () => callback(error),
      (reason: unknown) => callback(error ?? (isError(reason) ? reason : null)),
    );
  }

  async #pull(): Promise<void> {
    this.#pulling = true;
    try {
      for (let wanted = true; wanted;) {
        const next = await this.#blocks.next();
        if (this.destroyed) return;
        wanted = this.push(next.done ? null : next.value) && !next.done;
      }
    } catch (error) {
      this.destroy(isError(error) ? error : new Error(String(error)));
    } finally {
      this.#pulling = false;
    }
  }
}
