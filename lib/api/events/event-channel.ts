import type { EventMessage } from "../../types/event.js";

/**
 * A stream of the engine's events from the moment at which it was opened. `close` ends the stream immediately, even while
 * `next` is pending. Leaving a `for await` loop also closes it.
 *
 * @category Events
 */
export class EventChannel implements AsyncIterableIterator<EventMessage>, AsyncDisposable {
  readonly #events: AsyncGenerator<EventMessage, void, void>;
  readonly #closing: AbortController;
  /** The result of the first read, which opens the stream. */
  #first: Promise<IteratorResult<EventMessage, void>> | undefined;

  /**
   * @param events - the events. Reading fails when `closing` is aborted.
   * @param closing - ends `events` when aborted.
   * @param failed - called with the error if reading the first event fails.
   * @internal
   */
  constructor(events: AsyncGenerator<EventMessage, void, void>, closing: AbortController, failed: (error: unknown) => void) {
    this.#events = events;
    this.#closing = closing;
    this.#first = events.next();
    this.#first.catch(failed);
  }

  /** Waits for the next event. The iteration is done when the channel is closed or the stream ends. */
  async next(): Promise<IteratorResult<EventMessage, void>> {
    const next = this.#first ?? this.#events.next();
    this.#first = undefined;
    try {
      return await next;
    } catch (error) {
      if (this.#closing.signal.aborted) return { done: true, value: undefined };
      throw error;
    }
  }

  /** Closes the channel when a `for await` loop is left. */
  async return(): Promise<IteratorResult<EventMessage, void>> {
    await this.close();
    return { done: true, value: undefined };
  }

  /** Ends the stream and drops unread events. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#events.return().catch(() => undefined); // errors no longer matter
  }

  /** Returns the channel itself. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Closes the channel at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
