import { Duplex, Readable, Writable } from "node:stream";
import { ConnectionClosedError, ProtocolError } from "../errors/connection-errors.js";
import { InputStreamError } from "../errors/usage-errors.js";
import type { RawResponse } from "../transport/response-body.js";
import type { Exchange } from "../transport/exchange.js";
import { bodyError } from "./body.js";
import type { OutputStreams } from "./forward.js";
import type { FrameDecoder } from "../wire/frames.js";
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
  answer: Pick<RawResponse, "body" | "socket" | "connection"> & { readonly exchange: Exchange },
  supportsHalfClose: boolean,
): Hijacked {
  const { body, socket, connection: target, exchange } = answer;
  if (socket) return { source: socket, target, supportsHalfClose, exchange };
  // input that the engine no longer reads would keep the connection open
  body.once("close", () => target.destroy());
  return { source: body, target, supportsHalfClose, exchange };
}

type Done = (error?: Error | null) => void;

/**
 * Lets a connection outlive its input. An engine that has ended the container no longer reads, and closes its end; the
 * write or the reset that tells so would destroy the connection, and with it output that has come but not been read.
 *
 * @returns a function that gives what the input has failed with, if it has.
 */
export function outliveInput(connection: Duplex): () => Error | undefined {
  let failure: Error | undefined;
  let hasWritten = false;
  const survive = (send: (done: Done) => void, done: Done) => {
    hasWritten = true;
    if (failure) done();
    else {
      send((error) => {
        failure ??= error ?? undefined;
        done();
      });
    }
  };
  const write = connection._write.bind(connection);
  const writev = connection._writev?.bind(connection);
  const destroy = connection.destroy.bind(connection);
  connection._write = (chunk, encoding, done) => survive((sent) => write(chunk, encoding, sent), done);
  if (writev) connection._writev = (chunks, done) => survive((sent) => writev(chunks, sent), done);
  connection.destroy = (error) => {
    const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException; // any error has these or not
    if (!hasWritten || code !== "ECONNRESET" || syscall !== "read" || connection.readableEnded) return destroy(error);
    // nothing is read after a reset, so that this is where the output ends
    failure ??= error;
    connection.push(null);
    return connection;
  };
  return () => failure;
}

/** Writes input to a taken over connection. Its end is the end of the input alone. */
class InputStream extends Writable {
  readonly #hijacked: Hijacked;
  readonly #failure: () => Error | undefined;

  constructor(hijacked: Hijacked) {
    super({ decodeStrings: true });
    this.#hijacked = hijacked;
    this.#failure = outliveInput(hijacked.target);
    // whoever writes hears of a failure from the write, and an input that nobody reads is no failure of the call
    this.on("error", () => undefined);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#hijacked.target.write(chunk, (late) => {
      const error = late ?? this.#failure();
      done(error ? bodyError(error, this.#hijacked.exchange) : undefined);
    });
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
function pipeInput(inputStream: Readable, input: Writable, hijacked: Hijacked): void {
  const { exchange, source } = hijacked;
  if (source.destroyed) return;
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
  inputStream.on("error", fail).on("close", onClose);
  inputStream.pipe(input);
  source.once("close", () => {
    inputStream.off("error", fail).off("close", onClose).unpipe(input);
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

  /**
   * Ends the container's standard input, once what has been written to it has been sent. Does nothing when the connection
   * has ended before.
   *
   * @throws {@link ConnectionClosedError} when the connection ends while something is left to be sent.
   */
  closeWrite(): Promise<void> {
    const { exchange } = this.#hijacked;
    return new Promise((resolve, reject) => {
      if (this.stdin.writableFinished || (this.stdin.destroyed && !this.stdin.errored)) {
        resolve();
        return;
      }
      this.stdin.end((cause?: Error | null) => {
        const { operation, endpoint, failure } = exchange;
        const message = `the connection of ${operation} ended before all of its input had been sent`;
        if (cause) reject(failure ?? new ConnectionClosedError(message, { cause, operation, endpoint }));
        else resolve();
      });
    });
  }

  /**
   * Connects the caller's streams: output is written as it comes, and input is sent and ended with its stream.
   * {@link wait} tells how it went.
   */
  connect(streams: OutputStreams & { inputStream?: Readable | undefined }): void {
    const { inputStream, outputStream, errorStream } = streams;
    if (inputStream) pipeInput(inputStream, this.stdin, this.#hijacked);
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
      if (!ended && !this.destroyed) this.destroy(bodyError(new ProtocolError("the connection was cut off"), exchange));
    });
    source.pause();
  }

  /** @internal */
  override _read(): void {
    this.#hijacked.source.resume();
  }

  /** @internal */
  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#hijacked.target.write(chunk, (error) => done(error ? bodyError(error, this.#hijacked.exchange) : undefined));
  }

  /** @internal */
  override _final(done: (error?: Error | null) => void): void {
    this.#hijacked.target.end(() => done());
  }

  /** @internal */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#hijacked.source.destroy();
    this.#hijacked.exchange.finish();
    done(error);
  }
}
