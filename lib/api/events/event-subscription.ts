import type { EventMessage } from "../../types/event.js";
import { soon } from "../../wire/clock.js";
import { EventBuffer } from "./event-buffer.js";
import { type EventFilters, eventMatcher } from "./event-filters.js";
import { OVERLAP, ROUNDING } from "./event-history.js";
import { gapEvent, isGap } from "./gap.js";
import { RecentEvents } from "./recent-events.js";

/**
 * Called with every event, in the order the engine sent them. A promise that it returns is awaited before it is called again. All
 * listeners receive the same object.
 *
 * @category Events
 */
export type EventListener = (event: EventMessage) => unknown;

/** Options of a listener. @category Events */
export interface EventListenerOptions {
  /** Filters for the events. By default all events. Every listener is notified of a gap. */
  filters?: EventFilters | undefined;
  /** Time, in seconds with decimals, since which stored events are replayed first. */
  since?: string | undefined;
  /**
   * Called with an error that the listener throws or rejects with, and without an event when an error ends the stream for
   * good. By default these errors are uncaught exceptions of the process. Other listeners are not affected.
   */
  onError?: ((error: unknown, event: EventMessage | undefined) => void) | undefined;
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function"; // reading `then` is safe on any value

/** Stored events that a listener still has to receive. */
interface Replay {
  /** Start of the replay; later, the time up to which delivery is certain. In nanoseconds. */
  since: number;
  readonly given: RecentEvents;
  isKnown: (event: EventMessage) => boolean;
}

/** The state of a listener whose promise is pending. */
interface Waiting {
  /** Events for its next calls. */
  readonly events: EventBuffer;
  /** Time of the last event that was kept, in nanoseconds. */
  newest: number;
  /** Time of the last event before others were dropped, in nanoseconds; undefined while none were. */
  lostSince: number | undefined;
}

/** One listener with its options. */
export class EventSubscription {
  #listener: EventListener;
  /** Tests an event against the filters; undefined without filters. */
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
    // skip the tests for a listener without filters: there may be hundreds of them, and thousands of events a second
    this.receive = this.#matches || this.#replay ? this.#consider : this.#deliver;
  }

  /** Prepares for a resumed stream. */
  reopened(): void {
    const replay = this.#replay;
    if (!replay) return;
    replay.since = Math.max(replay.since, (replay.given.last?.timeNano ?? 0) - OVERLAP);
    replay.isKnown = replay.given.repetitions(replay.since);
  }

  /** Receives an event that the other listeners have received or that precedes them. */
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

  /** Calls the listener. Returns whether a promise of it is pending: its next calls are postponed until that is settled. */
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

  /** Waits for a promise of the listener. Its rejection is like an error that the listener throws. */
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

  /** Keeps an event for later, or drops it when too many wait. */
  #postpone(waiting: Waiting, event: EventMessage, size: number): void {
    if (waiting.lostSince !== undefined) return;
    if (waiting.events.isFull) waiting.lostSince = waiting.newest;
    else waiting.events.push(event, size);
    waiting.newest = event.timeNano;
  }

  /** Returns the next postponed event, or a gap in place of those that were dropped; ends the wait if there is none. */
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

  /** Reports an error in a separate microtask, so that the stream continues. */
  fail(error: unknown, event: EventMessage | undefined): void {
    const onError = this.#onError;
    soon(() => {
      // an unhandled error becomes an uncaught exception, as with an EventTarget
      if (!onError) throw error;
      onError(error, event);
    });
  }

  /** Ends the calls, including those for the event being delivered. */
  remove(): void {
    this.#listener = () => undefined;
    this.#waiting?.events.clear();
  }
}
