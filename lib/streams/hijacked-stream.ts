import type { IncomingMessage } from "node:http";
import { Duplex, Readable, Writable } from "node:stream";
import { InputStreamError } from "../errors/usage-errors.js";
import type { Exchange } from "../transport/exchange.js";
import { bodyError } from "./body.js";
import type { OutputStreams } from "./forward.js";
import type { FrameDecoder } from "./frames.js";
import { FrameStream } from "./frame-stream.js";

/** Both directions of a connection that was taken over. */
export interface Hijacked {
  /** What the engine sends. */
  readonly source: Readable;
  /** Where input goes. */
  readonly target: Duplex;
  /** Whether ending the input leaves the output going on. */
  readonly supportsHalfClose: boolean;
  readonly exchange: Exchange;
}

/**
 * Finds the two directions of an answer to a request to take the connection over.
 *
 * Something in between may answer 200 instead of 101; then the output is the answer's body, and input still goes straight
 * to the connection.
 */
export function hijackedOf(
  answer: { body: IncomingMessage; socket: Duplex | undefined; exchange: Exchange },
  supportsHalfClose: boolean,
): Hijacked {
  const { body, socket, exchange } = answer;
  return { source: socket ?? body, target: socket ?? body.socket, supportsHalfClose, exchange };
}

/** Writes input to a taken over connection. Its end is the end of the input alone. */
class InputStream extends Writable {
  readonly #hijacked: Hijacked;

  constructor(hijacked: Hijacked) {
    super({ decodeStrings: true });
    this.#hijacked = hijacked;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#hijacked.target.write(chunk, (error) => done(error ? bodyError(error, this.#hijacked.exchange) : undefined));
  }

  override _final(done: (error?: Error | null) => void): void {
    const { target, supportsHalfClose } = this.#hijacked;
    // where half a connection cannot be closed, the container must find the end of its input by itself
    if (supportsHalfClose && !target.writableEnded && !target.destroyed) target.end(() => done());
    else done();
  }
}

/**
 * Sends the caller's stream to the container's input, and ends the input when the stream ends.
 *
 * The container may end before its input does; what is left then is nobody's, and the stream is let go of.
 */
export function pipeInput(inputStream: Readable, hijacked: Hijacked): void {
  const { exchange } = hijacked;
  const fail = (cause: unknown) => {
    const { operation, endpoint } = exchange;
    exchange.fail(
      new InputStreamError(`the input stream of ${operation} failed before it ended`, { cause, operation, endpoint }),
    );
  };
  if (inputStream.errored || (inputStream.destroyed && !inputStream.readableEnded)) {
    fail(inputStream.errored ?? undefined);
    return;
  }
  const onClose = () => {
    if (!inputStream.readableEnded) fail(undefined);
  };
  const input = new InputStream(hijacked);
  // an input that the container no longer reads is no failure of the call: its output, and its end, tell
  input.on("error", () => undefined);
  inputStream.on("error", fail).on("close", onClose);
  inputStream.pipe(input);
  hijacked.source.once("close", () => {
    inputStream.off("error", fail).off("close", onClose).unpipe(input);
    input.destroy();
    // so that a process whose standard input this was can end
    inputStream.pause();
  });
}

/**
 * A connection to a container's standard streams: {@link FrameStream} for its output, and `stdin` for its input.
 *
 * @category Streams
 */
export class AttachedStream extends FrameStream {
  /**
   * The container's standard input. `end()` closes the input alone: output goes on to its end.
   */
  readonly stdin: Writable;
  /**
   * Whether ending `stdin` reaches the container. Over named pipes it does not.
   */
  readonly supportsHalfClose: boolean;
  readonly #hijacked: Hijacked;

  #forwarding: Promise<void> | undefined;

  /** @internal */
  constructor(hijacked: Hijacked, decoder: FrameDecoder, tty: boolean) {
    super(hijacked.source, decoder, tty, hijacked.exchange);
    this.#hijacked = hijacked;
    this.supportsHalfClose = hijacked.supportsHalfClose;
    this.stdin = new InputStream(hijacked);
    hijacked.source.once("close", () => this.stdin.destroy());
  }

  /** Ends the container's standard input, once what has been written to it has been sent. */
  closeWrite(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.stdin.once("error", reject);
      this.stdin.end(() => {
        this.stdin.off("error", reject);
        resolve();
      });
    });
  }

  /**
   * Connects the caller's streams: output is written as it comes, and input is sent and ended with its stream.
   * {@link wait} tells how it went.
   */
  connect(streams: OutputStreams & { inputStream?: Readable | undefined }): void {
    const { inputStream, outputStream, errorStream } = streams;
    if (inputStream) pipeInput(inputStream, this.#hijacked);
    if (!outputStream && !errorStream) return;
    this.#forwarding = this.forward(streams);
    // the failure is kept for whoever waits
    this.#forwarding.catch(() => undefined);
  }

  /**
   * Waits until the output has ended. Output that nobody has asked for is dropped.
   *
   * @throws the error that ended the connection early.
   */
  wait(): Promise<void> {
    return (this.#forwarding ??= this.forward({}));
  }
}

/**
 * A connection that the engine has given over for another protocol, as it is.
 * `end()` ends the writing direction alone.
 *
 * @category Streams
 */
export class HijackedStream extends Duplex {
  readonly #hijacked: Hijacked;

  /** @internal */
  constructor(hijacked: Hijacked) {
    super({ allowHalfOpen: true });
    this.#hijacked = hijacked;
    const { source, exchange } = hijacked;
    let ended = false;
    source.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) source.pause();
    });
    source.on("end", () => {
      ended = true;
      this.push(null);
    });
    source.on("error", (error) => this.destroy(bodyError(error, exchange)));
    source.on("close", () => {
      exchange.finish();
      if (!ended) this.destroy(exchange.failure);
    });
    source.pause();
  }

  override _read(): void {
    this.#hijacked.source.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#hijacked.target.write(chunk, (error) => done(error ? bodyError(error, this.#hijacked.exchange) : undefined));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#hijacked.target.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#hijacked.source.destroy();
    this.#hijacked.exchange.finish();
    done(error);
  }
}
