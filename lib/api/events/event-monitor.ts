import { EventEmitter } from "eventemitter3";
import { AbortError, ClientClosedError } from "../../errors/connection-errors.js";
import { ListenerAlreadyExistsError } from "../../errors/usage-errors.js";
import type { OpenResponse } from "../../core/request.js";
import type { EventMessage } from "../../types/event.js";
import { OVERLAP, ROUNDING } from "./event-history.js";
import { EventSource, type EventsWindow } from "./event-source.js";
import { type EventFilters, eventMatcher } from "./event-filters.js";
import { isGap } from "./gap.js";
import { RecentEvents } from "./recent-events.js";

/**
 * Called with every event, in the order in which the engine sent them. The same object goes to every listener.
 *
 * @category Events
 */
export type EventListener = (event: EventMessage) => unknown;

/** Options of a listener. @category Events */
export interface EventListenerOptions {
  /** The events that the listener wants. By default all of them. A gap is told to every listener. */
  filters?: EventFilters | undefined;
  /** Gives the listener first what the engine still has of the events since this time: seconds with decimals. */
  since?: string | undefined;
  /**
   * Gets what the listener throws, or what the promise that it returns is rejected with; and without an event, the error
   * that has ended the stream for good. By default they are uncaught exceptions of the process.
   * No other listener is affected either way.
   */
  onError?: ((error: unknown, event: EventMessage | undefined) => void) | undefined;
}

/** What a listener still has to get of the time before it was added. */
interface Replay {
  /** The first time that is wanted, and later what has been given for certain. In nanoseconds. */
  since: number;
  readonly given: RecentEvents;
  isKnown: (event: EventMessage) => boolean;
}

/** One listener with its options. */
class Subscription {
  #listener: EventListener;
  /** Whether it wants an event; undefined when it wants them all. */
  readonly #matches: ((event: EventMessage) => boolean) | undefined;
  readonly #onError: EventListenerOptions["onError"];
  #replay: Replay | undefined;
  /** Takes an event that is news to all listeners. */
  readonly receive: (event: EventMessage) => void;

  constructor(listener: EventListener, options: EventListenerOptions) {
    const { since, filters, onError } = options;
    this.#listener = listener;
    this.#matches = filters && eventMatcher(filters);
    this.#onError = onError;
    if (since !== undefined) {
      this.#replay = { since: Number(since) * 1e9 - ROUNDING, given: new RecentEvents(), isKnown: () => false };
    }
    // a listener that wants everything is spared the questions: there may be hundreds, and thousands of events each second
    this.receive = this.#matches || this.#replay ? this.#consider : this.#deliver;
  }

  /** Takes note that the engine begins to send again. */
  reopened(): void {
    const replay = this.#replay;
    if (!replay) return;
    replay.since = Math.max(replay.since, (replay.given.last?.timeNano ?? 0) - OVERLAP);
    replay.isKnown = replay.given.repetitions(replay.since);
  }

  /** Takes an event that the other listeners have had, or do not want because it is of the past. */
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

  /** Hears of it when a listener fails later. */
  #watch(returned: unknown, event: EventMessage): void {
    if (isThenable(returned)) Promise.resolve(returned).catch((error: unknown) => this.fail(error, event));
  }

  /** Takes note that everything has come. */
  caughtUp(): void {
    this.#replay = undefined;
  }

  /** Tells of an error, outside of the stream, so that it goes on. */
  fail(error: unknown, event: EventMessage | undefined): void {
    const onError = this.#onError;
    queueMicrotask(() => {
      // an error that nobody wants is the process's, as it is with an EventTarget
      if (!onError) throw error;
      onError(error, event);
    });
  }

  /** Ends the calls, also of the event that is being told just now. */
  remove(): void {
    this.#listener = () => undefined;
  }
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function"; // any value has a method `then` or not

/** The one stream of events that a client's listeners share: it runs while there are listeners. */
export class EventMonitor {
  readonly #open: (window: EventsWindow, signal: AbortSignal) => Promise<OpenResponse>;
  readonly #emitter = new EventEmitter<{ event: [EventMessage]; repeated: [EventMessage] }>();
  readonly #subscriptions = new Map<EventListener, Subscription>();
  readonly #closing: AbortSignal;
  #source: EventSource | undefined;
  #ready: Promise<void> | undefined;

  /**
   * @param open - sends the request for events; the signal ends its answer.
   * @param closing - ends the stream with the client.
   */
  constructor(open: (window: EventsWindow, signal: AbortSignal) => Promise<OpenResponse>, closing: AbortSignal) {
    this.#open = open;
    this.#closing = closing;
  }

  /** Adds a listener. The promise is fulfilled when no later event will be missed. */
  async add(listener: EventListener, options: EventListenerOptions): Promise<void> {
    if (this.#subscriptions.has(listener)) throw new ListenerAlreadyExistsError("the listener has been added already");
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

  /** Removes a listener; does nothing when there is no such listener. The last one ends the stream. */
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

  /** Starts the stream, for a listener that wants to hear of the time since then. */
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
          else reject(new AbortError("the listener was removed before the stream of events had begun", { operation }));
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
    // who added the listener hears of it
    this.#ready.catch(() => undefined);
  }

  /** Ends the stream for good, and gives the listeners that it had. A later listener starts another. */
  #end(): Subscription[] {
    const subscriptions = [...this.#subscriptions.values()];
    this.#stop();
    this.#subscriptions.clear();
    this.#emitter.removeAllListeners();
    return subscriptions;
  }
}
