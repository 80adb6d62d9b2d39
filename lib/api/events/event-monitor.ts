import { EventEmitter } from "eventemitter3";
import type { OpenResponse } from "../../core/request.js";
import { AbortError, ClientClosedError } from "../../errors/connection-errors.js";
import { ListenerAlreadyExistsError } from "../../errors/usage-errors.js";
import type { EventMessage } from "../../types/event.js";
import { handled } from "../../wire/quiet.js";
import { EventSource, type EventsWindow } from "./event-source.js";
import { type EventListener, type EventListenerOptions, EventSubscription } from "./event-subscription.js";

/** The event stream that all listeners of a client share. It is open as long as there are listeners. */
export class EventMonitor {
  readonly #open: (window: EventsWindow, signal: AbortSignal) => Promise<OpenResponse>;
  readonly #emitter = new EventEmitter<Record<"event" | "repeated", [event: EventMessage, size: number]>>();
  readonly #subscriptions = new Map<EventListener, EventSubscription>();
  readonly #closing: AbortSignal;
  #source: EventSource | undefined;
  #ready: Promise<void> | undefined;

  /**
   * @param open - sends the request for events. Aborting the signal ends the response.
   * @param closing - aborted when the client is closed, which ends the stream.
   */
  constructor(open: (window: EventsWindow, signal: AbortSignal) => Promise<OpenResponse>, closing: AbortSignal) {
    this.#open = open;
    this.#closing = closing;
  }

  /** Adds a listener. Resolves once the stream is open, so that no later event is missed. */
  async add(listener: EventListener, options: EventListenerOptions): Promise<void> {
    if (this.#subscriptions.has(listener))
      throw new ListenerAlreadyExistsError("addEventListener: the listener was already added; remove it first");
    const subscription = new EventSubscription(listener, options);
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

  /** Removes a listener, if it was added. Removing the last listener ends the stream. */
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

  /** Starts the stream, with a replay of events since that time. */
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
          event: (event, repeated, size) => {
            // an event may still arrive after the last listener was removed
            if (this.#source === source) this.#emitter.emit(repeated ? "repeated" : "event", event, size);
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
          const failure = error as Error; // `open` rejects only with errors
          reject(failure);
          if (this.#source !== source) return;
          for (const subscription of this.#end()) if (isOpen) subscription.fail(error, undefined);
        },
      );
    });
    void handled(this.#ready); // add() reports the failure
  }

  /** Ends the stream, and removes and returns its listeners. A listener that is added later starts a new stream. */
  #end(): EventSubscription[] {
    const subscriptions = [...this.#subscriptions.values()];
    this.#stop();
    this.#subscriptions.clear();
    this.#emitter.removeAllListeners();
    return subscriptions;
  }
}
