import { setTimeout as delay } from "node:timers/promises";
import { formatNanoseconds } from "../core/timestamp.js";
import type { OpenResponse } from "../core/request.js";
import { ApiError } from "../errors/api-error.js";
import { ClientClosedError, ConnectionError, ProtocolError, TimeoutError } from "../errors/connection-errors.js";
import { chunksOf } from "../streams/body.js";
import { JsonMessageReader } from "../streams/json-messages.js";
import type { EventMessage } from "../types/event.js";
import { gapEvent } from "./gap.js";
import { normalizeEvent, type WireEvent } from "./normalize.js";
import { RecentEvents } from "./recent-events.js";

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
  /** All events of a chunk have been given. What it returns is waited for. */
  pause?(): Promise<void> | undefined;
}

/** Waits between attempts to resume a stream, in milliseconds: 10, 20, 40 … up to the longest. */
const FIRST_WAIT = 10;
const LONGEST_WAIT = 5_000;

/** How long a connection must have lasted for the waits to begin anew, in milliseconds. */
const STEADY = 1_000;

/** Attempts to open a stream for the first time. Later every attempt is followed by another. */
const FIRST_ATTEMPTS = 5;

/** Engines stamp events before they put them in order, so that a later one may carry an earlier time. In nanoseconds. */
const OVERLAP = 1_000_000_000n;

/** Times of events are rounded when they are read. In nanoseconds. */
const ROUNDING = 512n;

/** Whether another attempt may go better. */
function isPassing(error: unknown): boolean {
  if (error instanceof ApiError) return error.status >= 500;
  if (error instanceof ClientClosedError) return false;
  return error instanceof ConnectionError || error instanceof TimeoutError || error instanceof ProtocolError;
}

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
  #since: string | undefined;
  #connection = new AbortController();
  #opened = false;
  #broken = false;
  #rewound = false;

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
    if (closing.aborted) this.stop();
    else closing.addEventListener("abort", () => this.stop(), { once: true, signal: this.#stop.signal });
  }

  /** Ends the stream. */
  stop(): void {
    this.#stop.abort();
    this.#connection.abort();
  }

  /**
   * Opens the stream again from an earlier time on. What was given before comes again, marked.
   *
   * @param since - seconds with nine decimals.
   */
  rewind(since: string): void {
    const resume = this.#resumeFrom();
    this.#since = resume !== undefined && Number(resume) < Number(since) ? resume : since;
    this.#rewound = true;
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
    let failures = 0;
    while (!this.#stop.signal.aborted) {
      const began = Date.now();
      try {
        await this.#connect();
        if (this.#until !== undefined) return;
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (!this.#rewound && !isPassing(error)) throw error;
        if (!this.#opened && failures + 1 >= FIRST_ATTEMPTS) throw error;
      }
      if (this.#rewound) continue;
      this.#broken = this.#opened;
      if (Date.now() - began > STEADY) failures = 0;
      // the wait is cut short when the stream is stopped, which is no failure
      await delay(Math.min(FIRST_WAIT * 2 ** failures, LONGEST_WAIT), undefined, { signal: this.#stop.signal }).catch(
        () => undefined,
      );
      failures += 1;
    }
  }

  /** Where to resume: a little before the last event; before the first one, where the stream began. */
  #resumeFrom(): string | undefined {
    const { last } = this.#recent;
    return last === undefined ? this.#since : formatNanoseconds(BigInt(Math.trunc(last.timeNano)) - OVERLAP);
  }

  async #connect(): Promise<void> {
    this.#connection = new AbortController();
    const { signal } = this.#connection;
    const { last } = this.#recent;
    const rewound = this.#rewound;
    const since = rewound ? this.#since : this.#resumeFrom();
    this.#rewound = false;
    const lost = this.#broken && (last === undefined || !(await this.#remembers(last, signal)));
    const answer = await this.#open({ since, until: this.#until }, signal);
    // without any event so far, the engine's clock tells where a later attempt must begin
    if (!this.#opened) this.#since ??= secondsOf(answer.headers.date);
    this.#opened = true;
    this.#broken = false;
    if (lost) this.#handlers.event(gapEvent(last?.timeNano), false);
    this.#handlers.opened();
    // what lies before this time has been given, or happened before anybody wanted to know
    const given = rewound ? (last?.timeNano ?? Date.now() * 1e6) : 0;
    await this.#read(answer, since === undefined ? undefined : Number(since) * 1e9 - Number(ROUNDING), given);
  }

  async #read({ body, exchange }: OpenResponse, since: number | undefined, given: number): Promise<void> {
    const reader = new JsonMessageReader();
    const isKnown = since === undefined ? () => false : this.#recent.repetitions(since);
    const take = (document: unknown) => {
      const event = normalizeEvent(document as WireEvent); // what an engine sends in this stream
      if (event === undefined) return;
      const known = isKnown(event);
      if (!known) this.#recent.add(event);
      this.#handlers.event(event, known || event.timeNano <= given);
    };
    try {
      for await (const chunk of chunksOf(body, exchange)) {
        reader.read(chunk, take);
        const pause = this.#handlers.pause?.();
        if (pause) await pause;
      }
      reader.end();
    } finally {
      body.destroy();
      exchange.finish();
    }
  }

  /** Asks whether the engine still has an event. */
  async #remembers(event: EventMessage, signal: AbortSignal): Promise<boolean> {
    const time = BigInt(Math.trunc(event.timeNano));
    const window = { since: formatNanoseconds(time - ROUNDING), until: formatNanoseconds(time + ROUNDING) };
    const { body, exchange } = await this.#open(window, signal);
    const reader = new JsonMessageReader();
    let found = false;
    for await (const chunk of chunksOf(body, exchange)) {
      reader.read(chunk, (document) => {
        const candidate = normalizeEvent(document as WireEvent); // what an engine sends in this stream
        found ||= candidate !== undefined && this.#recent.isLast(candidate);
      });
    }
    exchange.finish();
    return found;
  }
}

/** The time of a header `Date`, in seconds. */
function secondsOf(date: string | undefined): string | undefined {
  const milliseconds = Date.parse(date ?? "");
  return Number.isNaN(milliseconds) ? undefined : String(Math.floor(milliseconds / 1000));
}
