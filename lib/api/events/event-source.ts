import { setMaxListeners } from "node:events";
import type { OpenResponse } from "../../core/request.js";
import { chunksOf } from "../../streams/body.js";
import type { EventMessage } from "../../types/event.js";
import { monotonicTime, sleep } from "../../wire/clock.js";
import { JsonMessageReader } from "../../wire/json-messages.js";
import { EventHistory } from "./event-history.js";
import { gapEvent } from "./gap.js";
import { GapWatch } from "./gap-watch.js";
import { normalizeEvent } from "./normalize.js";
import { RetrySchedule } from "./retry-schedule.js";

/** The requested period, in seconds with nine decimals. */
export interface EventsWindow {
  since?: string | undefined;
  until?: string | undefined;
}

/** Callbacks for a stream of events. */
export interface EventSourceHandlers {
  /** The engine has started to respond. Called each time the stream is opened. */
  opened(): void;
  /**
   * An event.
   *
   * @param repeated - whether it was delivered before and comes again because the stream was resumed.
   * @param size - the number of bytes that the engine sent for it.
   */
  event(event: EventMessage, repeated: boolean, size: number): void;
  /** Everything since the time that the stream was rewound to has come; what follows is new. */
  caughtUp?(): void;
  /** All events of a chunk have been delivered. Reading resumes when the returned promise is fulfilled. */
  pause?(): Promise<void> | undefined;
}

/**
 * A stream of events that outlives its connection.
 *
 * When the connection breaks, the stream is resumed a little before the last event, and repeated events are marked. If the
 * engine no longer has the last event, it has lost others too, and a gap is reported in their place.
 */
export class EventSource {
  readonly #open: (window: EventsWindow, signal: AbortSignal) => Promise<OpenResponse>;
  readonly #handlers: EventSourceHandlers;
  readonly #until: string | undefined;
  readonly #history: EventHistory;
  readonly #schedule = new RetrySchedule();
  readonly #stop = new AbortController();
  #connection = new AbortController();
  /** Whether the latest connection was ended to replay earlier events. */
  #isRewound = false;
  #isBroken = false;

  /**
   * @param open - sends the request; the signal ends the response.
   * @param window - times of the first and last event.
   * @param handlers - the callbacks.
   * @param closing - ends the stream with the client.
   */
  constructor(
    open: (window: EventsWindow, signal: AbortSignal) => Promise<OpenResponse>,
    window: EventsWindow,
    handlers: EventSourceHandlers,
    closing: AbortSignal,
  ) {
    this.#open = open;
    this.#until = window.until;
    this.#history = new EventHistory(window.since);
    this.#handlers = handlers;
    // a client may have any number of streams
    setMaxListeners(0, closing);
    if (closing.aborted) this.stop();
    else closing.addEventListener("abort", () => this.stop(), { once: true, signal: this.#stop.signal });
  }

  /** Ends the stream. */
  stop(): void {
    this.#stop.abort();
    this.#connection.abort();
  }

  /**
   * Reopens the stream from an earlier time. Events that were delivered before, or precede the start of the stream, are
   * marked as repeated.
   *
   * @param since - in seconds since 1970.
   */
  rewind(since: string): void {
    this.#history.rewind(since);
    this.#isRewound = true;
    this.#connection.abort();
  }

  /**
   * Runs the stream until it is stopped or its last event has come.
   *
   * @throws the error for the first attempts when none succeeds, and any error that another attempt would meet again.
   */
  async run(): Promise<void> {
    try {
      await this.#keepOpen();
    } finally {
      this.stop();
    }
  }

  async #keepOpen(): Promise<void> {
    const { signal } = this.#stop;
    const isStopped = () => signal.aborted;
    while (!isStopped()) {
      this.#schedule.attempt();
      try {
        await this.#connect();
        if (this.#until !== undefined) return;
      } catch (error) {
        if (isStopped()) return;
        if (!this.#isRewound && !this.#schedule.allows(error)) throw error;
      }
      if (this.#isRewound) continue;
      this.#isBroken = this.#schedule.hasOpened;
      // stopping the stream cuts the wait short, which is not a failure
      await sleep(this.#schedule.nextWait(), undefined, { signal }).catch(() => undefined);
    }
  }

  async #connect(): Promise<void> {
    const connection = new AbortController();
    this.#connection = connection;
    this.#isRewound = false;
    const since = this.#history.resumeFrom();
    const requestedAt = monotonicTime();
    const response = await this.#open({ since, until: this.#until }, connection.signal);
    const isFirst = !this.#schedule.hasOpened;
    const wasBroken = this.#isBroken;
    if (isFirst) this.#history.begin(response.headers.date, requestedAt);
    this.#schedule.opened();
    this.#isBroken = false;
    this.#handlers.opened();
    // without a last event there is no way to see whether events were lost
    if (wasBroken && this.#history.lastSeen === undefined) this.#reportGap();
    await this.#read(response, connection.signal, this.#history.repetitions(since, isFirst));
  }

  async #read(
    { body, exchange }: OpenResponse,
    connection: AbortSignal,
    isRepeated: (event: EventMessage) => boolean,
  ): Promise<void> {
    const reader = new JsonMessageReader();
    const watch = new GapWatch(this.#history.lastSeen, connection, () => this.#reportGap());
    let arrivedAt = 0;
    const receive = (document: unknown, length: number) => {
      // the rest of a chunk comes again over the next connection
      if (this.#isRewound) return;
      const event = normalizeEvent(document);
      if (event === undefined) return;
      const repeated = isRepeated(event);
      watch.see(event, repeated);
      if (!watch.isWaiting) this.#history.see(event);
      if (!repeated && this.#history.add(event, length, arrivedAt)) this.#handlers.caughtUp?.();
      this.#handlers.event(event, repeated, length);
    };
    try {
      for await (const chunk of chunksOf(body, exchange)) {
        arrivedAt = monotonicTime();
        reader.read(chunk, receive);
        await this.#handlers.pause?.();
      }
      reader.end();
      if (this.#until !== undefined) watch.giveUp();
    } finally {
      watch.close();
      body.destroy();
      exchange.finish();
    }
  }

  #reportGap(): void {
    this.#handlers.event(gapEvent(this.#history.lastSeen?.timeNano), false, 0);
  }
}
