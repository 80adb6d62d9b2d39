import type { EventScope } from "../../types/event.js";
import type { Clock } from "../clock.js";

/** An event as the engine keeps it. */
export interface EngineEvent {
  /** Type of the object, such as `container`. */
  readonly type: string;
  /** Action, such as `start`. */
  readonly action: string;
  /** ID of the object; its name for volumes. */
  readonly id: string;
  /** Attributes of the object. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Scope of the event. */
  readonly scope: EventScope;
  /** Time in nanoseconds since 1970. No two events of an engine have the same time. */
  readonly time: bigint;
}

/** The number of events that an engine keeps for `since`. */
const KEPT = 256;

/** The events of an engine: those of the past that it still has, and those to come. */
export class EventLog {
  readonly #clock: Clock;
  readonly #kept: EngineEvent[] = [];
  readonly #listeners = new Set<(event: EngineEvent) => void>();
  #last = 0n;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Adds an event and passes it to all listeners. */
  emit(
    type: string,
    action: string,
    id: string,
    attributes: Readonly<Record<string, string>> = {},
    scope: EventScope = "local",
  ): void {
    const now = this.#clock.now();
    this.#last = now > this.#last ? now : this.#last + 1n;
    const event = { type, action, id, attributes, scope, time: this.#last };
    this.#kept.push(event);
    if (this.#kept.length > KEPT) this.#kept.shift();
    for (const listener of this.#listeners) listener(event);
  }

  /** Returns the events from `since` to `until` that are kept, both included, oldest first. */
  between(since: bigint, until: bigint | undefined): EngineEvent[] {
    return this.#kept.filter(({ time }) => time >= since && (until === undefined || time <= until));
  }

  /** Calls a listener with each new event. Returns a function that ends that. */
  listen(listener: (event: EngineEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The number of listeners, as `info` reports it. */
  get listenerCount(): number {
    return this.#listeners.size;
  }
}
