import { Readable, Writable } from "node:stream";
import { isError } from "../../../wire/realm.js";
import { Changes } from "../../changes.js";
import type { TerminalSize } from "../executor.js";
import { Descriptor, DescriptorError } from "./descriptor.js";

/** Runs each operation of a stream: waits while its process is stopped, and fails when it has ended. */
export type Operation = <T>(work: (signal?: AbortSignal) => Promise<T>) => Promise<T>;

const atOnce: Operation = (work) => work();

const asError = (value: unknown): Error => (isError(value) ? value : new Error(String(value)));

/** A descriptor as a Node.js stream to read. It reads nothing before somebody reads from it. */
export class DescriptorReadable extends Readable {
  /** What it reads. */
  readonly descriptor: Descriptor;
  readonly #operation: Operation;
  readonly #ended: (() => void) | undefined;

  /**
   * @param ended - called when the stream is destroyed, also after its end.
   */
  constructor(descriptor: Descriptor, operation: Operation = atOnce, ended?: () => void) {
    super({ highWaterMark: 0 });
    this.descriptor = descriptor;
    this.#operation = operation;
    this.#ended = ended;
    // a stream that nobody listens to must not end the engine
    this.on("error", () => undefined);
  }

  /** Whether it is a terminal, as in `process.stdin`. */
  get isTTY(): boolean {
    return this.descriptor.terminal !== undefined;
  }

  /** Size of the terminal; undefined if it is not a terminal. */
  get terminal(): TerminalSize | undefined {
    return this.descriptor.terminal;
  }

  override _read(): void {
    this.#operation((signal) => this.descriptor.read(signal)).then(
      (data) => {
        if (!this.destroyed) this.push(data ?? null);
        else if (data) this.descriptor.unread(data);
      },
      (error: unknown) => void this.destroy(asError(error)),
    );
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#ended?.();
    callback(error);
  }

  /** Puts back what was read from the descriptor and not from this stream, and destroys it. */
  detach(): void {
    const left = this.readableLength > 0 ? (this.read() as Buffer | null) : null;
    if (left) this.descriptor.unread(Buffer.from(left));
    this.destroy();
  }
}

/** A descriptor as a Node.js stream to write. */
export class DescriptorWritable extends Writable {
  /** What it writes to. */
  readonly descriptor: Descriptor;
  readonly #operation: Operation;
  readonly #ended: (() => void) | undefined;

  /**
   * @param ended - called when the stream has ended or is destroyed.
   */
  constructor(descriptor: Descriptor, operation: Operation = atOnce, ended?: () => void) {
    super({ decodeStrings: true });
    this.descriptor = descriptor;
    this.#operation = operation;
    this.#ended = ended;
    this.on("error", () => undefined);
  }

  /** Whether it is a terminal, as in `process.stdout`. */
  get isTTY(): boolean {
    return this.descriptor.terminal !== undefined;
  }

  /** Size of the terminal; undefined if it is not a terminal. */
  get terminal(): TerminalSize | undefined {
    return this.descriptor.terminal;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#operation((signal) => this.descriptor.write(chunk, signal)).then(
      () => callback(),
      (error: unknown) => callback(asError(error)),
    );
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#ended?.();
    callback(error);
  }
}

/** A stream that a program passes to a child. */
class StreamDescriptor extends Descriptor {
  readonly #readable: Readable | undefined;
  readonly #writable: Writable | undefined;
  #over = false;
  readonly #changes = new Changes();

  constructor(stream: { readable: Readable } | { writable: Writable }) {
    super();
    this.#readable = "readable" in stream ? stream.readable : undefined;
    this.#writable = "writable" in stream ? stream.writable : undefined;
    const changed = (): void => this.#changes.wake();
    const over = (): void => {
      this.#over = true;
      this.#changes.wake();
    };
    this.#readable?.on("readable", changed).on("end", over).on("close", over).on("error", over);
    this.#writable?.on("close", over).on("error", over);
  }

  protected override async pull(signal?: AbortSignal): Promise<Buffer | undefined> {
    if (!this.#readable) throw new DescriptorError("EBADF");
    for (;;) {
      signal?.throwIfAborted();
      const data = this.#readable.read() as Uint8Array | string | null;
      if (data !== null) return Buffer.from(data as string);
      if (this.#over || this.#readable.readableEnded || this.#readable.destroyed) return undefined;
      await this.#changes.wait(signal);
    }
  }

  override async write(data: Uint8Array, signal?: AbortSignal): Promise<void> {
    const writable = this.#writable;
    if (!writable) throw new DescriptorError("EBADF");
    if (this.#over || writable.destroyed || writable.writableEnded) throw new DescriptorError("EPIPE");
    if (writable.write(data)) return;
    const drained = (): void => this.#changes.wake();
    writable.once("drain", drained);
    try {
      while (writable.writableNeedDrain) await this.#changes.wait(signal);
    } finally {
      writable.off("drain", drained);
    }
  }

  protected override close(): void {
    this.#readable?.destroy();
    this.#writable?.end();
  }
}

const known = { read: new WeakMap<Readable | Writable, Descriptor>(), write: new WeakMap<Readable | Writable, Descriptor>() };

/**
 * Returns the descriptor behind a stream with a further holder. A stream of the program's own belongs to the holders: it is ended
 * or destroyed when the last one releases it.
 */
export function descriptorOf(stream: Readable | Writable, direction: "read" | "write"): Descriptor {
  if (stream instanceof DescriptorReadable || stream instanceof DescriptorWritable) return stream.descriptor.retain();
  const shared = known[direction].get(stream);
  if (shared && !shared.closed) return shared.retain();
  const made = new StreamDescriptor(direction === "read" ? { readable: stream as Readable } : { writable: stream as Writable });
  known[direction].set(stream, made);
  return made;
}
