import type { EventMessage } from "../../types/event.js";
import { formatNanoseconds } from "../../wire/timestamp.js";
import { RecentEvents } from "./recent-events.js";

/** Engines stamp events before they order them, so a later event may carry an earlier time. In nanoseconds. */
export const OVERLAP = 1e9;

/** Event times lose precision when JSON is parsed. In nanoseconds. */
export const ROUNDING = 512;

/** Nanoseconds in a second and in a millisecond. */
const SECOND = 1e9;
const MILLISECOND = 1e6;

/** Formats a time in nanoseconds for the engine. */
const formatTime = (nanoseconds: number): string => formatNanoseconds(BigInt(Math.max(0, Math.trunc(nanoseconds))));

/** The events of a stream so far: where to resume it, and which events are repetitions then. */
export class EventHistory {
  readonly #recent = new RecentEvents();
  /** Start of the stream, in seconds; set with the first response when the caller sets no start. */
  #since: string | undefined;
  /** Time before which nothing is new, by the engine's clock. In nanoseconds. */
  #began = 0;
  /** Earlier time to replay from, until everything since then has come. */
  #rewindTo: string | undefined;
  /** Time of the latest new event when the current connection was opened. In nanoseconds. */
  #newest = 0;
  #lastSeen: EventMessage | undefined;

  /** @param since - start of the stream, in seconds. By default the time of the first response. */
  constructor(since: string | undefined) {
    this.#since = since;
  }

  /** The last event, new or repeated. While the engine still has it, it has every later one. */
  get lastSeen(): EventMessage | undefined {
    return this.#lastSeen;
  }

  /** Requests a replay from an earlier time, in seconds; the earliest request wins. */
  rewind(since: string): void {
    if (this.#rewindTo === undefined || Number(since) < Number(this.#rewindTo)) this.#rewindTo = since;
  }

  /** Where to resume: a little before the last event or, before the first event, at the start of the stream. */
  resumeFrom(): string | undefined {
    const last = this.#recent.last ?? this.#lastSeen;
    const resume = last === undefined ? this.#since : formatTime(last.timeNano - OVERLAP);
    const isEarlier = this.#rewindTo !== undefined && !(Number(resume) < Number(this.#rewindTo));
    return isEarlier ? this.#rewindTo : resume;
  }

  /**
   * Fixes the start of the stream by the engine's first response.
   *
   * @param date - the `Date` header of the response.
   * @param requestedAt - when the request was sent, in milliseconds.
   */
  begin(date: string | undefined, requestedAt: number): void {
    const now = engineTime(date, requestedAt * MILLISECOND);
    this.#began = Math.min(now, this.#since === undefined ? Infinity : Number(this.#since) * SECOND);
    this.#since ??= formatTime(now);
  }

  /**
   * Returns the test for repeated events on a connection that was opened with `since`.
   *
   * @param isFirst - whether it is the first connection.
   */
  repetitions(since: string | undefined, isFirst: boolean): (event: EventMessage) => boolean {
    this.#newest = this.#recent.last?.timeNano ?? 0;
    const isKnown = since === undefined ? () => false : this.#recent.repetitions(Number(since) * SECOND - ROUNDING);
    // only a replay can be old: when clocks differ, an event that has just happened must not count as old
    const oldest = isFirst && this.#rewindTo === undefined ? 0 : (this.#recent.horizon ?? this.#began) - ROUNDING;
    return (event) => isKnown(event) || event.timeNano < oldest;
  }

  /** Records the last event, new or repeated. */
  see(event: EventMessage): void {
    this.#lastSeen = event;
  }

  /**
   * Records a new event.
   *
   * @returns true when a replay ends with it: engines send stored events in order, so no older event follows.
   */
  add(event: EventMessage): boolean {
    this.#recent.add(event);
    const hasCaughtUp = this.#rewindTo !== undefined && event.timeNano >= this.#newest;
    if (hasCaughtUp) this.#rewindTo = undefined;
    return hasCaughtUp;
  }
}

/**
 * Returns the engine's time in nanoseconds. When the local clock agrees with the engine's, the local time is used: it is
 * more precise than the `Date` header, which counts whole seconds.
 */
function engineTime(date: string | undefined, requestedAt: number): number {
  const second = Date.parse(date ?? "") * MILLISECOND;
  return second > requestedAt || second + SECOND <= requestedAt ? second : requestedAt;
}
