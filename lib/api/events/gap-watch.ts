import type { EventMessage } from "../../types/event.js";
import { clearTimeout, setTimeout } from "../../wire/clock.js";
import { isSame } from "./recent-events.js";

/** How long a resumed stream waits for the last event before assuming that it is lost, in milliseconds. */
const PATIENCE = 500;

/**
 * Waits on a new connection for the last event of the previous connection. If the engine still stores that event, it also
 * stores all later ones. If the event does not arrive, later events may be lost as well.
 */
export class GapWatch {
  #expected: EventMessage | undefined;
  readonly #onGap: () => void;
  readonly #connection: AbortSignal;
  readonly #timer: NodeJS.Timeout | undefined;

  /**
   * @param expected - the last event of the previous connection; undefined if there was none, so that there is nothing to wait
   * for.
   * @param connection - aborted when the connection ends, which ends the wait.
   * @param onGap - called once if the event is lost.
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

  /** Checks the next event of the connection. */
  see(event: EventMessage, isRepeated: boolean): void {
    if (this.#expected === undefined) return;
    if (isSame(event, this.#expected)) this.#expected = undefined;
    // engines send stored events in order, so a later event means that the expected one is lost
    else if (!isRepeated && event.timeNano >= this.#expected.timeNano) this.giveUp();
  }

  /** Stops waiting, and reports a gap if the event is still missing. */
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
