import type { Http2Stream } from "node:http2";
import { ConnectionClosedError } from "../../errors/connection-errors.js";
import { frameOf, MessageReader, prefixOf } from "./message-reader.js";
import { Code, GrpcError } from "./status.js";

/** The messages of a call, in both directions. */
export class CallStream {
  readonly #stream: Http2Stream;
  readonly #reader: MessageReader;

  /** @param limit - the longest message to accept, in bytes. */
  constructor(stream: Http2Stream, limit?: number) {
    this.#stream = stream;
    this.#reader = new MessageReader(limit);
  }

  /**
   * Sends a message, or several at once. Resolves when the peer is ready for more.
   *
   * @throws {@link ConnectionClosedError} when the call has ended.
   */
  async send(...messages: readonly Buffer[]): Promise<void> {
    await this.#write([Buffer.concat(messages.map(frameOf))]);
  }

  /**
   * Sends a large message, without a copy of its parts. Resolves when the peer is ready for more.
   *
   * @throws {@link ConnectionClosedError} when the call has ended.
   */
  async sendParts(parts: readonly Buffer[]): Promise<void> {
    await this.#write([prefixOf(parts.reduce((sum, { length }) => sum + length, 0)), ...parts]);
  }

  /** Called before each message. */
  protected begin(): void {
    // the headers of a request have been sent
  }

  async #write(chunks: readonly Buffer[]): Promise<void> {
    const stream = this.#stream;
    if (stream.destroyed || stream.closed || stream.writableEnded) throw ended();
    this.begin();
    stream.cork();
    let isReady = true;
    for (const chunk of chunks) isReady = stream.write(chunk);
    stream.uncork();
    if (isReady) return;
    await new Promise<void>((resolve, reject) => {
      const drained = (): void => {
        stream.off("close", closed);
        resolve();
      };
      const closed = (): void => {
        stream.off("drain", drained);
        reject(ended());
      };
      stream.once("drain", drained).once("close", closed);
    });
  }

  /**
   * Yields the messages of the peer. Leaving the loop early does not end the call.
   *
   * @throws {@link GrpcError} when a message is too long, compressed or cut off.
   */
  async *messages(): AsyncGenerator<Buffer, void, undefined> {
    for await (const chunk of this.#stream.iterator({ destroyOnReturn: false })) yield* this.#reader.read(chunk as Buffer);
    if (this.#reader.isCut) throw new GrpcError(Code.Internal, "the stream ended within a message");
  }
}

const ended = (): ConnectionClosedError => new ConnectionClosedError("the gRPC call has ended");
