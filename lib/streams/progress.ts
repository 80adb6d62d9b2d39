import type { Headers } from "../transport/response-head.js";
import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { AbortError, ProtocolError } from "../errors/connection-errors.js";
import { InvalidOptionError } from "../errors/usage-errors.js";
import type { Exchange } from "../transport/exchange.js";
import type { ProgressMessage } from "../types/progress.js";
import { chunksOf } from "./body.js";
import { JsonMessageReader } from "../wire/json-messages.js";
import { Outlet } from "./outlet.js";
import { ProgressDisplay } from "./progress-display.js";

/** Options of every operation that reports its progress. */
export interface ProgressOptions {
  /**
   * Gets the progress as text: with bars when it is a terminal, one line for each finished step elsewhere.
   * Not ended when the operation ends.
   */
  outputStream?: Writable | undefined;
  /** Whether `outputStream` gets the engine's messages as they are, one JSON text a line, instead of text for people. */
  rawJson?: boolean | undefined;
  /** Called with every message, in order. What it throws ends the operation and is thrown on. */
  onProgress?: ((message: ProgressMessage) => void) | undefined;
}

/** How an operation's messages become its result. */
interface ProgressReader<T> {
  /** Takes note of a message. */
  read(message: ProgressMessage): void;
  /** Makes the error of a message that reports a failure. */
  error(message: ProgressMessage, text: string, code: number | undefined): Error;
  /** Gives the result, once all messages have been read. */
  result(): T;
}

/** An answer whose body is a stream of progress messages. */
interface Answer<T> {
  readonly body: Readable;
  readonly headers: Headers;
  readonly exchange: Exchange;
  readonly reader: ProgressReader<T>;
}

interface Settle<T> {
  resolve(this: void, result: T): void;
  reject(this: void, error: unknown): void;
}

/** Gives the failure that a message reports; undefined when it reports none. */
function failureOf(message: ProgressMessage): { text: string; code: number | undefined } | undefined {
  const { errorDetail, error } = message;
  if (errorDetail === undefined && error === undefined) return undefined;
  return { text: errorDetail?.message || error || "unknown error", code: errorDetail?.code || undefined };
}

/**
 * An operation under way that reports its progress. Await it for its result, or iterate it for its messages, which leaves
 * the result to be awaited afterwards.
 *
 * The operation begins by itself. To iterate it, begin in the same turn in which it was made; from the next turn on it
 * runs to its end without keeping its messages. Leaving the loop early ends the operation.
 *
 * Both ways reject with the error that the engine reports, also when it reports it inside a stream that began well.
 *
 * @category Progress
 */
export class Progress<T> implements Promise<T>, AsyncIterable<ProgressMessage> {
  /** Names the class, as every promise does. */
  readonly [Symbol.toStringTag] = "Progress";
  readonly #open: () => Promise<Answer<T>>;
  readonly #options: ProgressOptions;
  readonly #result: Promise<T>;
  readonly #settle: Settle<T>;
  #begun = false;

  /** @internal */
  constructor(options: ProgressOptions, open: () => Promise<Answer<T>>) {
    this.#open = open;
    this.#options = options;
    let settle: Settle<T> | undefined;
    this.#result = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
    this.#settle = settle as unknown as Settle<T>; // the promise's executor has run
    queueMicrotask(() => {
      if (!this.#begun) void this.#drain();
    });
  }

  /** Waits for the result, like a promise's `then`. */
  then<A = T, B = never>(
    onFulfilled?: ((result: T) => A | PromiseLike<A>) | null,
    onRejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#result.then(onFulfilled, onRejected);
  }

  /** Waits for a failure, like a promise's `catch`. */
  catch<B = never>(onRejected?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.#result.catch(onRejected);
  }

  /** Waits for the end, like a promise's `finally`. */
  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.#result.finally(onFinally);
  }

  /** Gives the messages as they come, at the pace at which they are asked for. */
  async *[Symbol.asyncIterator](): AsyncGenerator<ProgressMessage, void, void> {
    // who iterates hears of a failure from the loop, and need not await the result too
    this.#result.catch(() => undefined);
    for await (const messages of this.#batches()) yield* messages;
  }

  async #drain(): Promise<void> {
    try {
      const batches = this.#batches();
      while (!(await batches.next()).done);
    } catch {
      // the result has been rejected with it
    }
  }

  async *#batches(): AsyncGenerator<ProgressMessage[], void, void> {
    if (this.#begun) {
      throw new InvalidOptionError(
        "progress",
        "the operation is running already: iterate it once, in the turn in which it is made",
      );
    }
    this.#begun = true;
    let answer: Answer<T> | undefined;
    try {
      answer = await this.#open();
      yield* this.#read(answer);
      this.#settle.resolve(answer.reader.result());
    } catch (error) {
      this.#settle.reject(error);
      throw error;
    } finally {
      answer?.body.destroy();
      answer?.exchange.finish();
      // after a result or an error this changes nothing: it is for a loop that was left early
      this.#settle.reject(new AbortError("the operation was given up before its end"));
    }
  }

  async *#read(answer: Answer<T>): AsyncGenerator<ProgressMessage[], void, void> {
    const { outputStream, onProgress, rawJson } = this.#options;
    const { body, reader, exchange } = answer;
    const documents = new JsonMessageReader();
    const text = new StringDecoder();
    const display = outputStream && !rawJson ? new ProgressDisplay(outputStream) : undefined;
    const outlet = outputStream ? new Outlet([outputStream], exchange) : undefined;
    outlet?.holdOpen(body);
    let failure: Error | undefined;
    let batch: ProgressMessage[] = [];
    const take = (document: unknown) => {
      if (typeof document !== "object" || document === null) {
        throw new ProtocolError(
          `the engine sent ${document === null ? "null" : `a ${typeof document}`} in place of a progress message`,
        );
      }
      const message = document as ProgressMessage; // what an engine sends in these streams
      const failed = failureOf(message);
      if (failed) failure ??= reader.error(message, failed.text, failed.code);
      else reader.read(message);
      batch.push(message);
      const shown = rawJson ? `${JSON.stringify(message)}\n` : display?.render(message);
      if (outputStream && shown) outlet?.write(outputStream, shown);
      onProgress?.(message);
    };
    const takeText = (stream: string) => {
      if (stream !== "") take({ stream });
    };
    const isJson = answer.headers["content-type"]?.includes("json") !== false;
    try {
      for await (const chunk of chunksOf(body, exchange)) {
        try {
          if (isJson) documents.read(chunk, take);
          else takeText(text.write(chunk));
        } finally {
          // what came before something that cannot be read has come
          await outlet?.taken(body);
          yield batch;
          batch = [];
        }
      }
      documents.end();
      takeText(text.end());
      yield batch;
    } catch (error) {
      // that a stream breaks after its report of a failure is of less interest than the failure
      throw failure ?? error;
    } finally {
      outlet?.release();
    }
    if (failure) throw failure;
  }
}
