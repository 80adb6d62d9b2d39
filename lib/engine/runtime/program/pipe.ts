import { Changes } from "../../changes.js";
import { Descriptor, DescriptorError } from "./descriptor.js";

/** Bytes that a pipe holds until writers wait, as on Linux. */
const capacity = 65_536;

/** What an end of a pipe does. */
interface EndActions {
  pull?(signal?: AbortSignal): Promise<Buffer | undefined>;
  write?(data: Uint8Array, signal?: AbortSignal): Promise<void>;
  close(): void;
}

class PipeEnd extends Descriptor {
  readonly #actions: EndActions;

  constructor(actions: EndActions) {
    super();
    this.#actions = actions;
  }

  protected override async pull(signal?: AbortSignal): Promise<Buffer | undefined> {
    if (!this.#actions.pull) throw new DescriptorError("EBADF");
    return this.#actions.pull(signal);
  }

  override async write(data: Uint8Array, signal?: AbortSignal): Promise<void> {
    if (!this.#actions.write) throw new DescriptorError("EBADF");
    await this.#actions.write(data, signal);
  }

  protected override close(): void {
    this.#actions.close();
  }
}

/** A pipe: bytes that are written to `writer` are read from `reader`. */
export class Pipe {
  /** The end that is read. Reading returns undefined when `writer` is closed and all bytes are read. */
  readonly reader: Descriptor;
  /** The end that is written. Writing throws `EPIPE` when `reader` is closed. */
  readonly writer: Descriptor;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  readonly #changes = new Changes();

  constructor() {
    this.reader = new PipeEnd({ pull: (signal) => this.#read(signal), close: () => this.#changes.wake() });
    this.writer = new PipeEnd({ write: (data, signal) => this.#write(data, signal), close: () => this.#changes.wake() });
  }

  async #read(signal?: AbortSignal): Promise<Buffer | undefined> {
    signal?.throwIfAborted();
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk) {
        this.#size -= chunk.length;
        this.#changes.wake();
        return chunk;
      }
      if (this.writer.closed || this.reader.closed) return undefined;
      await this.#changes.wait(signal);
    }
  }

  async #write(data: Uint8Array, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    for (;;) {
      if (this.reader.closed) throw new DescriptorError("EPIPE");
      if (data.length === 0) return;
      if (this.#size < capacity) {
        this.#chunks.push(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
        this.#size += data.length;
        this.#changes.wake();
        return;
      }
      await this.#changes.wait(signal);
    }
  }
}
