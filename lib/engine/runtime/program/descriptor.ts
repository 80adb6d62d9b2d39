import type { TerminalSize } from "../executor.js";

const reasons = { EPIPE: "Broken pipe", EBADF: "Bad file descriptor", ENOSPC: "No space left on device" };

/** An operation on a descriptor failed. */
export class DescriptorError extends Error {
  /** The code of `errno.h`: `EPIPE` for a pipe that nobody reads, `EBADF` for the wrong direction, `ENOSPC` for a full device. */
  readonly code: keyof typeof reasons;
  /** What the C library says about the code. */
  readonly reason: string;

  constructor(code: keyof typeof reasons) {
    super(reasons[code]);
    this.name = "DescriptorError";
    this.code = code;
    this.reason = reasons[code];
  }
}

/**
 * An open file description: what processes read from and write to. Processes share it, with its position; it is closed when the
 * last of them releases it.
 */
export abstract class Descriptor {
  #holders = 1;
  /** Bytes that were read and put back. */
  readonly #ahead: Buffer[] = [];

  /** Size of the terminal behind it; undefined if it is not a terminal. */
  get terminal(): TerminalSize | undefined {
    return undefined;
  }

  /** Whether all holders have released it. */
  get closed(): boolean {
    return this.#holders === 0;
  }

  /** Reads the next bytes from where they come. */
  protected abstract pull(signal?: AbortSignal): Promise<Buffer | undefined>;

  /**
   * Writes bytes. Waits while the reader has not kept up.
   *
   * @throws {@link DescriptorError} `EPIPE` when nobody reads.
   */
  abstract write(data: Uint8Array, signal?: AbortSignal): Promise<void>;

  /** Frees what is behind it. */
  protected abstract close(): void;

  /**
   * Returns the next bytes, as many as there are; waits until there are any.
   *
   * @returns undefined at the end.
   */
  async read(signal?: AbortSignal): Promise<Buffer | undefined> {
    return this.#ahead.shift() ?? this.pull(signal);
  }

  /** Puts bytes back, so that the next read returns them. */
  unread(data: Buffer): void {
    if (data.length > 0) this.#ahead.unshift(data);
  }

  /**
   * Reads a line and leaves what follows it.
   *
   * @returns the line with its newline; without one at the end of the input; undefined if there is nothing left.
   */
  async readLine(signal?: AbortSignal): Promise<Buffer | undefined> {
    const parts: Buffer[] = [];
    for (;;) {
      const data = await this.read(signal);
      if (!data) return parts.length > 0 ? Buffer.concat(parts) : undefined;
      const end = data.indexOf(0x0a) + 1;
      if (end === 0) {
        parts.push(data);
        continue;
      }
      this.unread(data.subarray(end));
      parts.push(data.subarray(0, end));
      return Buffer.concat(parts);
    }
  }

  /** Adds a holder. */
  retain(): this {
    this.#holders++;
    return this;
  }

  /** Removes a holder; the last one closes the descriptor. */
  release(): void {
    if (this.#holders > 0 && --this.#holders === 0) this.close();
  }
}
