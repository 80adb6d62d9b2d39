import type { EventMessage } from "../../types/event.js";

/**
 * The engine's events from the moment at which it was asked for, to be read one after the other. `close` ends it at once,
 * also while an event is waited for; so does leaving a loop over it.
 *
 * @category Events
 */
export class EventChannel implements AsyncIterableIterator<EventMessage>, AsyncDisposable {
  readonly #events: AsyncGenerator<EventMessage, void, void>;
  readonly #closing: AbortController;
  /** What was asked for to begin the stream. */
  #first: Promise<IteratorResult<EventMessage, void>> | undefined;

  /**
   * @param events - the events, which end with an error when `closing` is aborted.
   * @param closing - ends them.
   * @param failed - told when they fail before the first.
   * @internal
   */
  constructor(events: AsyncGenerator<EventMessage, void, void>, closing: AbortController, failed: (error: unknown) => void) {
    this.#events = events;
    this.#closing = closing;
    this.#first = events.next();
    this.#first.catch(failed);
  }

  /** Waits for the next event. Done when the channel has been closed, or the last event has come. */
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

  /** Ends the stream. Events that wait to be read are dropped. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#events.return().catch(() => undefined); // how it ended no longer matters to anybody
  }

  /** Gives the events. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Closes the channel at the end of an `await using` block. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
