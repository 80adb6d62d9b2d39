import { setMaxListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { formatNanoseconds } from "../../wire/timestamp.js";
import type { OpenResponse } from "../../core/request.js";
import { ApiError } from "../../errors/api-error.js";
import { ClientClosedError, ConnectionError, ProtocolError, TimeoutError } from "../../errors/connection-errors.js";
import { chunksOf } from "../../streams/body.js";
import { JsonMessageReader } from "../../wire/json-messages.js";
import type { EventMessage } from "../../types/event.js";
import { gapEvent } from "./gap.js";
import { normalizeEvent } from "./normalize.js";
import { isSame, RecentEvents } from "./recent-events.js";

/** What is asked of the engine: seconds with nine decimals. */
export interface EventsWindow {
  since?: string | undefined;
  until?: string | undefined;
}

/** What happens on a stream of events. */
export interface EventSourceHandlers {
  /** The engine has begun to answer. Called each time that the stream is opened. */
  opened(): void;
  /** An event. `repeated` is true for one that was given before and comes again because the stream was resumed. */
  event(event: EventMessage, repeated: boolean): void;
  /** Everything since the time that the stream was rewound to has come; what follows is new. */
  caughtUp?(): void;
  /** All events of a chunk have been given. What it returns is waited for. */
  pause?(): Promise<void> | undefined;
}

/** Waits between attempts to resume a stream, in milliseconds: 10, 20, 40 … up to the longest. */
const FIRST_WAIT = 10;
const LONGEST_WAIT = 5_000;

/** How long a connection must have lasted for the waits to begin anew, in milliseconds. */
const STEADY = 1_000;

/** How long the last event may keep people waiting when the stream is resumed, before it counts as lost. In milliseconds. */
const PATIENCE = 500;

/** Attempts to open a stream for the first time. Later every attempt is followed by another. */
const FIRST_ATTEMPTS = 5;

/** Engines stamp events before they put them in order, so that a later one may carry an earlier time. In nanoseconds. */
export const OVERLAP = 1e9;

/** Times of events are rounded when they are read. In nanoseconds. */
export const ROUNDING = 512;

/** Nanoseconds in a second and in a millisecond. */
const SECOND = 1e9;
const MILLISECOND = 1e6;

/** Whether another attempt may go better. */
function isPassing(error: unknown): boolean {
  if (error instanceof ApiError) return error.status >= 500;
  if (error instanceof ClientClosedError) return false;
  return error instanceof ConnectionError || error instanceof TimeoutError || error instanceof ProtocolError;
}

/** Writes a time in nanoseconds as the engine reads it. */
const written = (nanoseconds: number): string => formatNanoseconds(BigInt(Math.max(0, Math.trunc(nanoseconds))));

/**
 * A stream of events that outlives the connection it comes over.
 *
 * When the connection breaks, the stream is resumed a little before the last event, and what was given before is marked.
 * If the engine no longer has the last event, it has lost others too, and a gap is given in their place.
 */
export class EventSource {
  readonly #open: (window: EventsWindow, signal: AbortSignal) => Promise<OpenResponse>;
  readonly #handlers: EventSourceHandlers;
  readonly #recent = new RecentEvents();
  readonly #stop = new AbortController();
  readonly #until: string | undefined;
  /** The first time that was wanted. */
  #since: string | undefined;
  /** The time before which nothing is new, by the engine's clock. In nanoseconds. */
  #began = 0;
  /** An earlier time that somebody wants to hear from, until everything since then has come. */
  #rewindTo: string | undefined;
  /** The event that came last, new or not: while the engine has it, it has all that came after it. */
  #lastSeen: EventMessage | undefined;
  #connection = new AbortController();
  /** Whether the latest connection was ended to open another one. */
  #isRewound = false;
  #openedAt = Infinity;
  #hasOpened = false;
  #isBroken = false;

  /**
   * @param open - sends the request; the signal ends its answer.
   * @param window - the times of the first and last event wanted.
   * @param handlers - are told what comes.
   * @param closing - ends the stream with the client.
   */
  constructor(
    open: (window: EventsWindow, signal: AbortSignal) => Promise<OpenResponse>,
    window: EventsWindow,
    handlers: EventSourceHandlers,
    closing: AbortSignal,
  ) {
    this.#open = open;
    this.#since = window.since;
    this.#until = window.until;
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
   * Opens the stream again from an earlier time on. What was given before, or lies before the stream's beginning, comes
   * marked as repeated.
   *
   * @param since - in seconds since 1970.
   */
  rewind(since: string): void {
    if (this.#rewindTo === undefined || Number(since) < Number(this.#rewindTo)) this.#rewindTo = since;
    this.#isRewound = true;
    this.#connection.abort();
  }

  /**
   * Runs the stream until it is stopped, or its last event has come.
   *
   * @throws the error of the first attempts when none succeeds, or any error that another attempt would meet again.
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
    let failures = 0;
    while (!isStopped()) {
      this.#openedAt = Infinity;
      try {
        await this.#connect();
        if (this.#until !== undefined) return;
      } catch (error) {
        if (isStopped()) return;
        const isLast = !this.#hasOpened && failures + 1 >= FIRST_ATTEMPTS;
        if (!this.#isRewound && (isLast || !isPassing(error))) throw error;
      }
      if (this.#isRewound) continue;
      this.#isBroken = this.#hasOpened;
      if (Date.now() - this.#openedAt > STEADY) failures = 0;
      // the wait is cut short when the stream is stopped, which is no failure
      await delay(Math.min(FIRST_WAIT * 2 ** failures, LONGEST_WAIT), undefined, { signal }).catch(() => undefined);
      failures += 1;
    }
  }

  /** Where to resume: a little before the last event; before the first one, where the stream began. */
  #resumeFrom(): string | undefined {
    const last = this.#recent.last ?? this.#lastSeen;
    const resume = last === undefined ? this.#since : written(last.timeNano - OVERLAP);
    const isEarlier = this.#rewindTo !== undefined && !(Number(resume) < Number(this.#rewindTo));
    return isEarlier ? this.#rewindTo : resume;
  }

  async #connect(): Promise<void> {
    const connection = new AbortController();
    this.#connection = connection;
    this.#isRewound = false;
    const since = this.#resumeFrom();
    const asked = Date.now() * MILLISECOND;
    const answer = await this.#open({ since, until: this.#until }, connection.signal);
    const isFirst = !this.#hasOpened;
    const wasBroken = this.#isBroken;
    if (isFirst) {
      const now = engineTime(answer.headers.date, asked);
      this.#began = Math.min(now, this.#since === undefined ? Infinity : Number(this.#since) * SECOND);
      this.#since ??= written(now);
    }
    this.#hasOpened = true;
    this.#openedAt = Date.now();
    this.#isBroken = false;
    this.#handlers.opened();
    // who has seen nothing cannot tell what is missing
    if (wasBroken && this.#lastSeen === undefined) this.#tellGap();
    const known = since === undefined ? () => false : this.#recent.repetitions(Number(since) * SECOND - ROUNDING);
    // only what is asked for once more can be old: that clocks differ must not make old what has just happened
    const oldest = isFirst && this.#rewindTo === undefined ? 0 : (this.#recent.horizon ?? this.#began) - ROUNDING;
    await this.#read(answer, connection.signal, (event) => known(event) || event.timeNano < oldest);
  }

  async #read(
    { body, exchange }: OpenResponse,
    signal: AbortSignal,
    isRepeated: (event: EventMessage) => boolean,
  ): Promise<void> {
    const reader = new JsonMessageReader();
    const newest = this.#recent.last?.timeNano ?? 0;
    let expected = this.#lastSeen;
    const giveUp = () => {
      if (expected === undefined || signal.aborted) return;
      expected = undefined;
      this.#tellGap();
    };
    const take = (document: unknown) => {
      // the rest of a chunk comes again over the next connection
      if (this.#isRewound) return;
      const event = normalizeEvent(document);
      if (event === undefined) return;
      const repeated = isRepeated(event);
      // engines send what they still have in order: if not before what is new, the last event will not come
      if (expected && isSame(event, expected)) expected = undefined;
      else if (!repeated) giveUp();
      if (!expected) this.#lastSeen = event;
      if (!repeated) this.#recent.add(event);
      // for the same reason nothing old follows
      if (!repeated && this.#rewindTo !== undefined && event.timeNano >= newest) {
        this.#rewindTo = undefined;
        this.#handlers.caughtUp?.();
      }
      this.#handlers.event(event, repeated);
    };
    const patience = expected && setTimeout(giveUp, PATIENCE);
    try {
      for await (const chunk of chunksOf(body, exchange)) {
        reader.read(chunk, take);
        await this.#handlers.pause?.();
      }
      reader.end();
      if (this.#until !== undefined) giveUp();
    } finally {
      clearTimeout(patience);
      body.destroy();
      exchange.finish();
    }
  }

  #tellGap(): void {
    this.#handlers.event(gapEvent(this.#lastSeen?.timeNano), false);
  }
}

/**
 * Tells the engine's time, in nanoseconds: by this machine's clock where the two agree, which is the more exact one.
 *
 * @param date - the header `Date` of the engine's answer, which counts whole seconds.
 * @param asked - when the engine was asked.
 */
function engineTime(date: string | undefined, asked: number): number {
  const second = Date.parse(date ?? "") * MILLISECOND;
  return second > asked || second + SECOND <= asked ? second : asked;
}
