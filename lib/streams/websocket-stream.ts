import { Duplex } from "node:stream";
import { Receiver, Sender } from "ws";
import { ProtocolError } from "../errors/connection-errors.js";
import { MEMORY_LIMIT } from "../wire/limits.js";
import { heardError } from "../wire/quiet.js";
import { bodyError, watchSource } from "./body.js";
import { type Hijacked, outliveInput } from "./hijacked-stream.js";

/** The close codes of a WebSocket that ended normally. */
const NORMAL = 1000;
const ordinary: ReadonlySet<number> = new Set([NORMAL, 1001, 1005]);

/**
 * The data of a WebSocket on an upgraded connection.
 *
 * Ending the stream sends a close frame. The peer can continue to send data until it closes the WebSocket as well.
 */
export class WebSocketStream extends Duplex {
  readonly #hijacked: Hijacked;
  readonly #receiver = new Receiver({ maxPayload: MEMORY_LIMIT, skipUTF8Validation: true });
  readonly #sender: Sender;
  readonly #inputFailure: () => Error | undefined;
  #concluded = false;
  /** The last ping that arrived while the peer was not reading. */
  #unanswered: Buffer | undefined;

  constructor(hijacked: Hijacked) {
    super({ allowHalfOpen: false });
    this.#hijacked = hijacked;
    this.#sender = new Sender(hijacked.target);
    this.#inputFailure = outliveInput(hijacked.target);
    const { source, exchange } = hijacked;
    this.#receiver
      .on("message", (data) => {
        if (!this.push(data)) source.pause();
      })
      .on("ping", (data) => this.#answerPing(data))
      .on("conclude", (code, reason) => this.#conclude(code, reason.toString()))
      .on("error", (cause) => this.#fail(`the engine sent a malformed WebSocket frame: ${cause.message}`, cause));
    source.on("data", (chunk: Buffer) => {
      if (!this.#concluded) this.#receiver.write(chunk);
    });
    source.on("end", () => {
      // a peer that no longer reads may disconnect before its close frame can be read
      if (this.#inputFailure()) this.#conclude(NORMAL, "");
      else if (!this.#concluded) this.#fail(`the WebSocket of ${exchange.operation} was cut off`);
    });
    watchSource(source, exchange, (error) => {
      if (!this.#concluded) this.destroy(error);
    });
    source.pause();
  }

  /** Answers a ping. While the peer is not reading, only the last ping is kept, as RFC 6455 permits. */
  #answerPing(data: Buffer): void {
    const { target } = this.#hijacked;
    if (!target.writableNeedDrain) {
      this.#sender.pong(data, true);
      return;
    }
    if (!this.#unanswered) {
      target.once("drain", () => {
        if (this.#unanswered) this.#sender.pong(this.#unanswered, true);
        this.#unanswered = undefined;
      });
    }
    // a copy, because the data is a slice of a larger buffer
    this.#unanswered = Buffer.from(data);
  }

  #fail(message: string, cause?: unknown, reason?: string): void {
    const { exchange } = this.#hijacked;
    const { operation, endpoint } = exchange;
    this.destroy(exchange.hide(new ProtocolError(message, { cause, operation, endpoint }, reason)));
  }

  #conclude(code: number, reason: string): void {
    if (this.#concluded) return;
    this.#concluded = true;
    if (ordinary.has(code)) this.push(null);
    else this.#fail(`the engine closed the WebSocket with code ${code}`, undefined, reason === "" ? undefined : reason);
  }

  override _read(): void {
    this.#hijacked.source.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#sender.send(chunk, { binary: true, compress: false, fin: true, mask: true }, (late) => {
      const error = late ?? this.#inputFailure();
      done(error ? bodyError(error, this.#hijacked.exchange) : undefined);
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    // the behaviour of the peer shows whether it has received the close frame
    this.#sender.close(NORMAL, "", true, () => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#hijacked.source.destroy();
    this.#hijacked.exchange.finish();
    done(heardError(this, error));
  }
}
