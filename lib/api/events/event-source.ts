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

/** The requested period, in seconds since 1970 with nine decimals. */
export interface EventsWindow {
  since?: string | undefined;
  until?: string | undefined;
}

/** Callbacks for a stream of events. */
export interface EventSourceHandlers {
  /** Called each time the engine starts to respond to a request for events. */
  opened(): void;
  /**
   * Called with each event.
   *
   * @param repeated - whether the event was already delivered and is sent again because the stream was resumed.
   * @param size - the number of bytes that the engine sent for it.
   */
  event(event: EventMessage, repeated: boolean, size: number): void;
  /** Called when a replay is complete, so that all further events are new. */
  caughtUp?(): void;
  /** Called after each chunk, when its events have been delivered. Reading resumes when the returned promise is fulfilled. */
  pause?(): Promise<void> | undefined;
}

/**
 * An event stream that survives the loss of its connection.
 *
 * When the connection breaks, the stream is resumed shortly before the last event, and repeated events are marked. If the
 * engine no longer stores the last event, later events may be lost as well, and a gap is reported.
 */
export class EventSource {
  readonly #open: (window: EventsWindow, signal: AbortSignal) => Promise<OpenResponse>;
  readonly #handlers: EventSourceHandlers;
  readonly #until: string | undefined;
  readonly #history: EventHistory;
  readonly #schedule = new RetrySchedule();
  readonly #stop = new AbortController();
  #connection = new AbortController();
  /** Whether the latest connection was closed to replay earlier events. */
  #isRewound = false;
  #isBroken = false;

  /**
   * @param open - sends the request. Aborting the signal ends the response.
   * @param window - the period whose events are requested.
   * @param handlers - the callbacks.
   * @param closing - aborted when the client is closed, which ends the stream.
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
    // a client can have any number of streams
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
   * Reopens the stream from an earlier time. Events that were already delivered, or that precede the start of the stream, are
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
   * Runs the stream until it is stopped or reaches its end.
   *
   * @throws the last error when the first attempts to open the stream all fail, and any error that retrying cannot fix.
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
      // stopping the stream aborts the wait, which is not a failure
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
    // without a last event, lost events cannot be detected
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
      // the rest of the chunk is sent again over the next connection
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
