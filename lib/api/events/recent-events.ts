import type { EventMessage } from "../../types/event.js";

/** Limits of the remembered events: their number, which exceeds the 256 events that Docker stores, and their size as sent. */
const REMEMBERED = 1024;
const REMEMBERED_BYTES = 16 * 1024 * 1024;

/** Returns a key that identifies an event. The time is not enough, because parsing rounds it to about 256 ns. */
function keyOf({ timeNano, Type, Action, Actor }: EventMessage): string {
  return JSON.stringify([timeNano, Type, Action, Actor.ID, Actor.Attributes]);
}

/** Whether two events are indistinguishable. */
export const isSame = (one: EventMessage, other: EventMessage): boolean =>
  one.timeNano === other.timeNano && keyOf(one) === keyOf(other);

/** The latest events of a stream, which are used to recognize repeated events when the stream is resumed. */
export class RecentEvents {
  readonly #events: EventMessage[] = [];
  /** The sizes of the events as sent, in bytes. */
  readonly #sizes: number[] = [];
  /** Position of the oldest remembered event. */
  #oldest = 0;
  #bytes = 0;
  #hasForgotten = false;

  /** The last received event, whose time is not necessarily the latest. */
  get last(): EventMessage | undefined {
    return this.#events.at(-1);
  }

  /** Time of the oldest remembered event, in nanoseconds since 1970; undefined if no older events were dropped. */
  get horizon(): number | undefined {
    return this.#hasForgotten ? this.#events[this.#oldest]?.timeNano : undefined;
  }

  /**
   * Remembers an event.
   *
   * @param size - the number of bytes that the engine sent for it.
   */
  add(event: EventMessage, size: number): void {
    this.#events.push(event);
    this.#sizes.push(size);
    this.#bytes += size;
    // the last event is kept even if it exceeds the size limit
    while (this.#count > REMEMBERED || (this.#bytes > REMEMBERED_BYTES && this.#count > 1)) this.#forget();
  }

  get #count(): number {
    return this.#events.length - this.#oldest;
  }

  #forget(): void {
    this.#bytes -= this.#sizes[this.#oldest] ?? 0;
    this.#oldest += 1;
    this.#hasForgotten = true;
    // removed in batches, because each removal moves the other events
    if (this.#oldest < this.#count) return;
    this.#events.splice(0, this.#oldest);
    this.#sizes.splice(0, this.#oldest);
    this.#oldest = 0;
  }

  /**
   * Returns a function that recognizes each remembered event once, starting with events at the time `since`, in nanoseconds.
   */
  repetitions(since: number): (event: EventMessage) => boolean {
    const counts = new Map<string, number>();
    for (const event of this.#events.slice(this.#oldest)) {
      if (event.timeNano >= since) counts.set(keyOf(event), (counts.get(keyOf(event)) ?? 0) + 1);
    }
    return (event) => {
      if (counts.size === 0) return false;
      const key = keyOf(event);
      const count = counts.get(key);
      if (count === undefined) return false;
      if (count === 1) counts.delete(key);
      else counts.set(key, count - 1);
      return true;
    };
  }
}
