import { PassThrough, type Readable } from "node:stream";
import { AbortError } from "../errors/connection-errors.js";
import { OutputLimitError, StreamInUseError } from "../errors/usage-errors.js";
import type { Exchange } from "../transport/exchange.js";
import { type Frame, type FrameDecoder, type FrameSink, type StreamName, streamName } from "../wire/frames.js";
import { LINE_LIMIT, MEMORY_LIMIT } from "../wire/limits.js";
import { LineSplitter } from "../wire/lines.js";
import { heardError, ignoreErrors } from "../wire/quiet.js";
import { chunksOf } from "./body.js";
import { forward, type OutputStreams, SystemErrors } from "./forward.js";

/** A line of output. @category Streams */
export interface OutputLine {
  /** The stream that the line was written to. */
  stream: StreamName;
  /** The line, without its line ending. */
  line: string;
}

/** The output of a container, one buffer for each stream. @category Streams */
export interface CollectedOutput {
  /** Standard output, or all output of a container with a terminal. */
  stdout: Buffer;
  /** Standard error. */
  stderr: Buffer;
}

/**
 * Creates one of the streams that {@link FrameStream.split} returns. Its error must not crash a caller that listens to only the
 * other one.
 */
function half(): PassThrough {
  return new PassThrough({
    destroy(error, done) {
      done(heardError(this, error));
    },
  });
}

/**
 * The output of a container. Iterate over its frames, or read it with one of the other methods. It can be read only once.
 *
 * Data is read from the engine on demand, with backpressure.
 *
 * @category Streams
 */
export class FrameStream implements AsyncIterable<Frame>, AsyncDisposable {
  /** Whether the output comes from a terminal, which has no separate standard error. */
  readonly tty: boolean;
  readonly #source: Readable;
  readonly #decoder: FrameDecoder;
  readonly #exchange: Exchange;
  readonly #confirm: (() => Promise<void>) | undefined;
  #confirmed: Promise<void> | undefined;
  #claimed = false;

  /**
   * @param confirm - confirms at the end that the output is complete, if the source itself does not show this.
   * @internal
   */
  constructor(source: Readable, decoder: FrameDecoder, tty: boolean, exchange: Exchange, confirm?: () => Promise<void>) {
    this.#source = source;
    this.#decoder = decoder;
    this.#exchange = exchange;
    this.#confirm = confirm;
    this.tty = tty;
    // an error that occurs before the output is read is reported to the reader
    source.on("error", ignoreErrors);
  }

  #claim(): void {
    if (this.#claimed) {
      const { operation, endpoint } = this.#exchange;
      throw new StreamInUseError(`the stream of ${operation} can be read only once`, { operation, endpoint });
    }
    this.#claimed = true;
  }

  /**
   * Yields the frames in the order in which the engine sent them. Leaving the loop closes the connection.
   *
   * @throws {@link ProtocolError} when the stream is cut off or malformed.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<Frame, void, void> {
    this.#claim();
    const errors = new SystemErrors();
    let frames: Frame[] = [];
    const keep: FrameSink = (stream, data) => {
      if (!errors.take(stream, data)) frames.push({ stream: streamName(stream), data });
    };
    try {
      for await (const chunk of chunksOf(this.#source, this.#exchange)) {
        try {
          this.#decoder.decode(chunk, keep);
        } finally {
          // frames before a malformed one are valid
          yield* frames;
          frames = [];
        }
      }
      this.#decoder.flush?.(keep);
      yield* frames;
      this.#decoder.end();
      errors.end(this.#exchange);
      await this.confirm();
    } finally {
      this.#release();
    }
  }

  /**
   * Yields the output line by line, separately for each stream. Data after the last line ending counts as a line.
   *
   * @param limit - the maximum length of a line, in bytes; by default 16 MiB.
   * @throws {@link OutputLimitError} when a line exceeds the limit.
   */
  async *lines(limit = LINE_LIMIT): AsyncGenerator<OutputLine, void, void> {
    const excess = () => this.#limitError(limit, "a line of the output");
    const splitters = new Map<StreamName, LineSplitter>();
    let lines: OutputLine[] = [];
    for await (const { stream, data } of this) {
      let splitter = splitters.get(stream);
      if (!splitter) splitters.set(stream, (splitter = new LineSplitter(limit, excess)));
      try {
        splitter.read(data, (line) => lines.push({ stream, line }));
      } finally {
        // the lines that precede an overlong one are valid
        yield* lines;
        lines = [];
      }
    }
    for (const [stream, splitter] of splitters) {
      const line = splitter.end();
      if (line !== undefined) yield { stream, line };
    }
  }

  /**
   * Reads all output into memory.
   *
   * @param limit - the maximum number of bytes of both streams together; by default 64 MiB.
   * @throws {@link OutputLimitError} when the output exceeds the limit.
   */
  async collect(limit = MEMORY_LIMIT): Promise<CollectedOutput> {
    const parts: Record<StreamName, Buffer[]> = { stdout: [], stderr: [] };
    let length = 0;
    for await (const { stream, data } of this) {
      parts[stream].push(data);
      length += data.length;
      if (length > limit) throw this.#limitError(limit, "the output");
    }
    return { stdout: Buffer.concat(parts.stdout), stderr: Buffer.concat(parts.stderr) };
  }

  #limitError(limit: number, what: string): OutputLimitError {
    const { operation, endpoint } = this.#exchange;
    const message = `${what} of ${operation} exceeds ${limit} bytes: raise the limit or stream it`;
    return new OutputLimitError(limit, message, { operation, endpoint });
  }

  /**
   * Writes all output to the caller's streams, at the pace of the slower one.
   *
   * @throws {@link OutputStreamError} when one of them fails or is closed early.
   */
  async forward(streams: OutputStreams): Promise<void> {
    await this.transfer(streams);
    await this.confirm();
  }

  /**
   * Writes all output to the caller's streams, without confirming that it is complete.
   *
   * @internal
   */
  protected async transfer(streams: OutputStreams): Promise<void> {
    this.#claim();
    await forward(this.#source, this.#decoder, streams, this.#exchange);
  }

  /**
   * Confirms that the output is complete after it has ended. Further calls return the same outcome.
   *
   * @internal
   */
  protected async confirm(): Promise<void> {
    await (this.#confirmed ??= this.#confirm?.());
  }

  /**
   * Returns standard output and standard error as separate readable streams. Read both, because an unread stream blocks the
   * other. A failure destroys both.
   */
  split(): {
    /** Standard output, or all output of a terminal. */
    stdout: Readable;
    /** Standard error. */
    stderr: Readable;
  } {
    const [stdout, stderr] = [half(), half()];
    this.forward({ outputStream: stdout, errorStream: stderr }).then(
      () => {
        stdout.end();
        stderr.end();
      },
      (error: unknown) => {
        stdout.destroy(error as Error); // forward rejects only with this package's errors
        stderr.destroy(error as Error); // as above
      },
    );
    return { stdout, stderr };
  }

  /** Closes the connection and drops unread output. A pending read rejects with an {@link AbortError}. */
  close(): Promise<void> {
    this.#claimed = true;
    const { operation, endpoint } = this.#exchange;
    this.#exchange.fail(new AbortError(`the stream of ${operation} was closed before its end`, { operation, endpoint }));
    this.#release();
    return Promise.resolve();
  }

  #release(): void {
    this.#source.destroy();
    this.#exchange.finish();
  }

  /** Closes the connection at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
