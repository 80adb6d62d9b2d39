import type { EventMessage } from "../../types/event.js";

/**
 * A stream of the engine's events from the moment it was opened, read one at a time. `close` ends it at once, even while
 * `next` is pending; so does leaving a loop over it.
 *
 * @category Events
 */
export class EventChannel implements AsyncIterableIterator<EventMessage>, AsyncDisposable {
  readonly #events: AsyncGenerator<EventMessage, void, void>;
  readonly #closing: AbortController;
  /** The first read, which opens the stream. */
  #first: Promise<IteratorResult<EventMessage, void>> | undefined;

  /**
   * @param events - the events, which fail when `closing` is aborted.
   * @param closing - ends the events.
   * @param failed - called when the events fail before the first one.
   * @internal
   */
  constructor(events: AsyncGenerator<EventMessage, void, void>, closing: AbortController, failed: (error: unknown) => void) {
    this.#events = events;
    this.#closing = closing;
    this.#first = events.next();
    this.#first.catch(failed);
  }

  /** Waits for the next event. Done when the channel is closed or the last event has come. */
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

  /** Closes the channel when a loop over it is left. */
  async return(): Promise<IteratorResult<EventMessage, void>> {
    await this.close();
    return { done: true, value: undefined };
  }

  /** Ends the stream. Unread events are dropped. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#events.return().catch(() => undefined); // the outcome no longer matters
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
