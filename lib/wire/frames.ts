import { ProtocolError } from "../errors/connection-errors.js";

/** The streams that an engine multiplexes over one connection. */
export type StreamName = "stdin" | "stdout" | "stderr";

/** A piece of a container's output, with the stream that it came from. @category Streams */
export interface Frame {
  /** The stream. Output of a container with a terminal is all `stdout`. */
  stream: StreamName;
  /**
   * The bytes. One write of the container may come as several frames, and one frame may hold several lines.
   */
  data: Buffer;
}

/** Numbers of the streams in a frame's header. */
const STDOUT = 1;
export const STDERR = 2;
/** The engine's own report that the stream failed. */
export const SYSTEM_ERROR = 3;

const HEADER = 8;

/** Payloads from this length on are worth a piece of their own more than they are worth moving. In bytes. */
const LARGE = 1024;

/** Names of the streams, by their number in a frame's header. */
export const streamNames: readonly StreamName[] = ["stdin", "stdout", "stderr"];

/**
 * Writes one frame: a header of eight bytes, then the payload.
 *
 * @param stream - the stream by its name, or by its number in the header.
 * @param payload - at most 4 GiB - 1.
 */
export function encodeFrame(stream: StreamName | number, payload: string | Uint8Array): Buffer {
  const bytes = typeof payload === "string" ? Buffer.from(payload) : payload;
  const frame = Buffer.alloc(HEADER + bytes.length);
  frame[0] = typeof stream === "number" ? stream : streamNames.indexOf(stream);
  frame.writeUInt32BE(bytes.length, 4);
  frame.set(bytes, HEADER);
  return frame;
}

/** Takes bytes of one stream. */
export type FrameSink = (stream: number, data: Buffer) => void;

/** Splits what comes over a connection into streams. */
export interface FrameDecoder {
  /**
   * Reads the next bytes of the connection, which become the decoder's own.
   *
   * @param together - whether payloads that follow each other in the chunk and belong to one stream are given in one piece.
   */
  decode(chunk: Buffer, sink: FrameSink, together?: boolean): void;
  /**
   * Says that the connection has ended.
   *
   * @throws {@link ProtocolError} when it ended within a frame.
   */
  end(): void;
}

/** The decoder of a connection that carries a terminal: all of it is output. */
export const rawDecoder: FrameDecoder = {
  decode: (chunk, sink) => sink(STDOUT, chunk),
  end: () => undefined,
};

/**
 * Reads frames: a header of eight bytes (stream, three zeros, length in four bytes, big end first), then so many bytes.
 *
 * Frames are never reassembled: one that comes in pieces is given in pieces. Where they are wanted together, payloads move
 * over the headers between them within their chunk, so that a sink is written to once a chunk and not once a frame.
 */
export class MultiplexDecoder implements FrameDecoder {
  readonly #header = Buffer.alloc(HEADER);
  #headerLength = 0;
  #stream = STDOUT;
  #left = 0;

  decode(chunk: Buffer, sink: FrameSink, together = false): void {
    let run = STDOUT;
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
          if (end > start) sink(run, chunk.subarray(start, end));
          run = this.#stream;
          start = at;
          end = at + length;
        }
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
    // what came before a bad frame is good
    if (end > start) sink(run, start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end));
    if (bad) throw bad;
  }

  /** Reads a header. Gives what is wrong with it, if anything is. */
  #begin(header: Buffer, at: number): ProtocolError | undefined {
    const stream = header[at] ?? -1;
    if (stream > SYSTEM_ERROR || stream < 0 || header[at + 1] !== 0 || header[at + 2] !== 0 || header[at + 3] !== 0) {
      const shown = header.toString("hex", at, at + HEADER);
      return new ProtocolError(`the engine sent a frame of an unknown stream (header ${shown})`);
    }
    this.#stream = stream;
    this.#left = header.readUInt32BE(at + 4);
    return undefined;
  }

  end(): void {
    if (this.#left === 0 && this.#headerLength === 0) return;
    const missing = this.#left > 0 ? `${this.#left} bytes of a frame` : "part of a frame's header";
    throw new ProtocolError(`the engine's stream ended with ${missing} missing`);
  }
}
