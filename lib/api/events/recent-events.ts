import type { EventMessage } from "../../types/event.js";

/** Number of events to remember: more than the 256 that Docker's engine stores. */
const REMEMBERED = 1024;

/** Identifies an event. Its time is not enough: parsing rounds it to about 256 ns. */
function keyOf({ timeNano, Type, Action, Actor }: EventMessage): string {
  return JSON.stringify([timeNano, Type, Action, Actor.ID, Actor.Attributes]);
}

/** Whether two events are indistinguishable. */
export const isSame = (one: EventMessage, other: EventMessage): boolean =>
  one.timeNano === other.timeNano && keyOf(one) === keyOf(other);

/** The latest events of a stream, which are recognized when the stream is resumed. */
export class RecentEvents {
  readonly #events: (EventMessage | undefined)[] = new Array<EventMessage | undefined>(REMEMBERED);
  #count = 0;

  /** The last event received, which need not have the latest time. */
  get last(): EventMessage | undefined {
    return this.#count === 0 ? undefined : this.#events[(this.#count - 1) % REMEMBERED];
  }

  /** Time of the oldest event, in nanoseconds since 1970, once older ones have been dropped. */
  get horizon(): number | undefined {
    return this.#events[this.#count % REMEMBERED]?.timeNano;
  }

  /** Remembers an event. */
  add(event: EventMessage): void {
    this.#events[this.#count % REMEMBERED] = event;
    this.#count += 1;
  }

  /**
   * Returns a test that is true once for each remembered event since `since`, in nanoseconds.
   */
  repetitions(since: number): (event: EventMessage) => boolean {
    const counts = new Map<string, number>();
    for (const event of this.#events) {
      if (event && event.timeNano >= since) counts.set(keyOf(event), (counts.get(keyOf(event)) ?? 0) + 1);
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
