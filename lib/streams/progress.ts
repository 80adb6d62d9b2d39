import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { AbortError, ProtocolError } from "../errors/connection-errors.js";
import type { Exchange } from "../transport/exchange.js";
import type { ResponseHeaders } from "../transport/response-head.js";
import type { ProgressMessage } from "../types/progress.js";
import { type ByteSink, writableOf } from "../wire/byte-sink.js";
import { soon } from "../wire/clock.js";
import { JsonMessageReader } from "../wire/json-messages.js";
import { handled } from "../wire/quiet.js";
import { chunksOf } from "./body.js";
import { Outlet } from "./outlet.js";
import { ProgressDisplay } from "./progress-display.js";

/** Options that are common to all operations that report their progress. */
export interface ProgressOptions {
  /**
   * Receives the progress as text: with bars on a terminal, otherwise one line per finished step. It is not ended when the
   * operation ends.
   */
  outputStream?: ByteSink | undefined;
  /** Whether to write the engine's messages to `outputStream` unchanged, one line of JSON each. Defaults to false. */
  rawJson?: boolean | undefined;
  /** Called with every message, in order. If it throws an error, the operation ends with that error. */
  onProgress?: ((message: ProgressMessage) => void) | undefined;
}

/** Converts the messages of an operation into its result. */
interface ProgressReader<T> {
  /** Reads a message. */
  read(message: ProgressMessage): void;
  /** Creates the error for a message that reports a failure. */
  error(message: ProgressMessage, text: string, code: number | undefined): Error;
  /** Returns the result after all messages have been read. */
  result(): T;
  /** Formats the messages as text. By default a {@link ProgressDisplay}. */
  readonly display?: ((message: ProgressMessage) => string) | undefined;
}

/** A response whose body is a stream of progress messages. */
interface ProgressResponse<T> {
  readonly body: Readable;
  readonly headers: ResponseHeaders;
  readonly exchange: Exchange;
  readonly reader: ProgressReader<T>;
}

/** Wraps a promise before the caller receives it. */
type Report = <R>(outcome: Promise<R>) => Promise<R>;

/** Wraps the promises that an iterator returns with `report`. */
export function reportNext<I extends AsyncIterator<unknown>>(iterator: I, report: Report): I {
  const next = iterator.next.bind(iterator);
  return Object.assign(iterator, { next: () => report(next()) });
}

interface Settle<T> {
  resolve(this: void, result: T): void;
  reject(this: void, error: unknown): void;
}

/** Returns the failure that a message reports, if any. */
function failureOf(message: ProgressMessage): { text: string; code: number | undefined } | undefined {
  const { errorDetail, error } = message;
  if (errorDetail === undefined && error === undefined) return undefined;
  return { text: errorDetail?.message || error || "unknown error", code: errorDetail?.code || undefined };
}

/** The maximum total length, in bytes, of the messages that are kept for loops that start after the end of the operation. */
const KEPT_BYTES = 128 * 1024;

/** The messages in a chunk of a response. */
class Batch {
  readonly messages: ProgressMessage[] = [];
  /** Their total length in the response, in bytes. */
  length = 0;

  add(message: ProgressMessage, length: number): void {
    this.messages.push(message);
    this.length += length;
  }
}

/** The last messages of an operation, up to a total length. */
class LastMessages {
  readonly #batches: Batch[] = [];
  #length = 0;

  add(batch: Batch): void {
    this.#batches.push(batch);
    this.#length += batch.length;
    while (this.#length > KEPT_BYTES && this.#batches.length > 1) this.#length -= this.#batches.shift()?.length ?? 0;
  }

  *[Symbol.iterator](): Generator<ProgressMessage, void, void> {
    for (const { messages } of this.#batches) yield* messages;
  }
}

/** A loop over the messages of an operation. */
class MessageLoop {
  #batch: readonly ProgressMessage[] | undefined;
  #isOver = false;
  #wake: (() => void) | undefined;
  #taken: (() => void) | undefined;

  /** Passes messages to the loop. Resolves when the loop has read all of them, or has ended. */
  put(batch: readonly ProgressMessage[]): Promise<void> {
    this.#batch = batch;
    this.#wake?.();
    return new Promise((resolve) => (this.#taken = resolve));
  }

  /** Waits for the next messages; undefined after the last ones. */
  async next(): Promise<readonly ProgressMessage[] | undefined> {
    this.#taken?.();
    if (!this.#batch && !this.#isOver) await new Promise<void>((resolve) => (this.#wake = resolve));
    const batch = this.#batch;
    this.#batch = undefined;
    return batch;
  }

  /** Ends the loop: no more messages follow, or the caller has left it. */
  end(): void {
    this.#isOver = true;
    this.#wake?.();
    this.#taken?.();
  }
}

function displayOn(output: Writable): (message: ProgressMessage) => string {
  const display = new ProgressDisplay(output);
  return (message) => display.render(message);
}

/** Returns a message as a line of JSON. */
function rawLine(message: ProgressMessage, source: (() => Buffer) | undefined): string {
  try {
    return `${JSON.stringify(message)}\n`;
  } catch {
    // the message is nested too deeply for JSON.stringify: return its source, with spaces in place of line breaks
    return `${(source?.().toString() ?? "").replace(/[\r\n]+/g, " ")}\n`;
  }
}

/**
 * An operation in progress. Await it for its result, or iterate over it for its messages and await the result afterwards.
 *
 * The operation starts automatically, and runs at the pace of the slowest loop. A loop that starts synchronously after the call
 * receives every message, and a later loop the messages from then on. A loop that starts after the end of the operation receives
 * its last messages, up to 128 KiB. If all loops are left early, the operation ends. An async function cannot return a progress,
 * because it would return the result instead: wrap the progress in an object.
 *
 * An error that the engine reports rejects both the promise and the loops, even if the stream started successfully.
 *
 * @category Progress
 */
export class Progress<T> implements Promise<T>, AsyncIterable<ProgressMessage> {
  /** Every promise names its class in this way. */
  readonly [Symbol.toStringTag] = "Progress";
  readonly #open: () => Promise<ProgressResponse<T>>;
  readonly #over: () => void;
  readonly #options: ProgressOptions;
  readonly #result: Promise<T>;
  #report: Report = (outcome) => outcome;
  /** The result, as the caller sees it. */
  #reported: Promise<T> | undefined;
  readonly #settle: Settle<T>;
  readonly #loops = new Set<MessageLoop>();
  readonly #last = new LastMessages();
  /** The run of the operation, once it has started. It never rejects. */
  #run: Promise<void> | undefined;
  #isOver = false;
  #isAbandoned = false;

  /** @internal */
  constructor(options: ProgressOptions, open: () => Promise<ProgressResponse<T>>, over: () => void = () => undefined) {
    this.#open = open;
    this.#over = over;
    this.#options = options;
    let settle: Settle<T> | undefined;
    this.#result = new Promise<T>((resolve, reject) => (settle = { resolve, reject }));
    this.#settle = settle as unknown as Settle<T>; // the promise's executor has run
    soon(() => void this.#start());
  }

  /**
   * Sets how a failure is reported.
   *
   * @internal
   * @param report - wraps each promise of this object before the caller receives it.
   */
  reportThrough(report: Report): this {
    this.#report = report;
    return this;
  }

  /** Waits for the result, like a promise's `then`. */
  then<A = T, B = never>(
    onFulfilled?: ((result: T) => A | PromiseLike<A>) | null,
    onRejected?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#reported ??= this.#report(this.#result);
    return this.#reported.then(onFulfilled, onRejected);
  }

  /** Waits for a failure, like a promise's `catch`. */
  catch<B = never>(onRejected?: ((error: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(undefined, onRejected);
  }

  /** Waits for the end, like a promise's `finally`. */
  finally(onFinally?: (() => void) | null): Promise<T> {
    this.#reported ??= this.#report(this.#result);
    return this.#reported.finally(onFinally);
  }

  /**
   * Yields the messages as they arrive, at the pace of the loop.
   *
   * @throws the error that the operation fails with.
   */
  [Symbol.asyncIterator](): AsyncGenerator<ProgressMessage, void, void> {
    return reportNext(this.#messages(), this.#report);
  }

  async *#messages(): AsyncGenerator<ProgressMessage, void, void> {
    // the loop reports a failure, so the result need not be awaited as well
    void handled(this.#result);
    if (this.#isOver) yield* this.#last;
    else yield* this.#join();
    await this.#result;
  }

  async *#join(): AsyncGenerator<ProgressMessage, void, void> {
    const loop = new MessageLoop();
    this.#loops.add(loop);
    const run = this.#start();
    try {
      for (let batch = await loop.next(); batch; batch = await loop.next()) yield* batch;
    } finally {
      this.#loops.delete(loop);
      if (!this.#isOver && this.#loops.size === 0) this.#isAbandoned = true;
      loop.end();
      if (this.#isAbandoned) await run;
    }
  }

  /** Starts the operation unless it has started. */
  #start(): Promise<void> {
    return (this.#run ??= this.#runToEnd());
  }

  async #runToEnd(): Promise<void> {
    let answer: ProgressResponse<T> | undefined;
    let conclude: () => void;
    try {
      answer = await this.#open();
      await this.#read(answer);
      const result = answer.reader.result();
      conclude = () => this.#settle.resolve(result);
    } catch (error) {
      conclude = () => this.#settle.reject(error);
    }
    answer?.body.destroy();
    answer?.exchange.finish();
    this.#over();
    this.#isOver = true;
    conclude();
    for (const loop of this.#loops) loop.end();
  }

  /** Passes messages to every loop, and waits until they have been read. */
  async #hand(batch: Batch): Promise<void> {
    if (batch.messages.length === 0) return;
    this.#last.add(batch);
    await Promise.all(Array.from(this.#loops, (loop) => loop.put(batch.messages)));
    if (this.#isAbandoned) throw new AbortError("the operation was aborted because its loop exited early");
  }

  async #read(answer: ProgressResponse<T>): Promise<void> {
    const { onProgress, rawJson } = this.#options;
    const { body, reader, exchange } = answer;
    const outputStream = this.#options.outputStream && writableOf(this.#options.outputStream, "outputStream", exchange);
    const documents = new JsonMessageReader();
    const text = new StringDecoder();
    const display = outputStream && !rawJson ? (reader.display ?? displayOn(outputStream)) : undefined;
    const outlet = outputStream ? new Outlet([outputStream], exchange) : undefined;
    let failure: Error | undefined;
    let batch = new Batch();
    const take = (document: unknown, length: number, source?: () => Buffer) => {
      if (typeof document !== "object" || document === null) {
        throw new ProtocolError(
          `the engine sent ${document === null ? "null" : `a ${typeof document}`} in place of a progress message`,
        );
      }
      const message = document as ProgressMessage; // the documented type of these streams
      const failed = failureOf(message);
      if (failed) failure ??= reader.error(message, failed.text, failed.code);
      else reader.read(message);
      batch.add(message, length);
      const shown = rawJson ? rawLine(message, source) : display?.(message);
      if (outputStream && shown) outlet?.write(outputStream, shown);
      onProgress?.(message);
    };
    const takeText = (stream: string) => {
      if (stream !== "") take({ stream }, stream.length);
    };
    const isJson = answer.headers["content-type"]?.includes("json") !== false;
    try {
      for await (const chunk of chunksOf(body, exchange)) {
        try {
          if (isJson) documents.read(chunk, take);
          else takeText(text.write(chunk));
        } finally {
          // messages before an unreadable one are still passed on
          await outlet?.accepted(body);
          await this.#hand(batch);
          batch = new Batch();
        }
      }
      documents.end();
      takeText(text.end());
      await this.#hand(batch);
    } catch (error) {
      // a reported failure is more useful than the end of the stream that follows it
      throw failure ?? exchange.hide(error);
    } finally {
      outlet?.release();
    }
    if (failure) throw failure;
  }
}
