import type { CallOptions } from "../../core/call-options.js";
import { Connection } from "../../core/connection.js";
import { filters as filtersField, timestamp } from "../../core/fields/fields.js";
import { operation } from "../../core/operation.js";
import { encodeTimestamp, type Timestamp } from "../../wire/timestamp.js";
import { InvalidOptionError } from "../../errors/usage-errors.js";
import type { EventMessage } from "../../types/event.js";
import { type EventListener, type EventListenerOptions, EventMonitor } from "./event-monitor.js";
import type { EventsWindow } from "./event-source.js";
import { type EventFilters, eventFilterVersions } from "./event-filters.js";
import { EventChannel } from "./event-channel.js";
import { eventQueue } from "./event-queue.js";

/** Options of {@link Client.streamEvents}. */
export interface StreamEventsOptions {
  /** The events that are wanted; the engine sends no others. By default all of them. */
  filters?: EventFilters | undefined;
  /** Begins with what the engine still has of the events since this time. By default with what happens next. */
  since?: Timestamp | undefined;
  /** Ends with the events of this time. By default never. */
  until?: Timestamp | undefined;
}

/** Options of {@link Client.addEventListener}. */
export interface AddEventListenerOptions extends Omit<EventListenerOptions, "since"> {
  /** Gives the listener first what the engine still has of the events since this time. By default nothing of the past. */
  since?: Timestamp | undefined;
}

const streamEvents = operation<StreamEventsOptions>({
  name: "streamEvents",
  method: "GET",
  path: "/events",
  longRunning: true,
  fields: { filters: filtersField<EventFilters>(eventFilterVersions), since: timestamp("since"), until: timestamp("until") },
});

/** The monitor of each client, made with its first listener. */
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
   * Calls a function with every event of the engine, from now on, or from an earlier time on.
   *
   * All listeners of a client share one stream from the engine, which begins with the first listener and ends after the
   * last. It outlives breaks of the connection and restarts of the engine: it is resumed, each event is given once, and
   * what has been lost is announced by a gap, which {@link isGap} recognizes.
   *
   * @param listener - the function. It is called in the order of the events, and is not waited for.
   * @param options - which events it wants, and who gets its errors.
   * @returns when the stream stands: no later event is missed.
   * @category Events
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SystemEvents | SystemEvents}
   * @throws {@link ListenerAlreadyExistsError} when the function has been added before.
   * @throws {@link InvalidOptionError} when there is no such filter, or `since` is no time.
   * @throws {@link ConnectionError} when the stream cannot be opened in five attempts.
   * @example
   * ```ts
   * await client.addEventListener((event) => console.log(event.Type, event.Action, event.Actor.ID), {
   *   filters: { type: "container", event: ["start", "die"] },
   * });
   * ```
   */
  async addEventListener(listener: EventListener, options: AddEventListenerOptions = {}): Promise<void> {
    let monitor = monitors.get(this);
    if (!monitor) {
      const open = (window: EventsWindow, signal: AbortSignal) => this.open(streamEvents, window, { signal });
      monitors.set(this, (monitor = new EventMonitor(open, this.closing)));
    }
    await monitor.add(listener, { ...options, since: encoded("since", options.since) });
  }

  /**
   * Ends the calls of a listener. Does nothing when there is no such listener. After the last one the stream ends at once.
   *
   * @param listener - the function that was added.
   * @category Events
   */
  removeEventListener(listener: EventListener): void {
    monitors.get(this)?.remove(listener);
  }

  /**
   * Gives the engine's events one after the other, over a stream of its own, which the loop begins and leaving it ends.
   *
   * Like the stream of listeners it is resumed when the connection breaks, without loss or repetition, and a gap is given
   * in place of what has been lost. Up to 10,000 events wait for a slow reader; after that the engine is held back.
   *
   * @category Events
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SystemEvents | SystemEvents}
   * @throws {@link ConnectionError} when the stream cannot be opened in five attempts.
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
   * Begins a stream of the engine's events, and gives it when the engine has begun to answer: no later event is missed.
   * Otherwise like {@link Client.streamEvents}; `close` ends it at once.
   *
   * @category Events
   * @see {@link https://docs.docker.com/reference/api/engine/version/v1.51/#operation/SystemEvents | SystemEvents}
   * @throws {@link ConnectionError} when the stream cannot be opened in five attempts.
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

  /** Runs a stream for one reader. */
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
    return eventQueue(open, window, this.closing, call.signal, opened);
  }
}
