import { setImmediate } from "../wire/clock.js";
import type { CallStream } from "./grpc/call-stream.js";
import { Packet } from "./messages/session.js";

/** How many bytes are put together. One write for each packet takes three times as long. */
const TOGETHER = 64 * 1024;

/** Sends packets, small ones together. */
export class PacketWriter {
  readonly #stream: CallStream;
  #waiting: Buffer[] = [];
  #length = 0;
  #flushing: Promise<void> = Promise.resolve();
  #isScheduled = false;

  constructor(stream: CallStream) {
    this.#stream = stream;
  }

  /** Sends a packet soon. Resolves when more may follow. */
  async send(packet: Partial<Packet>): Promise<void> {
    if (packet.data && packet.data.length >= TOGETHER) {
      await this.flush();
      this.#flushing = this.#stream.sendParts(Packet.encodeParts(packet));
      await this.#flushing;
      return;
    }
    const message = Packet.encode(packet);
    this.#waiting.push(message);
    this.#length += message.length;
    if (this.#length >= TOGETHER) {
      await this.flush();
    } else if (!this.#isScheduled) {
      this.#isScheduled = true;
      setImmediate(() => {
        this.#isScheduled = false;
        this.flush().catch(() => undefined); // the next call of send or flush reports it
      });
    }
  }

  /**
   * Sends what waits.
   *
   * @throws {@link ConnectionClosedError} when the call has ended.
   */
  flush(): Promise<void> {
    const messages = this.#waiting;
    this.#waiting = [];
    this.#length = 0;
    if (messages.length > 0) this.#flushing = this.#flushing.then(() => this.#stream.send(...messages));
    return this.#flushing;
  }
}
