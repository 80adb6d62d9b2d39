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
  /** Start of the stream that the caller asked for, in seconds. */
  readonly #requestedSince: string | undefined;
  /** Start of the stream, in seconds; set with the first response when the caller sets no start. */
  #since: string | undefined;
  /** Time before which nothing is new, by the engine's clock. In nanoseconds. */
  #began = -Infinity;
  /** When the stream was requested, in milliseconds of a local clock that only measures how much time has passed. */
  #requestedAt = 0;
  /** Earlier time to replay from, until everything since then has come. */
  #rewindTo: string | undefined;
  /** Time of the latest new event when the current connection was opened. In nanoseconds. */
  #newest = 0;
  #lastSeen: EventMessage | undefined;

  /** @param since - start of the stream, in seconds. By default the time of the first response. */
  constructor(since: string | undefined) {
    this.#requestedSince = since;
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
   * Fixes the start of the stream by the engine's first response. Only the engine's own times count: the local clock may be ahead
   * of them, so that new events would seem to be old.
   *
   * @param date - the `Date` header of the response, in whole seconds; undefined where a proxy removes it.
   * @param requestedAt - when the request was sent, by the monotonic clock.
   */
  begin(date: string | undefined, requestedAt: number): void {
    const second = Date.parse(date ?? "") * MILLISECOND;
    this.#requestedAt = requestedAt;
    if (Number.isNaN(second)) return;
    this.#startAt(second);
    this.#since ??= formatTime(second);
  }

  /** Notes a time of the engine at which the stream had not begun, unless a later one is known. */
  #startAt(time: number): void {
    const start = this.#requestedSince === undefined ? Infinity : Number(this.#requestedSince) * SECOND;
    this.#began = Math.min(start, Math.max(this.#began, time));
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
   * @param size - the number of bytes that the engine sent for it.
   * @param arrivedAt - when it arrived, by the monotonic clock.
   * @returns true when a replay ends with it: engines send stored events in order, so no older event follows.
   */
  add(event: EventMessage, size: number, arrivedAt: number): boolean {
    // the time since the request, taken from the engine's time of the event, is closer to the start than a whole second: Podman
    // delivers some events a quarter of a second late, so the one that arrives soonest decides
    this.#startAt(event.timeNano - (arrivedAt - this.#requestedAt) * MILLISECOND);
    this.#recent.add(event, size);
    const hasCaughtUp = this.#rewindTo !== undefined && event.timeNano >= this.#newest;
    if (hasCaughtUp) this.#rewindTo = undefined;
    return hasCaughtUp;
  }
}
