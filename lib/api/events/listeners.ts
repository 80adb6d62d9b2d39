import type { CallOptions } from "../../core/call-options.js";
import { calledAs, callerOf } from "../../core/caller.js";
import { Connection } from "../../core/connection.js";
import { filterMembers, filters as filtersField, timestamp } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { composite, type OptionKinds, shareSignature } from "../../core/signatures.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { EventMessage } from "../../types/event.js";
import { encodeTimestamp, type Timestamp } from "../../wire/timestamp.js";
import { EventChannel } from "./event-channel.js";
import { type EventFilters, eventFilterVersions } from "./event-filters.js";
import { EventMonitor } from "./event-monitor.js";
import { eventQueue } from "./event-queue.js";
import type { EventsWindow } from "./event-source.js";
import type { EventListener, EventListenerOptions } from "./event-subscription.js";

/** Options for {@link Client.streamEvents}. */
export interface StreamEventsOptions {
  /** Filters for the events, which the engine applies. If omitted, the stream has all events. */
  filters?: EventFilters | undefined;
  /**
   * Start of the stream: the engine first sends the events that it has stored since this time. If omitted, the stream has only
   * new events.
   */
  since?: Timestamp | undefined;
  /** End of the stream. If omitted, the stream does not end. */
  until?: Timestamp | undefined;
}

/** Options for {@link Client.addEventListener}. */
export interface AddEventListenerOptions extends Omit<EventListenerOptions, "since"> {
  /** First replays the events that the engine has stored since this time. If omitted, the listener receives only new events. */
  since?: Timestamp | undefined;
}

const streamEvents = operation<StreamEventsOptions>({
  name: "streamEvents",
  method: "GET",
  path: "/events",
  longRunning: true,
  fields: { filters: filtersField<EventFilters>(eventFilterVersions), since: timestamp("since"), until: timestamp("until") },
});

shareSignature("streamEvents", "eventChannel");
composite(
  "addEventListener",
  {
    filters: filterMembers(eventFilterVersions),
    since: "optional",
    onError: "optional",
  } satisfies OptionKinds<AddEventListenerOptions>,
  { afterListener: true },
);

/** The monitor of each client, which is created when the first listener is added. */
const monitors = new WeakMap<Connection, EventMonitor>();

function encoded(option: "since" | "until", value: Timestamp | undefined): string | undefined {
  if (value === undefined) return undefined;
  const text = encodeTimestamp(value);
  if (text === undefined)
    throw new InvalidOptionError(option, `option "${option}" must be ${streamEvents.fields[option].expects}`);
  return text;
}

/** Mixed into {@link Client}. */
export default abstract class EventListenersMixin extends Connection {
  /**
   * Calls a function with each of the engine's events, from now on or since an earlier time.
   *
   * All listeners of a client share one stream, which opens when the first listener is added and ends when the last one is
   * removed. The stream is resumed after broken connections and restarts of the engine: each event is delivered once, and lost
   * events are reported as a gap, which {@link isGap} recognizes.
   *
   * @param listener - the function. It is called with the events in order. If it returns a promise, it is not called again
   * until the promise is settled; other listeners are not delayed. If more than 10,000 events or 32 MiB are waiting for it, it
   * receives a gap in place of further events.
   * @param options - the filters, the start, and the error handler.
   * @returns a promise that resolves once the stream is open, so that no later event is missed.
   * @category Events
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SystemEvents | SystemEvents}
   * @throws {@link ListenerAlreadyExistsError} when the function was already added.
   * @throws {@link InvalidOptionError} when an option or filter is unknown, or `since` is invalid.
   * @throws {@link ConnectionError} when five attempts to open the stream fail.
   * @example
   * ```ts
   * await client.addEventListener((event) => console.log(event.Type, event.Action, event.Actor.ID), {
   *   filters: { type: "container", event: ["start", "die"] },
   * });
   * ```
   */
  async addEventListener(listener: EventListener, options: AddEventListenerOptions = {}): Promise<void> {
    if (typeof listener !== "function")
      throw new InvalidOptionError("listener", "addEventListener: the listener must be a function");
    if (typeof (options.onError ?? listener) !== "function")
      throw new InvalidOptionError("onError", 'addEventListener: option "onError" must be a function');
    let monitor = monitors.get(this);
    if (!monitor) {
      const open = (window: EventsWindow, signal: AbortSignal) =>
        this.open(streamEvents, window, calledAs("addEventListener", { signal }));
      monitors.set(this, (monitor = new EventMonitor(open, this.closing)));
    }
    await monitor.add(listener, { ...options, since: encoded("since", options.since) });
  }

  /**
   * Removes a listener, if it was added. Removing the last listener ends the stream immediately.
   *
   * @param listener - the function that was added.
   * @category Events
   */
  removeEventListener(listener: EventListener): void {
    monitors.get(this)?.remove(listener);
  }

  /**
   * Iterates over the engine's events on a separate stream, which opens when the loop starts and ends when the loop is left.
   *
   * Like the stream of listeners, it is resumed when the connection breaks: each event is delivered once, and lost events are
   * reported as a gap. Up to 10,000 events or 32 MiB are queued for a slow reader; then the client stops reading from the
   * engine.
   *
   * @category Events
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SystemEvents | SystemEvents}
   * @throws {@link ConnectionError} when five attempts to open the stream fail.
   * @example
   * ```ts
   * for await (const event of client.streamEvents({ filters: { container: "web" } })) {
   *   if (event.Action === "die") break;
   * }
   * ```
   */
  async *streamEvents(options: StreamEventsOptions = {}, call: CallOptions = {}): AsyncGenerator<EventMessage, void, void> {
    yield* this.queueEvents(options, call);
  }

  /**
   * Opens a stream of the engine's events and returns it once the engine has started to respond, so that no later event is
   * missed. Otherwise, the method is the same as {@link Client.streamEvents}. `close` ends the stream immediately.
   *
   * @category Events
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SystemEvents | SystemEvents}
   * @throws {@link ConnectionError} when five attempts to open the stream fail.
   */
  async eventChannel(options: StreamEventsOptions = {}, call: CallOptions = {}): Promise<EventChannel> {
    const closing = new AbortController();
    const signal = call.signal ? AbortSignal.any([call.signal, closing.signal]) : closing.signal;
    return new Promise((resolve, reject) => {
      const channel: EventChannel = new EventChannel(
        this.queueEvents(options, { ...call, signal }, () => resolve(channel)),
        closing,
        reject,
      );
    });
  }

  /** Returns an event stream for one reader. */
  protected queueEvents(
    { filters, since, until }: StreamEventsOptions,
    call: CallOptions,
    opened?: () => void,
  ): AsyncGenerator<EventMessage, void, void> {
    const window = { since: encoded("since", since), until: encoded("until", until) };
    const open = (part: EventsWindow, signal: AbortSignal) => {
      const ends = call.signal ? AbortSignal.any([call.signal, signal]) : signal;
      return this.open(streamEvents, { filters, ...part }, { ...call, signal: ends });
    };
    return eventQueue(open, window, this.closing, call.signal, opened, callerOf(call));
  }
}
