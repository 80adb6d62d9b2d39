import { Transform, type TransformCallback } from "node:stream";
import { Decompress } from "fzstd";
import { EngineError } from "../engine-error.js";
import { ZstdFrames } from "./zstd-frames.js";

/** The compressed bytes that are decompressed at a time: they become 64 MB at most. */
const SLICE = 2 * 1024;

/** Decompresses zstd in JavaScript. */
export class ZstdTransform extends Transform {
  readonly #frames = new ZstdFrames();
  readonly #decoder = new Decompress((chunk) => {
    this.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
  });

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#attempt(done, () => {
      for (let at = 0; at < chunk.length; at += SLICE) {
        const slice = chunk.subarray(at, at + SLICE);
        this.#frames.check(slice);
        this.#decoder.push(slice);
      }
    });
  }

  override _flush(done: TransformCallback): void {
    this.#attempt(done, () => void this.#decoder.push(new Uint8Array(0), true));
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
