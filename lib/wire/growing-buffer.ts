const SMALLEST = 256;

/**
 * Collects bytes until the end of a line or message arrives. The memory grows by doubling, so that many small pieces take linear
 * time. The bytes are copied, so that a small piece does not keep a larger buffer in memory.
 */
export class GrowingBuffer {
  #memory = Buffer.alloc(0);
  #length = 0;

  /** The number of bytes. */
  get length(): number {
    return this.#length;
  }

  /** Appends a copy of the bytes. */
  append(bytes: Uint8Array): void {
    const length = this.#length + bytes.length;
    if (length > this.#memory.length) {
      const memory = Buffer.allocUnsafeSlow(Math.max(SMALLEST, length, this.#memory.length * 2));
      memory.set(this.#memory.subarray(0, this.#length));
      this.#memory = memory;
    }
    this.#memory.set(bytes, this.#length);
    this.#length = length;
  }

  /** Returns all bytes, and empties the buffer. */
  take(): Buffer {
    const bytes = this.#memory.subarray(0, this.#length);
    this.#memory = Buffer.alloc(0);
    this.#length = 0;
    return bytes;
  }
}
