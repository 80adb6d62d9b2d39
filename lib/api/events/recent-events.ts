import type { EventMessage } from "../../types/event.js";

/** Number of events to remember, which is more than the 256 that Docker's engine stores, and of their bytes as sent. */
const REMEMBERED = 1024;
const REMEMBERED_BYTES = 16 * 1024 * 1024;

/** Identifies an event. Its time is not enough: parsing rounds it to about 256 ns. */
function keyOf({ timeNano, Type, Action, Actor }: EventMessage): string {
  return JSON.stringify([timeNano, Type, Action, Actor.ID, Actor.Attributes]);
}

/** Whether two events are indistinguishable. */
export const isSame = (one: EventMessage, other: EventMessage): boolean =>
  one.timeNano === other.timeNano && keyOf(one) === keyOf(other);

/** The latest events of a stream, which are recognized when the stream is resumed. */
export class RecentEvents {
  readonly #events: EventMessage[] = [];
  /** Their sizes as sent, in bytes. */
  readonly #sizes: number[] = [];
  /** Position of the oldest event. Those before it are forgotten. */
  #oldest = 0;
  #bytes = 0;
  #hasForgotten = false;

  /** The last event received, which need not have the latest time. */
  get last(): EventMessage | undefined {
    return this.#events.at(-1);
  }

  /** Time of the oldest event, in nanoseconds since 1970, once older ones have been dropped. */
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
    // the last event is kept whatever its size
    while (this.#count > REMEMBERED || (this.#bytes > REMEMBERED_BYTES && this.#count > 1)) this.#forget();
  }

  get #count(): number {
    return this.#events.length - this.#oldest;
  }

  #forget(): void {
    this.#bytes -= this.#sizes[this.#oldest] ?? 0;
    this.#oldest += 1;
    this.#hasForgotten = true;
    // rarely, because it moves the others
    if (this.#oldest < this.#count) return;
    this.#events.splice(0, this.#oldest);
    this.#sizes.splice(0, this.#oldest);
    this.#oldest = 0;
  }

  /**
   * Returns a test that is true once for each remembered event since `since`, in nanoseconds.
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
