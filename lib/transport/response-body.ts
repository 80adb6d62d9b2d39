import { type Duplex, Readable } from "node:stream";
import type { Exchange } from "./exchange.js";
import type { ResponseHeaders } from "./response-head.js";

/** What an answer's body can do to the connection that it comes over. */
export interface BodySource {
  /** Lets more come. */
  resume(): void;
  /** Lets no more come than has come. */
  pause(): void;
  /** Ends the connection, because nobody wants the rest. */
  abandon(): void;
}

/**
 * The body of an answer: a stream whose errors are errors of this package, or with `content` all of it at once, which
 * spares the small answers of most requests the work of a stream.
 */
export class ResponseBody extends Readable {
  readonly #source: BodySource;
  readonly #exchange: Exchange;
  /** What has come and is not wanted yet. */
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

  /** Whether all of the body has come. */
  get complete(): boolean {
    return this.#complete;
  }

  /** Whether it is the reader who lets nothing come. */
  get isHeldBack(): boolean {
    return !this.#collector && (!this.#wanted || this.readableLength > 0);
  }

  /**
   * Reads all of the body.
   *
   * @param limit - bytes after which the rest is not kept.
   */
  content(limit = Infinity): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let length = 0;
      this.#collector = (chunk) => {
        if (length < limit) chunks.push(chunk);
        length += chunk.length;
      };
      this.#settled = (error) => {
        this.#exchange.finish();
        if (error) reject(error);
        else resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
      };
      for (const chunk of this.#held) this.#collector(chunk);
      this.#held = [];
      if (this.#failure) this.#settled(this.#failure);
      else if (this.#complete) this.#settled();
      else this.#source.resume();
    });
  }

  /** Takes a piece that has come. */
  receive(chunk: Buffer): void {
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

  /** Takes the end. */
  finish(): void {
    this.#complete = true;
    if (this.#settled) this.#settled();
    else if (this.#held.length === 0) this.push(null);
  }

  /** Takes what the connection failed with. */
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
    done(error);
  }
}

/** An engine's answer as it comes off the wire. */
export interface RawResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** The body, unless the connection was taken over. */
  readonly body: ResponseBody;
  /** The connection itself, when the request asked to take it over and the engine agreed. Early bytes have been put back. */
  readonly socket: Duplex | undefined;
  /** The connection that the answer comes over. */
  readonly connection: Duplex;
}
