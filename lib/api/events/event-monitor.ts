import { EventEmitter } from "eventemitter3";
import type { OpenResponse } from "../../core/request.js";
import { AbortError, ClientClosedError } from "../../errors/connection-errors.js";
import { ListenerAlreadyExistsError } from "../../errors/usage-errors.js";
import type { EventMessage } from "../../types/event.js";
import { soon } from "../../wire/clock.js";
import { handled } from "../../wire/quiet.js";
import { type EventFilters, eventMatcher } from "./event-filters.js";
import { OVERLAP, ROUNDING } from "./event-history.js";
import { EventSource, type EventsWindow } from "./event-source.js";
import { isGap } from "./gap.js";
import { RecentEvents } from "./recent-events.js";

/**
 * Called with every event, in the order the engine sent them. All listeners receive the same object.
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

/** Stored events that a listener still has to receive. */
interface Replay {
  /** Start of the replay; later, the time up to which delivery is certain. In nanoseconds. */
  since: number;
  readonly given: RecentEvents;
  isKnown: (event: EventMessage) => boolean;
}

/** One listener with its options. */
class Subscription {
  #listener: EventListener;
  /** Tests an event against the filters; undefined without filters. */
  readonly #matches: ((event: EventMessage) => boolean) | undefined;
  readonly #onError: EventListenerOptions["onError"];
  #replay: Replay | undefined;
  /** Receives an event that is new to all listeners. */
  readonly receive: (event: EventMessage) => void;

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
  readonly receiveRepeated = (event: EventMessage): void => {
    const replay = this.#replay;
    if (replay && event.timeNano >= replay.since && !replay.isKnown(event)) this.#consider(event);
  };

  readonly #consider = (event: EventMessage): void => {
    this.#replay?.given.add(event);
    if (!this.#matches || isGap(event) || this.#matches(event)) this.#deliver(event);
  };

  readonly #deliver = (event: EventMessage): void => {
    try {
      const returned = this.#listener(event);
      if (returned !== undefined) this.#watch(returned, event);
    } catch (error) {
      this.fail(error, event);
    }
  };

  /** Reports the rejection of a listener's promise. */
  #watch(returned: unknown, event: EventMessage): void {
    if (isThenable(returned)) Promise.resolve(returned).catch((error: unknown) => this.fail(error, event));
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
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function"; // reading `then` is safe on any value

/** The stream of events shared by a client's listeners. It runs as long as there are listeners. */
export class EventMonitor {
  readonly #open: (window: EventsWindow, signal: AbortSignal) => Promise<OpenResponse>;
  readonly #emitter = new EventEmitter<{ event: [EventMessage]; repeated: [EventMessage] }>();
  readonly #subscriptions = new Map<EventListener, Subscription>();
  readonly #closing: AbortSignal;
  #source: EventSource | undefined;
  #ready: Promise<void> | undefined;

  /**
   * @param open - sends the request for events; the signal ends the response.
   * @param closing - ends the stream with the client.
   */
  constructor(open: (window: EventsWindow, signal: AbortSignal) => Promise<OpenResponse>, closing: AbortSignal) {
    this.#open = open;
    this.#closing = closing;
  }

  /** Adds a listener. Resolves once no later event can be missed. */
  async add(listener: EventListener, options: EventListenerOptions): Promise<void> {
    if (this.#subscriptions.has(listener)) throw new ListenerAlreadyExistsError("the listener was already added");
    const subscription = new Subscription(listener, options);
    this.#subscriptions.set(listener, subscription);
    this.#emitter.on("event", subscription.receive);
    if (options.since !== undefined) this.#emitter.on("repeated", subscription.receiveRepeated);
    if (!this.#ready) this.#start(options.since);
    else if (options.since !== undefined) this.#source?.rewind(options.since);
    try {
      await this.#ready;
    } catch (error) {
      if (this.#subscriptions.get(listener) === subscription) this.remove(listener);
      throw error;
    }
  }

  /** Removes a listener; does nothing for an unknown listener. Removing the last one ends the stream. */
  remove(listener: EventListener): void {
    const subscription = this.#subscriptions.get(listener);
    if (!subscription) return;
    this.#subscriptions.delete(listener);
    this.#emitter.off("event", subscription.receive);
    this.#emitter.off("repeated", subscription.receiveRepeated);
    subscription.remove();
    if (this.#subscriptions.size === 0) this.#stop();
  }

  #stop(): void {
    this.#source?.stop();
    this.#source = undefined;
    this.#ready = undefined;
  }

  /** Starts the stream, with a replay since that time. */
  #start(since: string | undefined): void {
    let isOpen = false;
    this.#ready = new Promise<void>((resolve, reject) => {
      const source = new EventSource(
        this.#open,
        {},
        {
          opened: () => {
            for (const subscription of this.#subscriptions.values()) subscription.reopened();
            isOpen = true;
            resolve();
          },
          caughtUp: () => {
            for (const subscription of this.#subscriptions.values()) subscription.caughtUp();
          },
          event: (event, repeated) => {
            // an event may still arrive after the last listener has left
            if (this.#source === source) this.#emitter.emit(repeated ? "repeated" : "event", event);
          },
        },
        this.#closing,
      );
      this.#source = source;
      if (since !== undefined) source.rewind(since);
      source.run().then(
        () => {
          const operation = "addEventListener";
          const isClosed = this.#closing.aborted;
          if (isClosed) reject(new ClientClosedError(`${operation} failed: the client is closed`, { operation }));
          else reject(new AbortError("the listener was removed before the event stream opened", { operation }));
          if (this.#source === source) this.#end();
        },
        (error: unknown) => {
          const failure = error as Error; // what open throws
          reject(failure);
          if (this.#source !== source) return;
          for (const subscription of this.#end()) if (isOpen) subscription.fail(error, undefined);
        },
      );
    });
    void handled(this.#ready); // add() reports the failure
  }

  /** Ends the stream for good and returns its listeners. A later listener starts a new stream. */
  #end(): Subscription[] {
    const subscriptions = [...this.#subscriptions.values()];
    this.#stop();
    this.#subscriptions.clear();
    this.#emitter.removeAllListeners();
    return subscriptions;
  }
}
