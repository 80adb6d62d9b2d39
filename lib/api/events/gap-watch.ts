import type { EventMessage } from "../../types/event.js";
import { clearTimeout, setTimeout } from "../../wire/clock.js";
import { isSame } from "./recent-events.js";

/** How long a resumed stream waits for the last event before it counts as lost, in milliseconds. */
const PATIENCE = 500;

/**
 * Waits on one connection for the last event of the connection before. While the engine still has that event, it has every
 * later one; if the event does not come, others are lost too.
 */
export class GapWatch {
  #expected: EventMessage | undefined;
  readonly #onGap: () => void;
  readonly #connection: AbortSignal;
  readonly #timer: NodeJS.Timeout | undefined;

  /**
   * @param expected - the last event seen; undefined when there was none, and nothing to wait for.
   * @param connection - its end ends the wait.
   * @param onGap - called once, when the event is lost.
   */
  constructor(expected: EventMessage | undefined, connection: AbortSignal, onGap: () => void) {
    this.#expected = expected;
    this.#connection = connection;
    this.#onGap = onGap;
    this.#timer = expected && setTimeout(() => this.giveUp(), PATIENCE);
  }

  /** Whether the last event is still expected. */
  get isWaiting(): boolean {
    return this.#expected !== undefined;
  }

  /** Looks at the next event of the connection. */
  see(event: EventMessage, isRepeated: boolean): void {
    if (this.#expected === undefined) return;
    if (isSame(event, this.#expected)) this.#expected = undefined;
    // engines send stored events in order: a later event means that the expected one is lost
    else if (!isRepeated && event.timeNano >= this.#expected.timeNano) this.giveUp();
  }

  /** Reports the gap if the event is still missing. */
  giveUp(): void {
    if (this.#expected === undefined || this.#connection.aborted) return;
    this.#expected = undefined;
    this.#onGap();
  }

  /** Stops the timer. */
  close(): void {
    clearTimeout(this.#timer);
  }
}
