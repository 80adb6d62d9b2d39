import { Writable } from "node:stream";
import type { DockerErrorDetails } from "../errors/docker-error.js";
import { InvalidOptionError, OutputStreamError } from "../errors/usage-errors.js";
import { has } from "./byte-source.js";
import { ignoreErrors } from "./quiet.js";
import { isError } from "./realm.js";

/** The members of a `WritableStream` that the client uses. @category Streams */
export interface WebWritable {
  /** Locks the stream to a writer. */
  getWriter(): {
    /** Rejects when the stream fails. */
    readonly closed: Promise<unknown>;
    /** Resolves when the stream accepts more data. */
    readonly ready: Promise<unknown>;
    /** Writes bytes. */
    write(chunk: Uint8Array): Promise<void>;
    /** Unlocks the stream. */
    releaseLock(): void;
  };
}

/**
 * A destination for bytes: a `Writable` or a `WritableStream`. It is not closed at the end of the output; a `WritableStream` is locked
 * until then.
 *
 * @category Streams
 */
export type ByteSink = Writable | WebWritable;

/** The description of a {@link ByteSink}, for errors. */
export const SINK = "a Writable or a WritableStream";

/** A `Writable` that writes to a `WritableStream`, and fails as soon as that stream fails. */
class WebSink extends Writable {
  readonly #writer: ReturnType<WebWritable["getWriter"]>;
  #isReleased = false;

  constructor(stream: WebWritable) {
    super();
    this.#writer = stream.getWriter();
    // a write may fail after the call has ended
    this.on("error", ignoreErrors);
    this.#writer.closed.then(
      () => this.#end(),
      (reason: unknown) => this.#end(reason),
    );
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const write = async () => {
      await this.#writer.ready;
      await this.#writer.write(chunk);
    };
    write().then(
      () => done(),
      (reason: unknown) => done(errorOf(reason)),
    );
  }

  /** Unlocks the stream. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    this.#writer.releaseLock();
  }

  #end(reason?: unknown): void {
    if (!this.#isReleased) this.destroy(reason === undefined ? undefined : errorOf(reason));
  }
}

const errorOf = (reason: unknown): Error => (isError(reason) ? reason : new Error(String(reason), { cause: reason }));

/** Whether a destination is a `Writable`, possibly from another package. */
const isWritable = (sink: ByteSink): sink is Writable => sink instanceof Writable || has(sink, "write", "on");

/**
 * Returns the caller's destination as a Node.js stream.
 *
 * @param option - the name of the option, for the error.
 * @throws {@link InvalidOptionError} when it is not a destination for bytes, or is a `WritableStream` that is locked.
 */
export function writableOf(sink: ByteSink, option: string, details: DockerErrorDetails): Writable {
  if (isWritable(sink)) return sink;
  const name = details.operation ?? "the call";
  if (has(sink, "getWriter")) {
    try {
      return new WebSink(sink);
    } catch (cause) {
      throw new InvalidOptionError(option, `${name}: option "${option}" is a locked stream`, { ...details, cause });
    }
  }
  throw new InvalidOptionError(option, `${name}: option "${option}" must be ${SINK}`, details);
}

/** Unlocks the `WritableStream` that a stream was created from. */
export function leaveSink(stream: Writable): void {
  if (stream instanceof WebSink) stream.release();
}

/** Returns the error for a caller's stream that failed. */
export function outputFailure(cause: unknown, { operation, endpoint }: DockerErrorDetails): OutputStreamError {
  return new OutputStreamError(`the output stream of ${operation ?? "the call"} failed`, { cause, operation, endpoint });
}

/** Returns the error for a caller's stream that was closed or ended before the output ended. */
export function outputClosed({ operation, endpoint }: DockerErrorDetails): OutputStreamError {
  const message = `the output stream of ${operation ?? "the call"} was closed before the output ended`;
  return new OutputStreamError(message, { operation, endpoint });
}

/** Returns an error if a stream no longer accepts data. */
export function failureOfSink(stream: Writable, where: DockerErrorDetails): OutputStreamError | undefined {
  if (stream.errored) return outputFailure(stream.errored, where);
  return stream.destroyed || stream.writableEnded ? outputClosed(where) : undefined;
}
