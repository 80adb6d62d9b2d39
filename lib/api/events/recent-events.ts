import type { EventMessage } from "../../types/event.js";

/** How many events are remembered: some more than the 256 that Docker's engine keeps. */
const REMEMBERED = 1024;

/** What tells events apart. Times are rounded to about 256 ns when they are read, so that they alone do not. */
function keyOf({ timeNano, Type, Action, Actor }: EventMessage): string {
  return JSON.stringify([timeNano, Type, Action, Actor.ID, Actor.Attributes]);
}

/** Whether two events cannot be told apart. */
export const isSame = (one: EventMessage, other: EventMessage): boolean =>
  one.timeNano === other.timeNano && keyOf(one) === keyOf(other);

/** The latest events of a stream, to know them again when the stream is resumed. */
export class RecentEvents {
  readonly #events: (EventMessage | undefined)[] = new Array<EventMessage | undefined>(REMEMBERED);
  #count = 0;

  /** The event that came last, which need not have the latest time. */
  get last(): EventMessage | undefined {
    return this.#count === 0 ? undefined : this.#events[(this.#count - 1) % REMEMBERED];
  }

  /** Time of the oldest event, in nanoseconds since 1970, when there were more than are remembered. */
  get horizon(): number | undefined {
    return this.#events[this.#count % REMEMBERED]?.timeNano;
  }

  /** Remembers an event. */
  add(event: EventMessage): void {
    this.#events[this.#count % REMEMBERED] = event;
    this.#count += 1;
  }

  /**
   * Makes a test that is true once for each remembered event of `since` or later, in nanoseconds.
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
