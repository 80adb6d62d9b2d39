import { type Duplex, Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { ProtocolError } from "../errors/connection-errors.js";
import { JSON_LIMIT, SMALL_RESPONSE } from "../wire/limits.js";
import { heardError } from "../wire/quiet.js";
import type { Exchange } from "./exchange.js";
import type { ResponseHeaders } from "./response-head.js";

/** The maximum number of unneeded bytes that a piece of a body may keep in memory. */
const MOST_SLACK = 4096;

/** Controls reading from the connection that carries a response body. */
export interface BodySource {
  /** Resumes reading. */
  resume(): void;
  /** Pauses reading. */
  pause(): void;
  /** Closes the connection when the rest of the body is not needed. */
  abandon(): void;
}

/**
 * The body of a response: a stream that fails with this package's errors. `text` returns the whole body, and avoids the overhead
 * of a stream for small responses.
 */
export class ResponseBody extends Readable {
  readonly #source: BodySource;
  readonly #exchange: Exchange;
  /** Data that has arrived but has not been requested. */
  #held: Buffer[] = [];
  #wanted = false;
  #complete = false;
  #failure: Error | undefined;
  #collector: ((chunk: Buffer) => void) | undefined;
  #settled: ((error?: Error) => void) | undefined;

  constructor(source: BodySource, exchange: Exchange) {
    super();
    this.#source = source;
    this.#exchange = exchange;
  }

  /** Whether the whole body has arrived. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Whether the reader applies backpressure. */
  get isHeldBack(): boolean {
    return !this.#collector && (!this.#wanted || this.readableLength > 0);
  }

  /**
   * Reads the whole body as text.
   *
   * @param limit - the maximum length, in bytes.
   * @throws {@link ProtocolError} when the body is longer.
   */
  async text(limit = JSON_LIMIT): Promise<string> {
    const { operation, endpoint } = this.#exchange;
    const excess = () => new ProtocolError(`the response to ${operation} exceeds ${limit} bytes`, { operation, endpoint });
    // decoded piece by piece, because buffers that are kept until the last one arrives would be copied by the garbage collector
    const decoder = new StringDecoder();
    let text = "";
    await this.#collect(limit, (chunk) => (text += decoder.write(chunk)), excess);
    return text + decoder.end();
  }

  /** Waits for the end of a body that is not needed. If more than a few kilobytes follow, it closes the connection instead. */
  discard(): Promise<void> {
    return this.#collect(
      SMALL_RESPONSE,
      () => undefined,
      () => undefined,
    );
  }

  /**
   * Reads the body. If it exceeds the limit, the connection is closed, and the promise settles with the error of `excess`, if
   * any.
   */
  #collect(limit: number, take: (chunk: Buffer) => void, excess: () => Error | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      let length = 0;
      this.#collector = (chunk) => {
        length += chunk.length;
        if (length <= limit) {
          take(chunk);
          return;
        }
        this.#collector = () => undefined;
        this.#source.abandon();
        this.#settled?.(excess());
      };
      this.#settled = (error) => {
        this.#exchange.finish();
        if (error) reject(error);
        else resolve();
      };
      for (const chunk of this.#held) this.#collector(chunk);
      this.#held = [];
      if (this.#failure) this.#settled(this.#failure);
      else if (this.#complete) this.#settled();
      else this.#source.resume();
    });
  }

  /** Receives a piece of the body. */
  receive(data: Buffer): void {
    // a slice of a much larger buffer would keep the whole buffer in memory
    const chunk = data.buffer.byteLength > data.length * 4 + MOST_SLACK ? Buffer.from(data) : data;
    if (this.#collector) {
      this.#collector(chunk);
    } else if (this.#wanted) {
      this.#wanted = this.push(chunk);
      if (!this.#wanted) this.#source.pause();
    } else {
      this.#held.push(chunk);
      this.#source.pause();
    }
  }

  /** Ends the body. */
  finish(): void {
    this.#complete = true;
    if (this.#settled) this.#settled();
    else if (this.#held.length === 0) this.push(null);
  }

  /** Fails the body with an error from its connection. */
  fail(error: Error): void {
    this.#failure = error;
    if (this.#settled) this.#settled(error);
    else this.destroy(error);
  }

  override _read(): void {
    this.#wanted = true;
    while (this.#held.length > 0 && this.#wanted) {
      const chunk = this.#held.shift();
      if (chunk) this.#wanted = this.push(chunk);
    }
    if (this.#held.length > 0) return;
    if (this.#complete) this.push(null);
    else this.#source.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#complete) this.#source.abandon();
    this.#exchange.finish();
    done(heardError(this, error));
  }
}

/** A response as read from the wire. */
export interface RawResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** The body, unless the connection was upgraded. */
  readonly body: ResponseBody;
  /** The connection, if the engine upgraded it. Bytes that followed the response head have been put back. */
  readonly socket: Duplex | undefined;
  /** The connection that carries the response. */
  readonly connection: Duplex;
}
