import { ProtocolError } from "../errors/connection-errors.js";

/** The output streams that an engine multiplexes over one connection. */
export type StreamName = "stdout" | "stderr";

/** A chunk of container output and the stream it came from. @category Streams */
export interface Frame {
  /** The stream. All output of a container with a terminal is `stdout`. */
  stream: StreamName;
  /** The bytes. A single write by the container may arrive as several frames, and a frame may contain several lines. */
  data: Buffer;
}

/** The numbers of the streams in frame headers. */
const STDIN = 0;
const STDOUT = 1;
const STDERR = 2;
/** The stream of the engine's failure reports. */
export const SYSTEM_ERROR = 3;

const HEADER = 8;

/** Payloads of at least this many bytes are passed on separately, because copying them is more expensive. */
const LARGE = 1024;

/** The numbers of the output streams in frame headers, by name. */
const streamNumbers: Readonly<Record<StreamName, number>> = { stdout: STDOUT, stderr: STDERR };

/** Returns the name of a stream that a {@link FrameDecoder} reports. */
export function streamName(stream: number): StreamName {
  return stream === STDERR ? "stderr" : "stdout";
}

/**
 * Writes one frame: a header of eight bytes, then the payload.
 *
 * @param stream - the name of the stream, or its number in the header.
 * @param payload - the payload, at most 2^32 - 1 bytes.
 */
export function encodeFrame(stream: StreamName | number, payload: string | Uint8Array): Buffer {
  const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
  const frame = Buffer.alloc(HEADER + bytes.length);
  frame[0] = typeof stream === "number" ? stream : streamNumbers[stream];
  frame.writeUInt32BE(bytes.length, 4);
  frame.set(bytes, HEADER);
  return frame;
}

/**
 * Receives bytes of one stream: 1 for standard output, 2 for standard error, 3 for the engine's report of a failure.
 *
 * @param starts - whether the bytes begin at the start of a frame. For joined frames, this applies to the first frame.
 */
export type FrameSink = (stream: number, data: Buffer, starts?: boolean) => void;

/** Splits the data of a connection into streams. */
export interface FrameDecoder {
  /**
   * Reads the next bytes of the connection. The decoder owns the buffer from then on.
   *
   * @param together - whether to join consecutive payloads of the same stream within the chunk.
   */
  decode(chunk: Buffer, sink: FrameSink, together?: boolean): void;
  /** Called at the end of the connection, before {@link end}. Passes on data that the decoder has held back. */
  flush?(sink: FrameSink): void;
  /**
   * Called at the end of the connection.
   *
   * @throws {@link ProtocolError} when the connection ended within a frame.
   */
  end(): void;
}

/** The decoder for the connection of a terminal: all data is output. */
export const rawDecoder: FrameDecoder = {
  decode: (chunk, sink) => sink(STDOUT, chunk),
  end: () => undefined,
};

/**
 * Reads frames: a header of eight bytes (stream, three zeros, big-endian length in four bytes), then the payload.
 *
 * Frames of standard input (stream 0), which engines send when they echo input, count as standard output, as in the docker
 * command.
 *
 * Frames are never reassembled: a frame that arrives in pieces is passed on in pieces. With `together`, the payloads in a chunk
 * are moved to close the gaps between them, so that a sink receives one write per chunk instead of one per frame.
 */
export class MultiplexDecoder implements FrameDecoder {
  readonly #header = Buffer.alloc(HEADER);
  #headerLength = 0;
  #stream = STDOUT;
  #left = 0;
  #starts = false;

  decode(chunk: Buffer, sink: FrameSink, together = false): void {
    let run = STDOUT;
    let runStarts = false;
    let start = 0;
    let end = 0;
    let at = 0;
    let bad: ProtocolError | undefined;
    while (at < chunk.length && !bad) {
      if (this.#left > 0) {
        const length = Math.min(chunk.length - at, this.#left);
        if (end > start && together && length < LARGE && run === this.#stream) {
          chunk.copyWithin(end, at, at + length);
          end += length;
        } else {
          if (end > start) sink(run, chunk.subarray(start, end), runStarts);
          run = this.#stream;
          runStarts = this.#starts;
          start = at;
          end = at + length;
        }
        this.#starts = false;
        this.#left -= length;
        at += length;
      } else if (this.#headerLength === 0 && chunk.length - at >= HEADER) {
        bad = this.#begin(chunk, at);
        at += HEADER;
      } else {
        const taken = chunk.copy(this.#header, this.#headerLength, at, at + HEADER - this.#headerLength);
        at += taken;
        this.#headerLength += taken;
        if (this.#headerLength === HEADER) {
          this.#headerLength = 0;
          bad = this.#begin(this.#header, 0);
        }
      }
    }
    // data before a malformed frame is valid
    if (end > start) sink(run, start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end), runStarts);
    if (bad) throw bad;
  }

  /** Reads a header. Returns an error if it is malformed. */
  #begin(header: Buffer, at: number): ProtocolError | undefined {
    const stream = header[at] ?? -1;
    if (stream > SYSTEM_ERROR || stream < 0 || header[at + 1] !== 0 || header[at + 2] !== 0 || header[at + 3] !== 0) {
      const shown = header.toString("hex", at, at + HEADER);
      return new ProtocolError(`the engine sent a frame for an unknown stream (header ${shown})`);
    }
    this.#stream = stream === STDIN ? STDOUT : stream;
    this.#left = header.readUInt32BE(at + 4);
    this.#starts = true;
    return undefined;
  }

  end(): void {
    if (this.#left === 0 && this.#headerLength === 0) return;
    const missing = this.#left > 0 ? `${this.#left} bytes of a frame` : "part of a frame's header";
    throw new ProtocolError(`the engine's stream ended with ${missing} missing`);
  }
}
