import type { Readable } from "node:stream";
import { ProtocolError } from "../errors/connection-errors.js";
import { chunksOf } from "./body.js";
import { JsonMessageReader } from "../wire/json-messages.js";
import type { Exchange } from "../transport/exchange.js";
import { ignoreErrors } from "../wire/quiet.js";

/**
 * JSON documents that the engine sends one after the other: iterate it for them, at the pace of the loop. Leaving the loop
 * ends the connection. It can be read once.
 *
 * @typeParam T - what a document is; the engine is taken at its word.
 * @category Streams
 */
export class JsonStream<T> implements AsyncIterable<T>, AsyncDisposable {
  readonly #source: Readable;
  readonly #exchange: Exchange;
  readonly #failureIn: ((document: T) => Error | undefined) | undefined;

  /**
   * @param failureIn - finds the engine's report of a failure in a document.
   * @internal
   */
  constructor(source: Readable, exchange: Exchange, failureIn?: (document: T) => Error | undefined) {
    this.#source = source;
    this.#exchange = exchange;
    this.#failureIn = failureIn;
    // until somebody reads, nobody else hears of an error; whoever reads later is told it
    source.on("error", ignoreErrors);
  }

  /**
   * Gives the documents as they come.
   *
   * @throws {@link ProtocolError} when the stream is cut off, or is not JSON.
   * @throws {@link ApiError} when the engine reports a failure in place of a document.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    const reader = new JsonMessageReader();
    let documents: T[] = [];
    try {
      for await (const chunk of chunksOf(this.#source, this.#exchange)) {
        reader.read(chunk, (document) => documents.push(document as T)); // what the engine documents
        for (const document of documents) {
          const failure = this.#failureIn?.(document);
          if (failure) throw failure;
          yield document;
        }
        documents = [];
      }
      reader.end();
    } finally {
      await this.close();
    }
  }

  /**
   * Waits for the first document, and ends the connection.
   *
   * @throws {@link ProtocolError} when there is none.
   */
  async first(): Promise<T> {
    for await (const document of this) return document;
    const { operation, endpoint } = this.#exchange;
    throw new ProtocolError(`the response to ${operation} is empty`, { operation, endpoint });
  }

  /** Ends the connection, whatever is left unread. */
  close(): Promise<void> {
    this.#source.destroy();
    this.#exchange.finish();
    return Promise.resolve();
  }

  /** Ends the connection at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
