import type { EventMessage } from "../../types/event.js";
import { soon } from "../../wire/clock.js";
import { EventBuffer } from "./event-buffer.js";
import { type EventFilters, eventMatcher } from "./event-filters.js";
import { OVERLAP, ROUNDING } from "./event-history.js";
import { gapEvent, isGap } from "./gap.js";
import { RecentEvents } from "./recent-events.js";

/**
 * Called with each event, in the order in which the engine sends them. If the listener returns a promise, it is not called
 * again until the promise is settled. All listeners receive the same object.
 *
 * @category Events
 */
export type EventListener = (event: EventMessage) => unknown;

/** Options for an event listener. @category Events */
export interface EventListenerOptions {
  /** Filters for the events. If omitted, the listener receives all events. Gaps are reported to every listener. */
  filters?: EventFilters | undefined;
  /** Start of the replay of stored events, in seconds since 1970 with decimals. */
  since?: string | undefined;
  /**
   * Called with errors that the listener throws or rejects with, and with the error that ends the stream for good, without an
   * event. If omitted, these errors become uncaught exceptions. Other listeners are not affected.
   */
  onError?: ((error: unknown, event: EventMessage | undefined) => void) | undefined;
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function"; // reading `then` is safe on any value

/** The replay of stored events to a listener. */
interface Replay {
  /** Start of the replay; after a reconnection, the time up to which all events have been delivered. In nanoseconds. */
  since: number;
  readonly given: RecentEvents;
  isKnown: (event: EventMessage) => boolean;
}

/** The state of a listener whose promise is pending. */
interface Waiting {
  /** Events to call the listener with next. */
  readonly events: EventBuffer;
  /** Time of the last buffered event, in nanoseconds. */
  newest: number;
  /** Time of the last event before events were dropped, in nanoseconds; undefined if none were dropped. */
  lostSince: number | undefined;
}

/** A listener with its options. */
export class EventSubscription {
  #listener: EventListener;
  /** Returns whether an event matches the filters; undefined without filters. */
  readonly #matches: ((event: EventMessage) => boolean) | undefined;
  readonly #onError: EventListenerOptions["onError"];
  #replay: Replay | undefined;
  #waiting: Waiting | undefined;
  /** Receives an event that is new to all listeners. */
  readonly receive: (event: EventMessage, size: number) => void;

  constructor(listener: EventListener, options: EventListenerOptions) {
    const { since, filters, onError } = options;
    this.#listener = listener;
    this.#matches = filters && eventMatcher(filters);
    this.#onError = onError;
    if (since !== undefined) {
      this.#replay = { since: Number(since) * 1e9 - ROUNDING, given: new RecentEvents(), isKnown: () => false };
    }
    // skips unnecessary checks, because there may be hundreds of listeners and thousands of events per second
    this.receive = this.#matches || this.#replay ? this.#consider : this.#deliver;
  }

  /** Prepares the replay for a resumed stream. */
  reopened(): void {
    const replay = this.#replay;
    if (!replay) return;
    replay.since = Math.max(replay.since, (replay.given.last?.timeNano ?? 0) - OVERLAP);
    replay.isKnown = replay.given.repetitions(replay.since);
  }

  /** Receives an event that other listeners have already received, or that precedes their start. */
  readonly receiveRepeated = (event: EventMessage, size: number): void => {
    const replay = this.#replay;
    if (replay && event.timeNano >= replay.since && !replay.isKnown(event)) this.#consider(event, size);
  };

  readonly #consider = (event: EventMessage, size: number): void => {
    this.#replay?.given.add(event, size);
    if (!this.#matches || isGap(event) || this.#matches(event)) this.#deliver(event, size);
  };

  readonly #deliver = (event: EventMessage, size: number): void => {
    if (this.#waiting) this.#postpone(this.#waiting, event, size);
    else this.#call(event);
  };

  /** Calls the listener. Returns whether the listener returned a promise; until it is settled, further calls are postponed. */
  #call(event: EventMessage): boolean {
    try {
      const returned = this.#listener(event);
      if (returned === undefined || !isThenable(returned)) return false;
      this.#await(returned, event);
      return true;
    } catch (error) {
      this.fail(error, event);
      return false;
    }
  }

  /** Waits for a promise that the listener returned. A rejection is handled like an error that the listener throws. */
  #await(returned: PromiseLike<unknown>, event: EventMessage): void {
    const waiting = (this.#waiting ??= { events: new EventBuffer(), newest: event.timeNano, lostSince: undefined });
    void Promise.resolve(returned)
      .catch((error: unknown) => this.fail(error, event))
      .then(() => this.#resume(waiting));
  }

  /** Makes the postponed calls, up to the next one that returns a promise. */
  #resume(waiting: Waiting): void {
    for (let next = this.#next(waiting); next; next = this.#next(waiting)) if (this.#call(next)) return;
  }

  /** Buffers an event, or drops it if the buffer is full. */
  #postpone(waiting: Waiting, event: EventMessage, size: number): void {
    if (waiting.lostSince !== undefined) return;
    if (waiting.events.isFull) waiting.lostSince = waiting.newest;
    else waiting.events.push(event, size);
    waiting.newest = event.timeNano;
  }

  /**
   * Returns the next postponed event, or a gap in place of dropped events. If there is neither, further events are delivered
   * immediately again.
   */
  #next(waiting: Waiting): EventMessage | undefined {
    const { lostSince } = waiting;
    const next = waiting.events.shift();
    if (next !== undefined) return next;
    if (lostSince === undefined) this.#waiting = undefined;
    waiting.lostSince = undefined;
    return lostSince === undefined ? undefined : gapEvent(lostSince);
  }

  /** Ends the replay. */
  caughtUp(): void {
    this.#replay = undefined;
  }

  /** Reports an error in a separate microtask, so that it does not interrupt the stream. */
  fail(error: unknown, event: EventMessage | undefined): void {
    const onError = this.#onError;
    soon(() => {
      // without a handler, the error becomes an uncaught exception, as with an EventTarget
      if (!onError) throw error;
      onError(error, event);
    });
  }

  /** Stops calling the listener, even for the event that is being delivered. */
  remove(): void {
    this.#listener = () => undefined;
    this.#waiting?.events.clear();
  }
}
