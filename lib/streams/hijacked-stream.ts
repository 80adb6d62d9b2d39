import { Duplex, Readable, Writable } from "node:stream";
import { ConnectionClosedError, ProtocolError } from "../errors/connection-errors.js";
import type { Exchange } from "../transport/exchange.js";
import { tolerateWriteErrors } from "../transport/resilient-socket.js";
import type { RawResponse } from "../transport/response-body.js";
import { type ByteSource, inputFailure, leaveSource, readableOf, readBytes } from "../wire/byte-source.js";
import type { FrameDecoder } from "../wire/frames.js";
import { handled, heardError, ignoreErrors } from "../wire/quiet.js";
import { bodyError, watchSource } from "./body.js";
import type { OutputStreams } from "./forward.js";
import { FrameStream } from "./frame-stream.js";

/** Both directions of a hijacked connection. */
export interface Hijacked {
  /** The output of the engine. */
  readonly source: Readable;
  /** The destination of input. */
  readonly target: Duplex;
  /** Whether ending the input leaves the output open. */
  readonly supportsHalfClose: boolean;
  readonly exchange: Exchange;
  /**
   * Confirms that the output is complete after it has ended, with requests if necessary.
   *
   * @param sent - the last part of the input that has been sent.
   */
  readonly confirm?: ((sent: Buffer) => Promise<void>) | undefined;
}

/** The number of bytes of sent input to keep, so that the key sequence for detaching from a terminal can be found in them. */
const KEPT_INPUT = 1024;

/**
 * Returns the two directions of the response to a hijack request.
 *
 * A proxy may answer 200 instead of 101: the output is then the body of the response, and input is still written to the
 * connection.
 *
 * @throws {@link ProtocolError} when the response neither upgrades the connection nor has a body: it would look like a stream
 * without output.
 */
export function hijackedOf(response: RawResponse & { readonly exchange: Exchange }, supportsHalfClose: boolean): Hijacked {
  const { status, headers, body, socket, connection: target, exchange } = response;
  if (socket) return { source: socket, target, supportsHalfClose, exchange };
  const isEmpty = Number(headers["content-length"] ?? NaN) === 0;
  if (status !== 200 || isEmpty) {
    target.destroy();
    exchange.finish();
    const { operation, endpoint } = exchange;
    const answer = isEmpty ? `status ${status} without a body` : `status ${status}`;
    throw new ProtocolError(`${operation} needs an upgraded connection, but the engine or a proxy answered with ${answer}`, {
      operation,
      endpoint,
    });
  }
  return { source: body, target, supportsHalfClose, exchange };
}

/**
 * Keeps a connection readable after its input has failed. When the container has exited, the engine stops reading and closes its
 * end; without this, the failed write or the reset would discard output that has arrived but has not been read.
 *
 * @returns a function that returns the error of the input, if it has failed.
 */
export function outliveInput(connection: Duplex): () => Error | undefined {
  let failure: Error | undefined;
  tolerateWriteErrors(connection, {
    drops: () => failure !== undefined,
    tolerates: (error) => {
      failure ??= error;
      return true;
    },
    endsOutput: (error: NodeJS.ErrnoException) => {
      if (error.code !== "ECONNRESET" || error.syscall !== "read") return false;
      failure ??= error;
      return true;
    },
  });
  return () => failure;
}

/** Writes input to a hijacked connection. Ending this stream ends only the input. */
class InputStream extends Writable {
  readonly #hijacked: Hijacked;
  readonly #failure: () => Error | undefined;
  #sent = Buffer.alloc(0);

  constructor(hijacked: Hijacked) {
    super({ decodeStrings: true });
    this.#hijacked = hijacked;
    this.#failure = outliveInput(hijacked.target);
    // a failure is reported to the caller of write; input that is not read is not a failure of the call
    this.on("error", ignoreErrors);
  }

  /** The last part of the input that has been sent. */
  get sent(): Buffer {
    return this.#sent;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#sent = Buffer.concat([this.#sent, chunk.subarray(-KEPT_INPUT)]).subarray(-KEPT_INPUT);
    this.#hijacked.target.write(chunk, (late) => {
      const error = late ?? this.#failure();
      done(error ? bodyError(error, this.#hijacked.exchange) : undefined);
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    const { target, supportsHalfClose } = this.#hijacked;
    // without half-close, the container has to detect the end of its input itself
    if (supportsHalfClose && !target.writableEnded && !target.destroyed) target.end(() => done());
    else done();
  }
}

/**
 * Sends the caller's stream to the container's input, and ends the input when the stream ends.
 *
 * If the container exits first, the rest of the stream is not read, and the stream is released.
 */
function pipeInput(inputStream: Readable, input: Writable, { exchange, source }: Hijacked): void {
  exchange.streams?.handOver(inputStream);
  if (source.destroyed) {
    leaveSource(inputStream);
    return;
  }
  const { resume, stop } = readBytes(inputStream, {
    chunk: (bytes) => !input.writable || input.write(bytes),
    end: () => input.end(),
    fail: (cause) => exchange.fail(inputFailure(cause, exchange)),
  });
  input.on("drain", resume);
  const leave = () => {
    stop();
    input.off("drain", resume);
    // if this is the standard input of the Node.js process, the process can now exit
    leaveSource(inputStream);
  };
  // input that is no longer read is not a failure
  input.once("close", leave);
}

/**
 * A connection to a container's standard streams: {@link FrameStream} for its output, and `stdin` for its input.
 *
 * @category Streams
 */
export class AttachedStream extends FrameStream {
  /**
   * The container's standard input. `end()` closes it if {@link supportsHalfClose} is true; otherwise, the client just stops
   * sending. Either way, the output continues to its end.
   */
  readonly stdin: Writable;
  /**
   * Whether the container is notified of the end of `stdin`. Named pipes do not support this. For a terminal, and for a container
   * with `OpenStdin` but without `StdinOnce`, Docker would close the output as well, so the end is not sent. To end the input of
   * a program on a terminal, write `"\x04"` (Ctrl-D) at the start of a line.
   */
  readonly supportsHalfClose: boolean;
  readonly #hijacked: Hijacked;

  #forwarding: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;

  /** @internal */
  constructor(hijacked: Hijacked, decoder: FrameDecoder, tty: boolean) {
    const input = new InputStream(hijacked);
    super(hijacked.source, decoder, tty, hijacked.exchange, async () => hijacked.confirm?.(input.sent));
    this.#hijacked = hijacked;
    this.supportsHalfClose = hijacked.supportsHalfClose;
    this.stdin = input;
    if (hijacked.source.closed) this.stdin.destroy();
    else hijacked.source.once("close", () => this.stdin.destroy());
  }

  /**
   * Ends the container's standard input after all written data has been sent. Does nothing if the connection has ended.
   *
   * @throws {@link ConnectionClosedError} when the connection ends before all data has been sent.
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
        const message = `the connection of ${operation} ended before all of its input was sent`;
        if (cause) reject(failure ?? new ConnectionClosedError(message, { cause, operation, endpoint }));
        else resolve();
      });
    });
  }

  /**
   * Connects the caller's streams: output is written as it arrives, and input is sent until its stream ends. {@link wait} reports
   * the outcome.
   */
  connect(streams: OutputStreams & { inputStream?: ByteSource | undefined }): void {
    const { inputStream, outputStream, errorStream } = streams;
    const { exchange } = this.#hijacked;
    if (inputStream !== undefined) pipeInput(readableOf(inputStream, "inputStream", exchange), this.stdin, this.#hijacked);
    if (!outputStream && !errorStream) return;
    this.#forwarding = this.transfer(streams);
    void handled(this.#forwarding); // wait reports a failure
  }

  /**
   * Waits until the output has ended. Output without a destination is dropped.
   *
   * @throws the error that ended the connection early.
   */
  wait(): Promise<void> {
    return (this.#waiting ??= this.ended().then(() => this.confirm()));
  }

  /**
   * Waits until the output has ended, without confirming that it is complete: for callers that inspect the process anyway.
   *
   * @internal
   */
  ended(): Promise<void> {
    return (this.#forwarding ??= this.transfer({}));
  }
}

/**
 * A raw connection that the engine has upgraded to another protocol.
 * `end()` ends only the writable side.
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
    source.on("data", (chunk: Buffer) => {
      if (!this.push(chunk)) source.pause();
    });
    source.on("end", () => this.push(null));
    watchSource(source, exchange, (error) => this.destroy(error));
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

  /** Passes chunks that have waited on together: HTTP/2 writes frames of 16 KiB. @internal */
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    const { target } = this.#hijacked;
    target.cork();
    for (const { chunk } of chunks.slice(0, -1)) target.write(chunk);
    this._write(chunks.at(-1)?.chunk ?? Buffer.alloc(0), "utf8", done); // of bytes, the encoding is ignored
    target.uncork();
  }

  /** @internal */
  override _final(done: (error?: Error | null) => void): void {
    this.#hijacked.target.end(() => done());
  }

  /** @internal */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#hijacked.source.destroy();
    this.#hijacked.exchange.finish();
    done(heardError(this, error));
  }
}
