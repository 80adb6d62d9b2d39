import { Transform, type TransformCallback } from "node:stream";
import { Decompress } from "fzstd";
import { EngineError } from "../engine-error.js";

/** The compressed bytes that are decompressed at a time: they become 64 MB at most. */
const SLICE = 2 * 1024;

/** The largest window, as the exponent of 2, that the decoder of Node.js accepts, too. */
const WINDOW_LIMIT = 27;

/** Refuses a frame that needs too much memory, by its header. */
function checkWindow(head: Buffer): void {
  const descriptor = head[4] ?? 0;
  // a frame of a single segment is as large as its content, whose size is limited elsewhere
  const exponent = (descriptor & 0x20) === 0 ? 10 + ((head[5] ?? 0) >> 3) : 0;
  if (exponent > WINDOW_LIMIT) throw new EngineError(400, `zstd: the window is larger than 2^${WINDOW_LIMIT} bytes`);
}

/** Decompresses zstd in JavaScript. */
export class ZstdTransform extends Transform {
  readonly #decoder = new Decompress((chunk) => {
    this.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  });
  #isChecked = false;
  #held = Buffer.alloc(0);

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#held = Buffer.concat([this.#held, chunk]);
    if (!this.#isChecked && this.#held.length < 6) {
      done();
      return;
    }
    this.#attempt(done, () => {
      if (!this.#isChecked) checkWindow(this.#held);
      this.#isChecked = true;
      const content = this.#held;
      this.#held = Buffer.alloc(0);
      for (let at = 0; at < content.length; at += SLICE) this.#decoder.push(content.subarray(at, at + SLICE));
    });
  }

  override _flush(done: TransformCallback): void {
    this.#attempt(done, () => void this.#decoder.push(this.#held, true));
  }

  #attempt(done: TransformCallback, work: () => void): void {
    try {
      work();
      done();
    } catch (error) {
      done(error instanceof EngineError ? error : new EngineError(400, `zstd: ${String(error)}`, { cause: error }));
    }
  }
}
