import type { Writable } from "node:stream";
import { ignoreErrors } from "../../../../wire/quiet.js";
import { FileError } from "../../../files/file-error.js";
import { DescriptorError } from "../descriptor.js";

/** Output that waits for its reader once it is this long, in bytes. */
const LARGE = 16_384;

/** The reader of an output is gone. A process that writes then ends by the signal `SIGPIPE`. */
export class BrokenPipeError extends Error {
  constructor() {
    super("Broken pipe");
    this.name = "BrokenPipeError";
  }
}

/** The output cannot be written, such as to a full file system. */
export class WriteError extends Error {
  constructor(reason: string) {
    super(`write error: ${reason}`);
    this.name = "WriteError";
  }
}

/** Returns the error of a write: that of a missing reader, unless the stream says something else. */
function writeFailure({ errored }: Writable): Error {
  const isOther = errored instanceof FileError || (errored instanceof DescriptorError && errored.code !== "EPIPE");
  return isOther ? new WriteError(errored.reason) : new BrokenPipeError();
}

/** Returns the UTF-8 encoding of a text as a byte string: a string with one character per byte. */
export const byteString = (text: string): string => (isAscii(text) ? text : Buffer.from(text).toString("latin1"));

/** Returns the text whose UTF-8 encoding a byte string is. */
export const textOf = (bytes: string): string => (isAscii(bytes) ? bytes : Buffer.from(bytes, "latin1").toString());

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);

/** An output of a program: collects small pieces, and waits for the reader before it takes more. */
export class Output {
  readonly #stream: Writable;
  readonly #signal: AbortSignal;
  #pending: string[] = [];
  #length = 0;

  /**
   * @param stream - where the bytes go.
   * @param signal - ends a wait for the reader.
   */
  constructor(stream: Writable, signal: AbortSignal) {
    this.#stream = stream;
    this.#signal = signal;
    // a failed write is reported by the next one
    if (!stream.listeners("error").includes(ignoreErrors)) stream.on("error", ignoreErrors);
  }

  /** Whether so much is collected that it should be flushed. */
  get isFull(): boolean {
    return this.#length >= LARGE;
  }

  /** Collects text. */
  put(text: string): void {
    this.putBytes(byteString(text));
  }

  /** Collects a byte string. */
  putBytes(bytes: string): void {
    if (bytes === "") return;
    this.#pending.push(bytes);
    this.#length += bytes.length;
  }

  /**
   * Writes what was collected, and waits until all of it is written.
   *
   * @throws {@link WriteError} when it cannot be written.
   */
  async finish(): Promise<void> {
    await this.flush();
    const stream = this.#stream;
    if (stream.writableLength > 0 && isOpen(stream))
      await new Promise<void>((resolve) => {
        const settle = (): void => {
          stream.off("close", settle).off("error", settle);
          this.#signal.removeEventListener("abort", settle);
          resolve();
        };
        stream.on("close", settle).on("error", settle);
        this.#signal.addEventListener("abort", settle);
        stream.write("", settle);
      });
    const failure = stream.errored ? writeFailure(stream) : undefined;
    if (failure instanceof WriteError && !this.#signal.aborted) throw failure;
  }

  /**
   * Writes what was collected, and waits until the stream takes more.
   *
   * @throws {@link BrokenPipeError} when the reader is gone, and {@link WriteError} for other failures.
   */
  async flush(): Promise<void> {
    if (this.#length === 0) return;
    await this.#write(this.#taken());
  }

  /** Writes what was collected, and then bytes. */
  async write(data: Uint8Array): Promise<void> {
    await this.flush();
    if (data.length > 0) await this.#write(data);
  }

  /** Writes what was collected without waiting. */
  pass(): void {
    if (this.#length > 0 && isOpen(this.#stream)) this.#stream.write(this.#taken());
  }

  #taken(): Buffer {
    const data = Buffer.from(this.#pending.join(""), "latin1");
    this.#pending = [];
    this.#length = 0;
    return data;
  }

  async #write(data: Uint8Array): Promise<void> {
    this.#signal.throwIfAborted();
    if (!isOpen(this.#stream)) throw writeFailure(this.#stream);
    if (this.#stream.write(data)) return;
    await new Promise<void>((resolve, reject) => {
      const settle = (): void => {
        this.#stream.off("drain", settle).off("close", settle).off("error", settle);
        this.#signal.removeEventListener("abort", settle);
        if (this.#signal.aborted) reject(this.#signal.reason as Error);
        else if (isOpen(this.#stream)) resolve();
        else reject(writeFailure(this.#stream));
      };
      this.#stream.on("drain", settle).on("close", settle).on("error", settle);
      this.#signal.addEventListener("abort", settle);
    });
  }
}

const isOpen = (stream: Writable): boolean => !stream.destroyed && !stream.writableEnded && !stream.errored;
