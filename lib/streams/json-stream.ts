import type { Readable } from "node:stream";
import { ProtocolError } from "../errors/connection-errors.js";
import type { Exchange } from "../transport/exchange.js";
import { JsonMessageReader } from "../wire/json-messages.js";
import { ignoreErrors } from "../wire/quiet.js";
import { chunksOf } from "./body.js";

/**
 * A stream of JSON documents from the engine. Iterate over it at your own pace. Leaving the loop closes the connection. It can be
 * read only once.
 *
 * @typeParam T - the documented type of a document; nothing is validated.
 * @category Streams
 */
export class JsonStream<T> implements AsyncIterable<T>, AsyncDisposable {
  readonly #source: Readable;
  readonly #exchange: Exchange;
  readonly #convert: (document: unknown) => T;

  /**
   * @param convert - converts a document, or throws an error if the document reports a failure.
   * @internal
   */
  constructor(source: Readable, exchange: Exchange, convert = (document: unknown) => document as T) {
    // by default, the documented type is trusted
    this.#source = source;
    this.#exchange = exchange;
    this.#convert = convert;
    // an error before the first read is reported to the reader
    source.on("error", ignoreErrors);
  }

  /**
   * Yields the documents as they arrive.
   *
   * @throws {@link ProtocolError} when the stream is cut off or is not valid JSON.
   * @throws {@link ApiError} when the engine reports a failure instead of a document.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    const reader = new JsonMessageReader();
    let documents: unknown[] = [];
    try {
      for await (const chunk of chunksOf(this.#source, this.#exchange)) {
        reader.read(chunk, (document) => documents.push(document));
        for (const document of documents) yield this.#convert(document);
        documents = [];
      }
      reader.end();
    } finally {
      await this.close();
    }
  }

  /**
   * Returns the first document and closes the connection.
   *
   * @throws {@link ProtocolError} when the stream is empty.
   */
  async first(): Promise<T> {
    for await (const document of this) return document;
    const { operation, endpoint } = this.#exchange;
    throw new ProtocolError(`the response to ${operation} is empty`, { operation, endpoint });
  }

  /** Closes the connection and discards unread data. */
  close(): Promise<void> {
    this.#source.destroy();
    this.#exchange.finish();
    return Promise.resolve();
  }

  /** Closes the connection at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
