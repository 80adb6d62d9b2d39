import { Readable } from "node:stream";

/** Bytes that wait in an archive's stream at most before the files behind it are read no further. */
const WAITING = 256 * 1024;

/**
 * A tar archive in the making: a plain `Readable`. What goes wrong comes as the stream's error. `destroy()` at any point closes every file
 * that was open for it before the stream says `close`.
 */
export class ArchiveStream extends Readable {
  readonly #blocks: AsyncGenerator<Buffer, void, undefined>;
  readonly #ending = new AbortController();
  #pulling = false;

  /**
   * @param make - makes the archive's bytes. Its signal is aborted when the stream is destroyed, which ends waits that nothing else would.
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
      (reason: unknown) => callback(error ?? (reason instanceof Error ? reason : null)),
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
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#pulling = false;
    }
  }
}
