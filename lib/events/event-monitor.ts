import { EventEmitter } from "eventemitter3";
import { AbortError } from "../errors/connection-errors.js";
import { ListenerAlreadyExistsError, NoListenersError } from "../errors/usage-errors.js";
import type { OpenResponse } from "../core/request.js";
import type { EventMessage } from "../types/event.js";
import { EventSource, type EventsWindow } from "./event-source.js";
import { type EventFilters, eventMatcher } from "./filter.js";
import { isGap } from "./gap.js";

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

/** One listener with its options. */
class Subscription {
  /** Whether the listener gets what others have had before. */
  replays = false;
  readonly #listener: EventListener;
  readonly #matches: (event: EventMessage) => boolean;
  readonly #onError: EventListenerOptions["onError"];

  constructor(listener: EventListener, options: EventListenerOptions) {
    this.#listener = listener;
    this.#matches = eventMatcher(options.filters);
    this.#onError = options.onError;
  }

  readonly receive = (event: EventMessage, repeated: boolean): void => {
    if (repeated && !this.replays) return;
    if (!isGap(event) && !this.#matches(event)) return;
    try {
      const returned = this.#listener(event);
      if (returned instanceof Promise) returned.catch((error: unknown) => this.fail(error, event));
    } catch (error) {
      this.fail(error, event);
    }
  };

  /** Tells of an error, outside of the stream, so that it goes on. */
  fail(error: unknown, event: EventMessage | undefined): void {
    const onError = this.#onError;
    queueMicrotask(() => {
      // an error that nobody wants is the process's, as it is with an EventTarget
      if (!onError) throw error;
      onError(error, event);
    });
  }
}

/** The one stream of events that a client's listeners share: it runs while there are listeners. */
export class EventMonitor {
  readonly #open: (window: EventsWindow, signal: AbortSignal) => Promise<OpenResponse>;
  readonly #emitter = new EventEmitter<{ event: [EventMessage, boolean] }>();
  readonly #subscriptions = new Map<EventListener, Subscription>();
  readonly #replaying = new Set<Subscription>();
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
    if (!this.#ready) this.#start(options.since);
    else if (options.since !== undefined) this.#replay(subscription, options.since);
    try {
      await this.#ready;
    } catch (error) {
      this.remove(listener);
      throw error;
    }
  }

  /** Removes a listener; does nothing when there is no such listener. The last one ends the stream. */
  remove(listener: EventListener): void {
    const subscription = this.#subscriptions.get(listener);
    if (!subscription) return;
    this.#subscriptions.delete(listener);
    this.#replaying.delete(subscription);
    this.#emitter.off("event", subscription.receive);
    if (this.#subscriptions.size === 0) this.#stop();
  }

  /** Opens the stream again from an earlier time on, for one listener. */
  #replay(subscription: Subscription, since: string): void {
    this.#endReplays();
    subscription.replays = true;
    this.#replaying.add(subscription);
    this.#source?.rewind(since);
  }

  #endReplays(): void {
    for (const subscription of this.#replaying) subscription.replays = false;
    this.#replaying.clear();
  }

  #stop(): void {
    this.#source?.stop();
    this.#source = undefined;
    this.#ready = undefined;
  }

  #start(since: string | undefined): void {
    let opened: (() => void) | undefined;
    let failed: ((error: unknown) => void) | undefined;
    this.#ready = new Promise<void>((resolve, reject) => {
      opened = resolve;
      failed = reject;
    });
    const source = new EventSource(
      this.#open,
      { since },
      {
        opened: () => {
          opened?.();
          opened = undefined;
        },
        event: (event, repeated) => this.#emit(event, repeated),
      },
      this.#closing,
    );
    this.#source = source;
    source.run().then(
      () => failed?.(new AbortError("the stream of events was ended before it had begun")),
      (error: unknown) => {
        failed?.(error);
        if (this.#source === source) this.#end(error, opened === undefined);
      },
    );
    // who added the listener hears of it
    this.#ready.catch(() => undefined);
  }

  #emit(event: EventMessage, repeated: boolean): void {
    // what is new to everyone ends a replay
    if (!repeated && this.#replaying.size > 0) this.#endReplays();
    if (!this.#emitter.emit("event", event, repeated))
      throw new NoListenersError("an event came after the last listener had left");
  }

  /** Ends the stream for good. A later listener starts another. */
  #end(error: unknown, wasOpen: boolean): void {
    const subscriptions = [...this.#subscriptions.values()];
    this.#stop();
    this.#subscriptions.clear();
    this.#replaying.clear();
    this.#emitter.removeAllListeners();
    if (wasOpen) for (const subscription of subscriptions) subscription.fail(error, undefined);
  }
}
