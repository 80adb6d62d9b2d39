import type { EventMessage } from "../../types/event.js";
import { formatNanoseconds } from "../../wire/timestamp.js";
import { RecentEvents } from "./recent-events.js";

/**
 * How much earlier than the previous event an event may be, in nanoseconds: engines assign times to events before they put them
 * in order.
 */
export const OVERLAP = 1e9;

/** Maximum error of event times, in nanoseconds. They lose precision when JSON is parsed. */
export const ROUNDING = 512;

/** Nanoseconds in a second and in a millisecond. */
const SECOND = 1e9;
const MILLISECOND = 1e6;

/** Formats a time in nanoseconds as engines expect it. */
const formatTime = (nanoseconds: number): string => formatNanoseconds(BigInt(Math.max(0, Math.trunc(nanoseconds))));

/** The history of an event stream: determines where to resume it, and which events are then repetitions. */
export class EventHistory {
  readonly #recent = new RecentEvents();
  /** Start of the stream as requested by the caller, in seconds. */
  readonly #requestedSince: string | undefined;
  /** Start of the stream, in seconds. If the caller did not request a start, it is taken from the first response. */
  #since: string | undefined;
  /** Start of the stream by the engine's clock, in nanoseconds. Events before it are not new. */
  #began = -Infinity;
  /** When the stream was requested, in milliseconds of the local monotonic clock. */
  #requestedAt = 0;
  /** Earlier time to replay events from; undefined once the replay is complete. */
  #rewindTo: string | undefined;
  /** Time of the last new event before the current connection was opened, in nanoseconds. */
  #newest = 0;
  #lastSeen: EventMessage | undefined;

  /** @param since - start of the stream, in seconds. Defaults to the time of the first response. */
  constructor(since: string | undefined) {
    this.#requestedSince = since;
    this.#since = since;
  }

  /** The last event, new or repeated. As long as the engine stores this event, it also stores all later ones. */
  get lastSeen(): EventMessage | undefined {
    return this.#lastSeen;
  }

  /** Requests a replay from an earlier time, in seconds. If requested several times, the earliest time applies. */
  rewind(since: string): void {
    if (this.#rewindTo === undefined || Number(since) < Number(this.#rewindTo)) this.#rewindTo = since;
  }

  /** Returns the time to resume from: shortly before the last event or, if there was no event yet, the start of the stream. */
  resumeFrom(): string | undefined {
    const last = this.#recent.last ?? this.#lastSeen;
    const resume = last === undefined ? this.#since : formatTime(last.timeNano - OVERLAP);
    const isEarlier = this.#rewindTo !== undefined && !(Number(resume) < Number(this.#rewindTo));
    return isEarlier ? this.#rewindTo : resume;
  }

  /**
   * Determines the start of the stream from the engine's first response. Uses only the engine's clock: if the local clock were
   * ahead of it, new events would be taken for old ones.
   *
   * @param date - the `Date` header of the response, in whole seconds; undefined if a proxy has removed it.
   * @param requestedAt - when the request was sent, by the monotonic clock.
   */
  begin(date: string | undefined, requestedAt: number): void {
    const second = Date.parse(date ?? "") * MILLISECOND;
    this.#requestedAt = requestedAt;
    if (Number.isNaN(second)) return;
    this.#startAt(second);
    this.#since ??= formatTime(second);
  }

  /** Records a time, by the engine's clock, at which the stream had not started yet. The latest such time is kept. */
  #startAt(time: number): void {
    const start = this.#requestedSince === undefined ? Infinity : Number(this.#requestedSince) * SECOND;
    this.#began = Math.min(start, Math.max(this.#began, time));
  }

  /**
   * Returns a function that recognizes repeated events on a connection that was opened with `since`.
   *
   * @param isFirst - whether it is the first connection.
   */
  repetitions(since: string | undefined, isFirst: boolean): (event: EventMessage) => boolean {
    this.#newest = this.#recent.last?.timeNano ?? 0;
    const isKnown = since === undefined ? () => false : this.#recent.repetitions(Number(since) * SECOND - ROUNDING);
    // old events occur only in a replay: a new event must not count as old because of a difference between clocks
    const oldest = isFirst && this.#rewindTo === undefined ? 0 : (this.#recent.horizon ?? this.#began) - ROUNDING;
    return (event) => isKnown(event) || event.timeNano < oldest;
  }

  /** Records the last received event, new or repeated. */
  see(event: EventMessage): void {
    this.#lastSeen = event;
  }

  /**
   * Records a new event.
   *
   * @param size - the number of bytes that the engine sent for it.
   * @param arrivedAt - when the event arrived, by the monotonic clock.
   * @returns whether the event ends a replay. Engines send stored events in order, so no older event follows.
   */
  add(event: EventMessage, size: number, arrivedAt: number): boolean {
    // subtracting the time since the request from the event's time is more precise than the header's whole seconds. Podman
    // delivers some events a quarter of a second late, so the event with the shortest delay determines the start
    this.#startAt(event.timeNano - (arrivedAt - this.#requestedAt) * MILLISECOND);
    this.#recent.add(event, size);
    const hasCaughtUp = this.#rewindTo !== undefined && event.timeNano >= this.#newest;
    if (hasCaughtUp) this.#rewindTo = undefined;
    return hasCaughtUp;
  }
}
